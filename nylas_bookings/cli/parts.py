"""The commands that have commands of their own; they load when one of them is called."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cyclopts import App, Group

from . import configurations, listening, sessions, subscriptions
from . import group_events as events
from .tree import add


def _part(name: str, commands: Mapping[str, Callable[..., int]]) -> App:
    part = App(name=name, group_commands=Group("Commands"))
    add(part, commands)
    return part


session: App = _part("session", {"create": sessions.create, "destroy": sessions.destroy})
config: App = _part(
    "config",
    {
        "list": configurations.list_all,
        "get": configurations.get,
        "create": configurations.create,
        "update": configurations.update,
        "delete": configurations.delete,
    },
)
group_events: App = _part(
    "group-events",
    {
        "list": events.list_page,
        "create": events.create,
        "update": events.update,
        "delete": events.delete,
        "import-events": events.import_events,
        "validate-timeslot": events.validate_timeslot,
    },
)
webhook: App = _part(
    "webhook",
    {
        "listen": listening.listen,
        "list": subscriptions.list_all,
        "get": subscriptions.get,
        "create": subscriptions.create,
        "update": subscriptions.update,
        "delete": subscriptions.delete,
        "rotate-secret": subscriptions.rotate_secret,
    },
)
