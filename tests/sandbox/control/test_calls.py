"""Everything that the Python API of the sandbox does, over HTTP."""

from __future__ import annotations

from datetime import timedelta

from attrs import asdict

from nylas_bookings._version import VERSION
from nylas_bookings.sandbox import Sandbox

from ..calls import MONDAY, Raw
from .asking import Controls, Wire


async def test_the_state_says_how_to_connect(controls: Controls, sandbox: Sandbox) -> None:
    """Whoever has the URL finds the credentials, the ready configurations and the settings."""
    state = (await controls("GET", "state")).told
    assert state["api_key"] == sandbox.api_key
    assert state["client_id"] == sandbox.client_id
    assert (state["grant_id"], state["organizer_email"]) == (
        sandbox.grant_id,
        sandbox.organizer_email,
    )
    assert state["configurations"] == {
        "public": sandbox.public,
        "private": sandbox.private,
        "confirming": sandbox.confirming,
    }
    assert state["clock"] == {
        "now": MONDAY.timestamp(),
        "at": "2026-11-23T00:00:00+00:00",
        "frozen": True,
    }
    assert state["behaviour"] == asdict(sandbox.behaviour)
    assert (state["version"], "bookings.create" in state["operations"]) == (VERSION, True)


async def test_what_happened_is_told_as_in_python(
    controls: Controls, sandbox: Sandbox, raw: Raw
) -> None:
    """The lists are those of the Python API, and can be cut to the last of them."""
    for number in range(3):
        await raw.book(number)
    assert (await controls("GET", "bookings")).told == sandbox.bookings()
    assert (await controls("GET", "events")).told == sandbox.events()
    assert (await controls("GET", "outbox")).told == sandbox.outbox()
    assert (await controls("GET", "deliveries")).told == sandbox.deliveries()
    assert (await controls("GET", "configurations")).told == sandbox.configurations()
    assert (await controls("GET", "grants")).told == sandbox.hosts()
    seen = [asdict(request) for request in sandbox.requests()]
    assert (await controls("GET", "requests")).told == seen
    assert (await controls("GET", "requests?limit=2")).told == seen[-2:]
    assert (await controls("GET", "bookings?limit=0")).told == []
    counts = (await controls("GET", "state")).told["counts"]
    assert (counts["bookings"], counts["events"], counts["requests"]) == (3, 3, 3)


async def test_bookings_have_their_history(sandbox: Sandbox, raw: Raw, controls: Controls) -> None:
    """A booking tells when it was made, and what became of it, in that order."""
    booking_id = (await raw.book()).told["data"]["booking_id"]
    sandbox.clock.advance(minutes=5)
    path = f"/v3/scheduling/bookings/{booking_id}"
    body = {"cancellation_reason": "Plans changed"}
    await raw("DELETE", path, body, configuration_id=sandbox.public)
    (booking,) = (await controls("GET", "bookings")).told
    assert [entry["what"] for entry in booking["history"]] == ["created", "cancelled"]
    first, second = booking["history"]
    assert second["at"] - first["at"] == 300
    assert second["cancellation_reason"] == "Plans changed"


async def test_events_can_be_chosen(controls: Controls, sandbox: Sandbox, raw: Raw) -> None:
    """Events are found by id, by calendar, and by the time that they touch."""
    one = (await raw.book(0)).told["data"]["event_id"]
    other = (await raw.book(2)).told["data"]["event_id"]
    begins = next(e["when"]["start_time"] for e in sandbox.events() if e["id"] == other)

    async def ids(query: str) -> list[str]:
        return [event["id"] for event in (await controls("GET", f"events?{query}")).told]

    assert await ids(f"id={one}") == [one]
    assert await ids("calendar_id=primary") == [one, other]
    assert await ids("grant_id=nobody") == []
    assert await ids(f"start={begins}") == [other]
    assert await ids(f"end={begins}") == [one]


async def test_faults_are_scripted(controls: Controls, sandbox: Sandbox, raw: Raw) -> None:
    """A fault is added, seen waiting, happens as often as was said, and can be cleared."""
    fault = {"operation": "create", "kind": "status", "code": 503, "retry_after": 2, "times": 2}
    assert (await controls("POST", "faults", fault)).told == sandbox.faults.waiting()
    answer = await raw.book()
    assert (answer.status, answer.headers["Retry-After"]) == (503, "2")
    (waiting,) = (await controls("GET", "faults")).told
    assert (waiting["operation"], waiting["times"]) == ("bookings.create", 1)
    always = {"operation": "*", "kind": "latency", "seconds": 9, "times": None, "probability": 0.5}
    assert len((await controls("POST", "faults", always)).told) == 2
    assert sandbox.faults.waiting()[1]["probability"] == 0.5
    assert (await controls("DELETE", "faults")).told == sandbox.faults.waiting() == []


async def test_the_clock_is_moved(controls: Controls, sandbox: Sandbox) -> None:
    """Frozen at a moment, advanced, resumed, frozen as it is: as the clock of the sandbox."""
    at = "2026-12-24T18:00:00+01:00"
    assert (await controls("POST", "clock/freeze", {"at": at})).told["frozen"] is True
    assert sandbox.clock.moment().isoformat() == "2026-12-24T17:00:00+00:00"
    epoch = {"at": MONDAY.timestamp()}
    assert (await controls("PUT", "clock/freeze", epoch)).told["at"] == MONDAY.isoformat()
    await controls("POST", "clock/advance", {"days": 1, "minutes": 2.5})
    assert sandbox.clock.moment() == MONDAY + timedelta(days=1, minutes=2.5)
    assert (await controls("POST", "clock/resume")).told["frozen"] is False
    assert (await controls("POST", "clock/freeze")).told["frozen"] is sandbox.clock.is_frozen
    assert (await controls("GET", "clock")).told["now"] == sandbox.clock.exact()


async def test_switches_are_set(controls: Controls, sandbox: Sandbox) -> None:
    """The switches that are given are set, and the others stay."""
    changes = {"strict": True, "confirm_notifies": None, "rate_limit": 2.5}
    told = (await controls("PATCH", "behaviour", changes)).told
    assert told == asdict(sandbox.behaviour) == (await controls("GET", "behaviour")).told
    assert (sandbox.behaviour.strict, sandbox.behaviour.confirm_notifies) == (True, None)
    assert (sandbox.behaviour.rate_limit, sandbox.behaviour.key_on_bookings) == (2.5, True)


async def test_a_reset_begins_anew(controls: Controls, sandbox: Sandbox, raw: Raw) -> None:
    """After a reset there is what there was at first."""
    first = (await controls("GET", "state")).told
    await raw.book()
    await controls("PATCH", "behaviour", {"strict": True})
    told = (await controls("POST", "reset")).told
    assert {**told, "number": first["number"]} == first
    assert sandbox.bookings() == []


def test_it_works_over_a_socket(wire: Wire) -> None:
    """The same over the network, without leave for the pages of other sites."""
    booked = wire.book()
    answer = wire("GET", "/_sandbox/bookings", headers={})
    assert [booking["id"] for booking in answer.told] == [booked["booking_id"]]
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert wire("POST", "/_sandbox/clock/advance", {"hours": 1}).told["frozen"] is True
    assert wire("HEAD", "/_sandbox/state").body == b""
