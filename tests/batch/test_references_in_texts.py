"""Booking references in the description of an event."""

from __future__ import annotations

import uuid
from urllib.parse import quote

import pytest

from nylas_bookings import references

CONFIGURATION, BOOKING = str(uuid.UUID(int=1)), str(uuid.UUID(int=2**127 + 5))
SALT = "-zgLLAuk_qtcsw"
SAFE = references.encode(configuration_id=CONFIGURATION, booking_id=BOOKING, salt=SALT)
STANDARD = SAFE.replace("-", "+").replace("_", "/")


@pytest.mark.parametrize(
    "text",
    [
        SAFE,
        f'<a href="https://example.com/cancel?ref={SAFE}&amp;x=1">Cancel</a>',
        f'<a href="https://example.com/cancel?ref={quote(STANDARD, safe="")}">Cancel</a>',
        f"https://book.nylas.com/us/cancel/{SAFE} and https://book.nylas.com/us/reschedule/{SAFE}",
        f"https://book.nylas.com/us/cancel/{STANDARD}",
        references.encode(configuration_id=CONFIGURATION, booking_id=BOOKING) + "=",
    ],
)
def test_it_is_found(text: str) -> None:
    """In whatever link a reference is, it is found, and each booking once."""
    found = references.found_in(text)
    mine = [one.booking_id for one in found if one.configuration_id == CONFIGURATION]
    assert mine == [BOOKING]


@pytest.mark.parametrize(
    "text", ["", "no links", "x" * 20, "é" * 60, "https://example.com/" + "a" * 30]
)
def test_there_is_none(text: str) -> None:
    """A text without a reference has none."""
    assert references.found_in(text) == []
