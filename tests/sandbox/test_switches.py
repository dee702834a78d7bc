"""Every position of every switch: it can be seen, the client copes with it, and it is told of."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nylas_bookings import AsyncClient, MintedSession, errors
from nylas_bookings.sandbox import Behaviour, Sandbox
from nylas_bookings.sandbox.behaviour import switches

from .calls import JANE, ONCE, slot
from .lived import Life, lived

DOCS = Path(__file__).resolve().parents[2] / "docs" / "sandbox.md"


def _is(name: str, error: type[Exception]) -> Callable[[Life], bool]:
    return lambda life: isinstance(life.ended[name], error)


def _trigger(life: Life, booking: str) -> str | None:
    """The trigger of what was told after a booking was pending."""
    told = [one.type for one in life.said[booking]]
    assert told[0] == "booking.pending"
    return told[1] if told[1:] else None


def _on_the_wire(life: Life, path: str) -> tuple[int, Any]:
    return next((status, told) for asked, status, told in life.answers if asked.endswith(path))


def _said(life: Life, trigger: str) -> Any:
    return next(one for many in life.said.values() for one in many if one.type == trigger)


def _is_strict(life: Life) -> bool:
    """Whether all is as the contract says; nothing may be so by halves."""
    telling = {
        life.ended["book"].booking_ref is not None,
        life.ended["reschedule"].booking is not None,
        life.ended["decline"].booking is not None,
        isinstance(_on_the_wire(life, "group-events")[1]["data"], dict),
    }
    (tells,) = telling
    return not tells


def _is_prefixed(life: Life) -> bool:
    """Whether all types are; a number never is."""
    types = [told["error"]["type"] for _, status, told in life.answers if status > 399]
    (is_prefixed,) = {one.startswith("api.") for one in types if not one.isdigit()}
    return bool(is_prefixed)


def _provider_error(life: Life) -> str | None:
    error = life.ended["504"].provider_error
    if isinstance(error, dict):
        is_nested = error.get("error", {}).get("message") is not None
        assert is_nested or error["message"]
        return "nested" if is_nested else "code and message"
    return None if error is None else "text"


POSITIONS: dict[str, Callable[[Life], Any]] = {
    "strict": _is_strict,
    "booking_extras": lambda life: life.ended["book"].booking_ref is not None,
    "reschedule_data": lambda life: life.ended["reschedule"].booking is not None,
    "decline_data": lambda life: life.ended["decline"].booking is not None,
    "lists_of_one": lambda life: isinstance(_on_the_wire(life, "group-events")[1]["data"], list),
    "success_codes": lambda life: {
        (200, 200): "200",
        (201, 204): "201 and 204",
    }[_on_the_wire(life, "/bookings")[0], life.answers[_cancelled(life)][1]],
    "reschedule_changes_id": lambda life: (
        life.ended["reschedule"].booking_id != life.ended["book"].booking_id
    ),
    "confirm_changes_event_id": lambda life: (
        life.ended["confirm"].event_id != life.ended["wait"].event_id
    ),
    "booked_status": lambda life: life.ended["book"].status,
    "cancelled_bookings": lambda life: (
        "not found" if _is("read cancelled", errors.NotFound)(life) else "cancelled"
    ),
    "sessions_for_public": lambda life: not _is("session", errors.BadRequest)(life),
    "time_to_live": lambda life: (
        "seconds" if _is("book later", errors.Unauthorized)(life) else "minutes"
    ),
    "key_on_bookings": lambda life: not _is("book with key", errors.Unauthorized)(life),
    "lost_slot": lambda life: life.ended["book again"].type,
    "rate_limit_type": lambda life: life.ended["429"].type,
    "provider_error": _provider_error,
    "error_prefix": _is_prefixed,
    "notice_on_create": _is("book in a hurry", errors.SlotUnavailable),
    "confirm_notifies": lambda life: _trigger(life, "2"),
    "decline_notifies": lambda life: _trigger(life, "3"),
    "pending_prefix": lambda life: _said(life, "booking.pending").booking_info.title.startswith(
        "[PENDING] "
    ),
    "cancelled_extras": lambda life: (
        _said(life, "booking.cancelled").booking_info.ical_uid is not None
    ),
    "reminder_reference": lambda life: _said(life, "booking.reminder").booking_ref is not None,
    "challenge": _is("subscribe", errors.BadRequest),
}
"""How the client, or who listens to the wire, sees which position a switch is in."""

ELSEWHERE = {
    "bodyless_delete": "the client never sends one: test_faults",
    "rate_limit": "a number: test_faults",
    "expand_recurring": "the client always says what it wants: test_calendar_series",
    "webhook_retries": "needs a receiver: post/test_delivery",
}


def _cancelled(life: Life) -> int:
    """Where the answer to the cancellation is."""
    asked = [one[0].split(" ")[0] for one in life.answers]
    return asked.index("DELETE")


@pytest.mark.parametrize(
    ("name", "position"),
    [(name, position) for name in POSITIONS for position in switches()[name] or ()],
)
async def test_the_client_copes(sandbox: Sandbox, name: str, position: Any) -> None:
    """In each position of a switch the client goes through a whole life, and sees the position."""
    life = await lived(sandbox, **{name: position})
    assert POSITIONS[name](life) == position
    assert isinstance(life.ended["book again"], errors.SlotUnavailable)
    assert isinstance(life.ended["429"], errors.RateLimited)
    assert isinstance(life.ended["504"], errors.ProviderFailure)
    assert life.ended["meet"].title == "Yoga"
    assert life.ended["cancel"].booking_id == life.ended["reschedule"].booking_id
    states = [row["status"] for row in sandbox.bookings()]
    assert states[:3] == ["cancelled", "booked", "cancelled"]


@pytest.mark.parametrize("unit", ["minutes", "seconds"])
async def test_sessions_are_renewed_in_time(sandbox: Sandbox, unit: Any) -> None:
    """Whether it opens sessions of minutes or of seconds, a server goes on booking."""
    sandbox.behaviour = Behaviour(time_to_live=unit)
    auth = MintedSession(sandbox.api_key, sandbox.private, time_to_live=30)
    async with AsyncClient(auth, send=sandbox.send, retry=ONCE) as nylas:
        for number in range(3):
            await nylas.bookings.create(**slot(number), guest=JANE)
            sandbox.clock.advance(seconds=40)
    opened = [one for one in sandbox.requests() if one.operation == "sessions.create"]
    assert len(opened) == (1 if unit == "minutes" else 3)


def test_no_switch_is_left_out() -> None:
    """Each switch is tested in each of its positions, here or where it says."""
    assert POSITIONS.keys() | ELSEWHERE.keys() == switches().keys()


def test_the_switches_are_documented() -> None:
    """The table in the documentation has each switch with its positions, and no other."""
    rows = re.findall(r"^\| `(\w+)` \|(.*)\|$", DOCS.read_text(encoding="utf-8"), re.MULTILINE)
    assert [name for name, _ in rows] == [*switches()]
    for name, told in rows:
        positions = switches()[name] or ()
        if "another trigger" in told:
            positions = (None,)
        for position in positions:
            assert f"`{position!r}`".replace("'", '"') in told, (name, position)
