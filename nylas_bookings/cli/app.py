"""The command line: what there is, under which name, in which group."""

from __future__ import annotations

from typing import Final

from cyclopts import App, Group

from .._version import VERSION
from . import bookings, decisions, sandbox, slots
from .completion import command as completion
from .demo import command as demo
from .importing import command as importing
from .tree import add, place

_BOOKINGS: Final = Group.create_ordered("Bookings")
_APPLICATION: Final = Group.create_ordered("The application's side (these need NYLAS_API_KEY)")
_TRY: Final = Group.create_ordered("Without an account")
_MORE: Final = Group.create_ordered("More")

_HELP: Final = (
    "Book meetings through the Nylas Scheduler API.\n\n"
    "Who is asking is in the environment: NYLAS_CONFIGURATION_ID for a public configuration (or "
    "NYLAS_SLUG and NYLAS_CLIENT_ID), NYLAS_SESSION_ID for a visitor's session, NYLAS_API_KEY for "
    "the application. NYLAS_API_URI names another server, such as the EU's or a sandbox."
)

_PARTS: Final = {
    "session": "Let visitors use a private configuration.",
    "config": "Say what can be booked, and how.",
    "group-events": "Meetings that several guests can join.",
    "webhook": "Be told what happens: a receiver on this machine, and subscriptions.",
}

app: Final = App(
    name="nylas-bookings",
    help=_HELP,
    # Markdown would load as much again as all the rest.
    help_format="plaintext",
    version=VERSION,
    suppress_keyboard_interrupt=False,
    group_commands=_MORE,
)

add(
    app,
    {
        "slots": slots.slots,
        "create": bookings.create,
        "get": bookings.get,
        "reschedule": bookings.reschedule,
        "cancel": bookings.cancel,
        "confirm": decisions.confirm,
        "decline": decisions.decline,
        "ref": decisions.ref,
        "import": importing.run,
    },
    _BOOKINGS,
)
for _name, _about in _PARTS.items():
    _home = f"{__package__}.parts:{_name.replace('-', '_')}"
    app.command(_home, name=_name, help=_about, group=_APPLICATION, sort_key=place(app))
add(app, {"demo": demo.demo, "sandbox": sandbox.run}, _TRY)
add(app, {"completion": completion.completion}, _MORE)
