"""Addresses: written in capitals or not, they are the same."""

from __future__ import annotations

import pytest

from nylas_bookings.sandbox import Sandbox

from .calls import BOOKINGS, Raw, slot, wanted
from .meetings import ADA, BOB, booked, calendars, configured, host, moved, offered, take

WRITTEN = "Bob@Example.com"


@pytest.mark.parametrize("method", ["collective", "max-fairness"])
async def test_a_host_in_capitals(raw: Raw, sandbox: Sandbox, method: str) -> None:
    """A host is found by the grant however it is written, and told of as it was written."""
    sandbox.add_host(BOB)
    made = await configured(raw, host(WRITTEN), host(ADA), method=method)
    take(sandbox, BOB, 1)
    busy = {one["start_time"]: one["emails"] for one in (await offered(raw, made))["time_slots"]}
    assert WRITTEN in busy[slot(0)["start_time"]]
    assert WRITTEN not in busy.get(slot(1)["start_time"], [])
    booking_id = await booked(raw, made, by="bOB@example.com")
    answer = await moved(raw, made, booking_id, 2, participants=[{"email": "BOB@example.com"}])
    assert answer.told["data"]["organizer"]["email"] == WRITTEN
    assert calendars(sandbox) == [(BOB, "primary", slot(2)["start_time"])]
    grant = f"/v3/grants/{WRITTEN}/events"
    query = {"calendar_id": WRITTEN, "key": sandbox.api_key}
    assert len((await raw("GET", grant, **query)).told["data"]) == 2


async def test_a_calendar_in_capitals(raw: Raw, sandbox: Sandbox) -> None:
    """The primary calendar is called by its owner's address however either is written."""
    sandbox.add_host(WRITTEN)
    made = await configured(raw, host(BOB, "BOB@example.com", into="BOB@example.com"))
    await booked(raw, made)
    assert calendars(sandbox) == [(WRITTEN, "primary", slot()["start_time"])]
    again = await raw("POST", BOOKINGS, wanted(), configuration_id=made)
    assert again.status == 400


def test_one_host_for_an_address(sandbox: Sandbox) -> None:
    """Nobody has two grants by being written in two ways."""
    with pytest.raises(ValueError, match="already"):
        sandbox.add_host(ADA.upper())


def test_grants_are_found_by_an_index(sandbox: Sandbox) -> None:
    """However many grants there are, one is found without a look at all of them."""
    plan = "EXPLAIN QUERY PLAN SELECT * FROM grants WHERE email = ?"
    (row,) = sandbox._world.store.rows(plan, WRITTEN)
    assert "USING INDEX" in row["detail"]
