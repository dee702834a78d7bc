"""Booking references: read in whatever state they arrive, and made so that they arrive."""

from __future__ import annotations

import base64
import uuid
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nylas_bookings import errors, references
from nylas_bookings.references import BookingReference

from .examples import examples

CONFIGURATION = "11111111-2222-3333-4444-555555555555"
BOOKING = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
SALT = "-zgLLAuk_qtcsw"
STANDARD = "ERERESIiMzNERFVVVVVVVaqqqqq7u8zM3d3u7u7u7u77OAssC6T+q1yz"
URL_SAFE = "ERERESIiMzNERFVVVVVVVaqqqqq7u8zM3d3u7u7u7u77OAssC6T-q1yz"
WITHOUT_SALT = "ERERESIiMzNERFVVVVVVVaqqqqq7u8zM3d3u7u7u7u4"

PROPERTY = examples(50)
IDS = st.uuids().map(str)
SALTS = st.binary(max_size=40).map(lambda raw: base64.urlsafe_b64encode(raw).decode().rstrip("="))


@pytest.mark.parametrize(
    "reference",
    [
        STANDARD,
        URL_SAFE,
        STANDARD + "====",
        quote(STANDARD, safe=""),
        quote(quote(STANDARD, safe=""), safe=""),
        STANDARD.replace("+", " "),
        quote(STANDARD.replace("+", " ")),
        f" {STANDARD}\n",
        f"\t{URL_SAFE}\r\n",
        f"{STANDARD[:30]}\r\n{STANDARD[30:]}",
    ],
)
def test_a_reference_with_a_salt(reference: str) -> None:
    """Either alphabet is read, padded, encoded once or twice, with spaces for `+`, or wrapped."""
    assert references.decode(reference) == BookingReference(
        configuration_id=CONFIGURATION, booking_id=BOOKING, salt=SALT
    )


@pytest.mark.parametrize("reference", [WITHOUT_SALT, WITHOUT_SALT + "=", WITHOUT_SALT + "%3D"])
def test_a_reference_without_a_salt(reference: str) -> None:
    """Without a salt there is still enough to reschedule or cancel."""
    assert references.decode(reference) == BookingReference(
        configuration_id=CONFIGURATION, booking_id=BOOKING
    )


@pytest.mark.parametrize("salt", [SALT, SALT.replace("-", "+").replace("_", "/") + "=="])
def test_a_reference_that_is_made(salt: str) -> None:
    """A reference is made in the alphabet that needs no encoding, of a salt in either."""
    made = references.encode(configuration_id=CONFIGURATION, booking_id=BOOKING, salt=salt)
    assert made == URL_SAFE


@pytest.mark.parametrize("salt", [None, ""])
def test_a_reference_that_is_made_without_a_salt(salt: str | None) -> None:
    """The salt is optional."""
    made = references.encode(
        configuration_id=CONFIGURATION.upper(), booking_id=BOOKING.replace("-", ""), salt=salt
    )
    assert made == WITHOUT_SALT


@PROPERTY
@given(
    configuration_id=IDS,
    booking_id=IDS,
    salt=SALTS,
    alphabet=st.sampled_from([bytes.maketrans(b"", b""), bytes.maketrans(b"-_", b"+/")]),
    padding=st.sampled_from(["", "=", "=="]),
    layers=st.integers(0, 2),
    lost=st.booleans(),
)
def test_what_was_put_together_comes_apart(
    configuration_id: str,
    booking_id: str,
    salt: str,
    alphabet: bytes,
    padding: str,
    layers: int,
    lost: bool,
) -> None:
    """Any reference survives any of the ways that it may travel."""
    made = references.encode(configuration_id=configuration_id, booking_id=booking_id, salt=salt)
    travelled = made.encode().translate(alphabet).decode() + padding
    if lost:
        travelled = travelled.replace("+", " ")
    for _ in range(layers):
        travelled = quote(travelled, safe="")
    assert references.decode(travelled) == BookingReference(
        configuration_id=configuration_id, booking_id=booking_id, salt=salt or None
    )


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ("", "it has 0 bytes"),
        (" ", "it has 0 bytes"),
        ("cfg_8a3d2b-bk_2f6c9a1b7d", "it has 18 bytes, and needs 32"),
        (WITHOUT_SALT[:-1], "it has 31 bytes"),
        ("not a reference!", "not base64"),
        ("ERERéSIi", "not base64"),
        (f"{STANDARD}={STANDARD}", "not base64"),
        ("\ud800", "not base64"),
        (STANDARD + "A", "not base64"),
        ("%", "not base64"),
        ("A" * 2000, "too long"),
        ("%41" * 2000, "too long"),
        (STANDARD.encode(), "is a str, not bytes"),
        (None, "is a str, not NoneType"),
        (uuid.UUID(BOOKING), "is a str, not UUID"),
    ],
)
def test_what_is_no_reference(wrong: Any, why: str) -> None:
    """What cannot be a reference is refused, with a word on why."""
    with pytest.raises(errors.InvalidRequest, match=why):
        references.decode(wrong)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"configuration_id": "cfg-1"}, "configuration_id is not a UUID"),
        ({"booking_id": ""}, "booking_id is not a UUID"),
        ({"booking_id": None}, "booking_id is not a UUID"),
        ({"salt": "not base64!"}, "salt is not base64"),
        ({"salt": "é"}, "salt is not base64"),
        ({"salt": "A"}, "salt is not base64"),
        ({"salt": b"bytes"}, "salt is not base64"),
        ({"salt": 5}, "salt is not base64"),
    ],
    ids=str,
)
def test_what_cannot_be_in_a_reference(wrong: dict[str, Any], why: str) -> None:
    """What cannot be put into a reference is refused by name."""
    given = {"configuration_id": CONFIGURATION, "booking_id": BOOKING, "salt": SALT}
    with pytest.raises(errors.InvalidRequest, match=why):
        references.encode(**given | wrong)


@PROPERTY
@given(text=st.text() | st.text("ABab01+/-_=% \n", max_size=80))
def test_any_text(text: str) -> None:
    """Any text is either a reference or refused."""
    try:
        found = references.decode(text)
    except errors.InvalidRequest:
        return
    assert uuid.UUID(found.booking_id)


def test_the_salt_is_not_shown() -> None:
    """With the salt a booking can be confirmed or declined, so no repr shows it."""
    assert SALT not in repr(references.decode(STANDARD))
