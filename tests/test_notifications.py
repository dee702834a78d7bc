"""Notifications: each trigger as its class, with every field that is documented."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from nylas_bookings import models, references, webhooks
from nylas_bookings.models import BookingInfo, NotifiedParticipant

from .notifications import INFO, OBJECTS, REFERENCE, notification, raw

CLASSES = {
    "booking.created": models.BookingCreated,
    "booking.pending": models.BookingPending,
    "booking.rescheduled": models.BookingRescheduled,
    "booking.cancelled": models.BookingCancelled,
    "booking.reminder": models.BookingReminder,
}
TRIGGERS = pytest.mark.parametrize("trigger", OBJECTS)


def moment(seconds: int) -> datetime:
    """Epoch seconds as the models have them."""
    return datetime.fromtimestamp(seconds, UTC)


def read(trigger: str, said: Any = None, **changes: Any) -> Any:
    """The notification as it is received."""
    return webhooks.parse(raw(trigger, said, **changes))


@TRIGGERS
def test_each_trigger_has_its_class(trigger: str) -> None:
    """The trigger says the class; the envelope says what, when, whose, and how often."""
    got = read(trigger, webhook_delivery_attempt=2)
    assert type(got) is CLASSES[trigger]
    assert (got.id, got.type, got.attempt) == ("ntf-1", trigger, 2)
    assert (got.application_id, got.grant_id) == ("app-1", "grant-1")
    assert got.time == moment(1725895310)
    assert (got.booking_id, got.configuration_id) == ("b-1", "cfg-1")


@TRIGGERS
def test_every_documented_field_is_there(trigger: str) -> None:
    """Whatever the documentation shows of a booking is an attribute, with its value."""
    info = OBJECTS[trigger]["booking_info"]
    got = read(trigger).booking_info
    for name, value in info.items():
        expected = value
        if name.endswith("_time"):
            expected = moment(value)
        if name == "participants":
            expected = tuple(NotifiedParticipant(**one) for one in value)
        assert getattr(got, name) == expected, name


@TRIGGERS
def test_what_a_trigger_does_not_tell_is_none(trigger: str) -> None:
    """What another trigger tells is None, not missing."""
    said = OBJECTS[trigger]
    got = read(trigger)
    assert got.booking_ref == said.get("booking_ref")
    assert got.booking_type == said.get("booking_type")
    assert got.booking_info.old_start_time == (
        moment(1719839400) if trigger == "booking.rescheduled" else None
    )
    assert got.booking_info.cancellation_reason == (
        "Conflicting appointment" if trigger == "booking.cancelled" else None
    )


@TRIGGERS
def test_nulls_are_tolerated(trigger: str) -> None:
    """Every field but the ids may be null, or absent."""
    nulls = dict.fromkeys(OBJECTS[trigger]["booking_info"])
    got = read(trigger, {"booking_id": "b-1", "booking_info": nulls, "booking_ref": None})
    assert got.booking_info == BookingInfo()
    assert got == read(trigger, {"booking_id": "b-1", "booking_info": None})
    assert got == read(trigger, {"booking_id": "b-1"})


@TRIGGERS
def test_an_envelope_of_nothing_but_ids(trigger: str) -> None:
    """The envelope, too, may lack what is not needed to act on it."""
    nothing = {
        "time": None,
        "webhook_delivery_attempt": None,
        "data": {"object": {"booking_id": "b"}},
    }
    got = read(trigger, **nothing)
    assert (got.time, got.attempt, got.application_id, got.grant_id) == (None, None, None, None)


def test_what_is_new_is_no_failure() -> None:
    """A field that this package does not know is ignored, also one named like an attribute."""
    said = OBJECTS["booking.created"] | {"id": "x", "attempt": "x", "new": [1], "time": "x"}
    said["booking_info"] = INFO | {"newer": {"a": 1}}
    got = read("booking.created", said)
    assert (got.id, got.attempt, got.time) == ("ntf-1", 1, moment(1725895310))


@pytest.mark.parametrize(
    "trigger", ["booking.archived", "grant.expired", "message.created.truncated"]
)
def test_a_trigger_that_is_unknown(trigger: str) -> None:
    """A trigger without a class is kept as data, all of it."""
    said = {"grant_id": "grant-2", "deep": [{"a": None}]}
    sent = notification(trigger, said, data={"application_id": "app-1", "object": said})
    got = read(trigger, data=sent["data"], new="field")
    assert type(got) is models.OtherNotification
    assert (got.type, got.id, got.grant_id) == (trigger, "ntf-1", "grant-2")
    assert got.data == sent | {"new": "field"}


def test_a_notification_leads_to_a_confirmation() -> None:
    """The reference of a pending booking has the salt that confirming it needs."""
    got = read("booking.pending")
    assert got.booking_ref == REFERENCE
    assert references.decode(got.booking_ref).salt == "-zgLLAuk_qtcsw"
