"""What the models refuse before anything is sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, tzinfo
from typing import Any

import pytest

from nylas_bookings import errors, models
from nylas_bookings.models._times import moment, stretch
from nylas_bookings.models.configurations import checked
from nylas_bookings.models.group_events import at_most_twenty

from .documented_answers import CONFIGURATION, END, START

GUEST = models.Guest(name="Jane Doe", email="jane@example.com")
HOST = models.GroupEventParticipant(email="host@example.com")
EVENT_TIME = models.EventTime(start_time=START, end_time=END)


def booking(**changes: Any) -> models.NewBooking:
    """A booking to be made, with some of it changed."""
    return models.NewBooking(**{"start_time": START, "end_time": END, "guest": GUEST} | changes)


def group_event(**changes: Any) -> models.NewGroupEvent:
    """A group event to be made, with some of it changed."""
    given = {"calendar_id": "c", "title": "t", "when": EVENT_TIME, "capacity": 5}
    return models.NewGroupEvent(**given | {"participants": [HOST]} | changes)


WRONG_TIMES = {
    "naive": (datetime(2026, 1, 1), "naive datetime"),  # noqa: DTZ001
    "bool": (True, "not bool"),
    "float": (1719842400.0, "not float"),
    "text": ("1719842400", "not str"),
    "date": (date(2026, 1, 1), "not date"),
    "none": (None, "not NoneType"),
    "milliseconds": (START * 1000, "looks like milliseconds"),
    "nanoseconds": (START * 10**9, "not a time in epoch seconds"),
    "huge": (10**30, "not a time in epoch seconds"),
    "fraction": (datetime(2026, 1, 1, microsecond=1, tzinfo=UTC), "fraction of a second"),
}
TAKES_TIMES: list[Callable[..., object]] = [
    booking,
    models.Reschedule,
    models.EventTime,
    lambda **times: models.SlotToValidate(calendar_id="c", event_id="e", **times),
]


@pytest.mark.parametrize("model", TAKES_TIMES, ids=["booking", "reschedule", "event", "slot"])
@pytest.mark.parametrize("name", ["start_time", "end_time"])
@pytest.mark.parametrize(("value", "why"), WRONG_TIMES.values(), ids=WRONG_TIMES.keys())
def test_times_that_could_be_misread(
    model: Callable[..., object], name: str, value: Any, why: str
) -> None:
    """A time is an aware datetime or whole epoch seconds; everything else is refused by name."""
    with pytest.raises(errors.InvalidRequest, match=f"{name} .*{why}"):
        model(**{"start_time": START, "end_time": END, name: value})


@pytest.mark.parametrize("model", TAKES_TIMES, ids=["booking", "reschedule", "event", "slot"])
@pytest.mark.parametrize("end", [START, START - 60])
def test_an_end_before_the_start(model: Callable[..., object], end: int) -> None:
    """What ends before it starts, or at once, is refused."""
    with pytest.raises(errors.InvalidRequest, match="end_time must be later than start_time"):
        model(start_time=START, end_time=end)


def test_a_stretch_of_time() -> None:
    """A query about a stretch of time has whole seconds, and an end after its start."""
    start = datetime.fromtimestamp(START + 0.5, UTC)
    assert stretch(start, END) == {"start_time": START, "end_time": END}
    with pytest.raises(errors.InvalidRequest, match="end_time"):
        stretch(END, START)


def test_a_zone_without_an_offset() -> None:
    """A datetime whose zone cannot say its offset is as naive as one without a zone."""

    class Nowhere(tzinfo):
        def utcoffset(self, _: datetime | None) -> None:
            return None

    with pytest.raises(errors.InvalidRequest, match="naive"):
        moment(datetime(2026, 1, 1, tzinfo=Nowhere()), "start_time")


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"guest": {"name": "Jane", "email": "jane@example.com"}}, "guest must be Guest"),
        ({"guest": None}, "guest must be Guest"),
        ({"participants": "host@example.com"}, "participants must be a list"),
        ({"participants": 5}, "participants must be a list"),
        ({"participants": {"host@example.com": 1}}, "participants must be a list"),
        ({"participants": [GUEST]}, r"participants\[0\] must be Participant"),
        ({"participants": ["host"]}, "email is not an e-mail address"),
        ({"additional_guests": "jane@example.com"}, "additional_guests must be a list"),
        ({"additional_guests": [GUEST, "jane@example.com"]}, r"additional_guests\[1\]"),
        ({"additional_fields": {"age": 5}}, r"additional_fields\['age'\] must be a str, not int"),
        ({"additional_fields": {5: "age"}}, r"additional_fields\[5\] must be a str"),
        ({"additional_fields": {"yes": True}}, "not bool"),
        ({"additional_fields": {"none": None}}, "not NoneType"),
        ({"additional_fields": [("a", "b")]}, "must be a mapping of str to str"),
        ({"timezone": 5}, "timezone must be a str"),
        ({"booking_timezone": UTC}, "booking_timezone must be a str"),
        ({"email_language": ["en"]}, "email_language must be a str"),
        ({"event_id": 5}, "event_id must be a str"),
    ],
    ids=str,
)
def test_a_booking_that_is_refused(wrong: dict[str, Any], why: str) -> None:
    """A value of the wrong kind is refused with the name of its field."""
    with pytest.raises(errors.InvalidRequest, match=why):
        booking(**wrong)


@pytest.mark.parametrize(
    "address",
    ["", " ", "jane", "@example.com", "jane@", "ja ne@example.com", "jane@example.com\n", None, 5],
)
def test_what_is_no_address(address: Any) -> None:
    """A guest needs an e-mail address, as far as anybody but its mail server can tell."""
    with pytest.raises(errors.InvalidRequest, match=r"email"):
        models.Guest(name="Jane", email=address)


@pytest.mark.parametrize("name", ["", " \t", None, 5])
def test_what_is_no_name(name: Any) -> None:
    """A guest needs a name."""
    with pytest.raises(errors.InvalidRequest, match=r"name must be a str"):
        models.Guest(name=name, email="jane@example.com")


REFUSED: dict[str, Callable[[], object]] = {
    "days: a generator": lambda: models.OpenHours(days=(day for day in (1, 2))),
    "days: bools": lambda: models.OpenHours(days=[True]),
    "days: texts": lambda: models.OpenHours(days=["1"]),
    "exdates: a lone text": lambda: models.OpenHours(exdates="2026-12-24"),
    "phone: a lone text": lambda: models.ConferencingDetails(phone="555"),
    "phone: bytes": lambda: models.ConferencingDetails(phone=b"555"),
    "emails: a set": lambda: models.OpenHours(exdates={"2026-12-24"}),
    "recurrence: a lone text": lambda: group_event(recurrence="RRULE:FREQ=DAILY"),
    "capacity: none": lambda: group_event(capacity=0),
    "capacity: too many": lambda: group_event(capacity=501),
    "capacity: a bool": lambda: group_event(capacity=True),
    "zones: one of two": lambda: models.EventTime(
        start_time=START, end_time=END, start_timezone="Europe/Berlin"
    ),
    "salt: empty": lambda: models.Decision(salt="", status="confirmed"),
    "reason: a number": lambda: models.Cancellation(cancellation_reason=5),
    "session: nothing": models.NewSession,
    "session: two": lambda: models.NewSession(configuration_id="c", slug="s"),
    "session: a number": lambda: models.NewSession(configuration_id=5),
    "session: seconds": lambda: models.NewSession(slug="s", time_to_live=300),
    "session: no time": lambda: models.NewSession(slug="s", time_to_live=0),
    "session: a bool": lambda: models.NewSession(slug="s", time_to_live=True),
    "triggers: a lone text": lambda: models.NewWebhookSubscription(
        trigger_types="booking.created", webhook_url="https://example.com"
    ),
    "triggers: bytes": lambda: models.WebhookSubscriptionChanges(trigger_types=b"x"),
    "addresses: a lone text": lambda: models.WebhookSubscriptionChanges(
        notification_email_addresses="a@example.com"
    ),
    "import: nothing": lambda: at_most_twenty([]),
    "import: too many": lambda: at_most_twenty(
        [models.GroupEventImport(calendar_id="c", event_id="e")] * 21
    ),
    "import: ids": lambda: at_most_twenty(["e-1"]),
    "configuration: a dict": lambda: checked(CONFIGURATION),
}


@pytest.mark.parametrize("make", REFUSED.values(), ids=REFUSED.keys())
def test_other_models_that_are_refused(make: Callable[[], object]) -> None:
    """What cannot work is refused before anything is sent."""
    with pytest.raises(errors.InvalidRequest) as caught:
        make()
    assert caught.value.outcome is errors.Outcome.NOT_SENT
