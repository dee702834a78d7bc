"""The official Node SDK goes through the whole lifecycle."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
from attrs import frozen

from nylas_bookings import ApiKey, Client, references
from nylas_bookings.models import Configuration, EventBooking
from nylas_bookings.sandbox import Sandbox

from ..sandbox.calls import MONDAY, slot
from .node_sdk import FOLDER, node
from .receiver import answering_challenges

MORE = 50


@frozen
class Played:
    """What the script said, by step, and the sandbox that it left behind."""

    sandbox: Sandbox
    said: dict[str, Any]

    def __getitem__(self, step: str) -> Any:
        return self.said[step]


def _facts(sandbox: Sandbox, hook: str) -> dict[str, Any]:
    """What `nylas-bookings sandbox --json` prints, and what to book."""
    times = [slot(number) for number in range(8)]
    return {
        **sandbox.facts(),
        "slots": [{"startTime": t["start_time"], "endTime": t["end_time"]} for t in times],
        "hook": f"{hook}/hook",
    }


def _make_more_configurations(sandbox: Sandbox) -> None:
    """So many that they do not fit on one page of the list."""
    with Client(ApiKey(sandbox.api_key), api_url=sandbox.url) as client:
        first = client.configurations.get(sandbox.grant_id, sandbox.public)
        again = {"participants": first.participants, "availability": first.availability}
        for _ in range(MORE):
            client.configurations.create(
                sandbox.grant_id,
                Configuration(**again, event_booking=EventBooking(title="More of it")),
            )


@pytest.fixture(scope="module")
def played() -> Iterator[Played]:
    """The script, run once to its end."""
    interpreter = node()
    with Sandbox(seed=1, now=MONDAY) as sandbox, answering_challenges() as receiver:
        _make_more_configurations(sandbox)
        facts = json.dumps(_facts(sandbox, receiver.url))
        command = [interpreter, str(FOLDER / "lifecycle.mjs"), facts]
        done = subprocess.run(command, capture_output=True, text=True, timeout=40, check=False)
        assert done.returncode == 0, done.stderr
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        yield Played(sandbox, {line["step"]: line["value"] for line in lines})


def test_it_sees_what_is_free(played: Played) -> None:
    """The slots of the asked hours, in camel case."""
    assert played["availability"][0] == {
        "emails": [played.sandbox.organizer_email],
        "startTime": slot()["start_time"],
        "endTime": slot()["end_time"],
    }
    assert len(played["availability"]) == 4


def test_it_books(played: Played) -> None:
    """The booking has its reference, and the request id is in the header and in the body."""
    booked = played["created"]
    assert booked["data"]["status"] == "booked"
    assert booked["headers"]["xRequestId"] == booked["requestId"]
    reference = references.decode(booked["data"]["bookingRef"])
    assert reference.booking_id == booked["data"]["bookingId"]
    assert reference.configuration_id == played.sandbox.public
    assert played["found"] == booked["data"]


def test_it_reschedules_and_cancels(played: Played) -> None:
    """The booking was moved, and then cancelled; the sandbox has both in its state."""
    booking_id = played["created"]["data"]["bookingId"]
    assert played["rescheduled"]["bookingId"] == booking_id
    assert played["destroyed"]["requestId"]
    (kept,) = [one for one in played.sandbox.bookings() if one["id"] == booking_id]
    assert (kept["status"], kept["start"]) == ("cancelled", slot(2)["start_time"])
    assert kept["document"]["guest"]["name"] == "Zoë Ünal"
    assert kept["document"]["timezone"] == "Europe/Paris"


@pytest.mark.parametrize(
    ("step", "title"), [("by slug", "Introduction"), ("with a session", "Private call")]
)
def test_it_books_by_slug_and_with_a_session(played: Played, step: str, title: str) -> None:
    """Slug and client id, and a session in place of the key, do as well."""
    booked = played[f"created {step}"]
    assert (booked["status"], booked["title"]) == ("booked", title)
    assert booked["eventId"] in {event["id"] for event in played.sandbox.events()}
    assert played["session destroyed"]["requestId"]


def test_it_decides(played: Played) -> None:
    """With the salt of the reference, one booking is confirmed and another declined."""
    for status, becomes in (("confirmed", "booked"), ("cancelled", "cancelled")):
        waiting = played[f"waiting to be {status}"]
        assert (waiting["status"], waiting["title"]) == ("pending", "[PENDING] By appointment")
        assert (played[status]["status"], played[status]["title"]) == (becomes, "By appointment")


def test_it_finds_the_booking_in_the_calendar(played: Played) -> None:
    """By time and configuration, the event of the booking by slug."""
    assert played["calendars"][0]["isPrimary"] is True
    (event,) = played["events"]
    assert event["when"]["startTime"] == slot(4)["start_time"]
    assert event["metadata"]["key5"] == played.sandbox.public


def test_it_keeps_configurations(played: Played) -> None:
    """Create, update, find, list in pages, destroy."""
    assert played["configuration created"]["slug"] == "by-node"
    fields = played["configuration found"]["scheduler"]["additionalFields"]
    assert fields["shoeSize"]["required"] is True
    first, second = played["configurations listed"]
    assert (len(first), first[0]) == (50, "Introduction")
    assert second == ["More of it"] * (3 + MORE - 50) + ["By Node again"]
    assert played["configuration destroyed"]["requestId"]


def test_it_subscribes_to_webhooks(played: Played) -> None:
    """Create, update, find, list, rotate the secret, destroy."""
    made, changed = played["webhook created"], played["webhook updated"]
    assert (made["status"], made["triggerTypes"]) == ("active", ["booking.created"])
    assert changed["description"] == "For the office"
    assert played["webhook found"] == changed
    assert played["webhooks listed"] == [changed]
    assert played["secret rotated"]["webhookSecret"] != made["webhookSecret"]
    assert played["webhook destroyed"]["requestId"]
