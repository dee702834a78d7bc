"""Whatever the API can be asked, the command line can ask it, and tells the answer as JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest

from nylas_bookings.cli.listing import commands
from nylas_bookings.operations import OPERATIONS
from nylas_bookings.sandbox import Behaviour, Sandbox

from .commands import CommandLine

NINE = 1799053200
JANE = ("--name", "Jane Doe", "--email", "jane@example.com")
CLASS = {
    "calendar_id": "primary",
    "title": "Yoga",
    "capacity": 2,
    "when": {"start_time": NINE, "end_time": NINE + 1800},
}
GROUP = {"type": "group", "name": "Class", "group_booking": {"calendar_id": "primary"}}


class Asker:
    """Runs commands with `--json`, each of which has to succeed."""

    def __init__(self, nylas: CommandLine) -> None:
        self._nylas = nylas

    def __call__(self, *tokens: str, body: Any = None, stdin: str = "") -> Any:
        """The JSON document that a command prints."""
        typed = stdin if body is None else json.dumps(body)
        done = self._nylas(*tokens, "--json", stdin=typed)
        assert (done.code, done.err) == (0, ""), done.err
        return done.json


@pytest.fixture
def ask(nylas: CommandLine, sandbox: Sandbox) -> Asker:
    """A command line that asks."""
    sandbox.behaviour = Behaviour(challenge=False)
    return Asker(nylas)


def bookings(ask: Asker, nylas: CommandLine, sandbox: Sandbox) -> None:
    """Everything that can be asked about bookings."""
    offer = ask("slots", "--from", "2027-01-04")
    assert offer["time_slots"][0]["start_time"] == NINE
    made = ask("create", "--start", str(NINE), *JANE)
    assert ask("get", made["booking_id"])["title"] == "Introduction"
    moved = ask("reschedule", made["booking_id"], "--start", str(NINE + 3600))
    assert ask("cancel", moved["booking_id"])["booking_id"] == moved["booking_id"]
    nylas.env(configuration_id=sandbox.confirming)
    for command, start in (("confirm", NINE), ("decline", NINE + 7200)):
        reference = ask("create", "--start", str(start), *JANE)["booking_ref"]
        assert ask(command, stdin=reference)["booking_id"]
    nylas.env(configuration_id=sandbox.public)


def sessions(ask: Asker, sandbox: Sandbox) -> None:
    """Everything that can be asked about sessions."""
    opened = ask("session", "create", "--configuration-id", sandbox.private)
    assert ask("session", "destroy", stdin=opened["session_id"])["request_id"]


def configurations(ask: Asker) -> str:
    """Everything that can be asked about configurations; says the id of one for groups."""
    known = ask("config", "list")
    assert {one["name"] for one in known} == {"Introduction", "Private call", "By appointment"}
    whole = ask("config", "get", known[0]["id"])
    made = ask("config", "create", "-", body={**whole, "slug": "another"})
    assert made["event_booking"] == whole["event_booking"]
    changed = ask("config", "update", made["id"], "-", body={"name": "Talk", "slug": None})
    assert (changed["name"], changed.get("slug")) == ("Talk", None)
    assert ask("config", "update", made["id"], "-", body=whole | {"slug": "more"})
    assert ask("config", "delete", made["id"])["request_id"]
    return str(ask("config", "create", "-", body=GROUP)["id"])


def group_events(ask: Asker, sandbox: Sandbox) -> None:
    """Everything that can be asked about group events."""
    event = ask("group-events", "create", "-", body=CLASS)
    ask("group-events", "update", event["id"], "-", body={"title": "Pilates"})
    day = ("--start", "2027-01-04", "--end", "2027-01-05", "--zone", "UTC")
    page = ask("group-events", "list", "--calendar-id", "primary", *day)
    assert [one["title"] for one in page["items"]] == ["Pilates"]
    slot = {"calendar_id": "primary", "event_id": event["id"], **CLASS["when"]}
    assert ask("group-events", "validate-timeslot", "-", body=slot)
    joined = ask("create", "--start", str(NINE), *JANE)
    assert joined["event_id"] == event["id"]
    ask("cancel", joined["booking_id"])
    ask("group-events", "delete", event["id"], "--calendar-id", "primary")
    other = sandbox.add_event(sandbox.organizer_email, NINE, NINE + 1800, title="Chess")
    wanted = [{"calendar_id": "primary", "event_id": other, "capacity": 3}]
    report = ask("group-events", "import-events", "-", body=wanted)
    assert report["imported_events"] == [{"event_id": other}]


def webhooks(ask: Asker) -> None:
    """Everything that can be asked about subscriptions."""
    made = ask("webhook", "create", "https://example.com/hook", "--trigger", "booking.created")
    assert made["trigger_types"] == ["booking.created"]
    paused = ask("webhook", "update", made["id"], "--status", "pause", "--notify", "me@example.com")
    assert (paused["status"], paused["webhook_url"]) == ("pause", "https://example.com/hook")
    secret = ask("webhook", "rotate-secret", made["id"])["webhook_secret"]
    assert secret not in (None, made["webhook_secret"])
    assert ask("webhook", "get", made["id"])["id"] == made["id"]
    assert [one["id"] for one in ask("webhook", "list")["items"]] == [made["id"]]
    assert ask("webhook", "delete", made["id"])


def test_every_operation(ask: Asker, nylas: CommandLine, sandbox: Sandbox) -> None:
    """Each row of the table of operations has a command, whose JSON says what the API said."""
    bookings(ask, nylas, sandbox)
    sessions(ask, sandbox)
    nylas.env(configuration_id=configurations(ask))
    group_events(ask, sandbox)
    webhooks(ask)
    asked = {seen.operation for seen in sandbox.requests()}
    assert asked >= {operation.name for operation in OPERATIONS}


def test_tables(nylas: CommandLine, sandbox: Sandbox) -> None:
    """Lists are tables for people, with a line for each."""
    table = nylas("config", "list").out.splitlines()
    assert table[0].split() == ["id", "name", "slug", "minutes", "hosts", "needs"]
    assert [line.split()[0] for line in table[1:]] == [
        sandbox.public,
        sandbox.private,
        sandbox.confirming,
    ]
    assert "the organizer's yes" in table[3]
    assert "introduction" in nylas("config", "get", sandbox.public).out
    assert nylas("webhook", "list").out == "There are none.\n"


def test_every_command_says_what_it_does() -> None:
    """Each command and each of its options has a sentence, and those that answer take `--json`."""
    known = {command.name: command for command in commands()}
    assert {"slots", "config list", "webhook listen", "import", "demo"} <= known.keys()
    for command in known.values():
        assert command.about.splitlines()[0].endswith("."), command.name
        for option in command.options:
            assert option.about, (command.name, option.names)
            assert not any(name.startswith(("--no-", "--empty-")) for name in option.names)
        names = {name for option in command.options for name in option.names}
        assert "--json" in names or command.name == "completion"
