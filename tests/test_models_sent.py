"""What the models look like as JSON: what is sent, what is left out, what is kept."""

from __future__ import annotations

import re
import tracemalloc
from datetime import datetime, timedelta, timezone
from types import MappingProxyType
from typing import Any

import attrs
import orjson
import pytest

from nylas_bookings import errors, models
from nylas_bookings._wire.converter import from_json, to_json
from nylas_bookings.models import UNSET
from nylas_bookings.models.configurations import checked
from nylas_bookings.models.group_events import at_most_twenty

from .documented_answers import CONFIGURATION, END, GROUP_CONFIGURATION, START, read

GUEST = models.Guest(name="Jane Doe", email="jane@example.com")


def booking(**changes: Any) -> models.NewBooking:
    """A booking to be made, with some of it changed."""
    return models.NewBooking(**{"start_time": START, "end_time": END, "guest": GUEST} | changes)


def sent(model: object) -> Any:
    """The JSON that goes out."""
    return from_json(to_json(model))


@pytest.mark.parametrize(
    "model",
    [
        models.Buffer(before=2**70),
        models.Conferencing(provider="\ud800"),
        models.Conferencing(extra={"now": object()}),
        models.Conferencing(extra={5: "five"}),
        models.Conferencing(extra=5),
        models.ConfigurationChanges(availability={"duration_minutes": 30}),
        booking(additional_fields={"name": "\udfff"}),
    ],
    ids=lambda model: type(model).__name__,
)
def test_what_does_not_fit_into_json(model: object) -> None:
    """What JSON cannot say is an `InvalidRequest`, not an error of some library."""
    with pytest.raises(errors.InvalidRequest, match="does not fit into JSON"):
        to_json(model)


def test_a_body_takes_no_more_room_than_it_needs() -> None:
    """A body is held while its call is on the way, of which there may be hundreds."""
    model = booking()
    to_json(model)
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    bodies = [to_json(model) for _ in range(100)]
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert after - before < 100 * (len(bodies[0]) + 100)


def test_a_value_that_holds_itself() -> None:
    """A value that never ends does not end in a `RecursionError`."""
    endless: dict[str, Any] = {}
    endless["again"] = endless
    with pytest.raises(errors.InvalidRequest, match="does not fit into JSON"):
        to_json(models.Conferencing(extra=endless))


def test_what_was_not_given_is_not_sent() -> None:
    """A booking with no options is times and guest; the times are epoch seconds."""
    starts = datetime.fromtimestamp(START, timezone(timedelta(hours=2)))
    guest = {"name": "Jane Doe", "email": "jane@example.com"}
    assert sent(booking(start_time=starts)) == {
        "start_time": START,
        "end_time": END,
        "guest": guest,
    }


def test_the_zone_of_the_booking_is_not_in_the_body() -> None:
    """`booking_timezone` belongs into the query, and `timezone` is the guest's, in the body."""
    body = sent(booking(booking_timezone="Europe/Berlin", timezone="Asia/Tokyo"))
    assert body["timezone"] == "Asia/Tokyo"
    assert "booking_timezone" not in body


def test_lists_and_mappings_of_any_kind() -> None:
    """Whatever is a sequence or a mapping is sent as a JSON list or object."""
    hosts = (host for host in ("a@example.com", models.Participant(email="b@example.com")))
    body = sent(booking(participants=hosts, additional_fields=MappingProxyType({"a": "b"})))
    assert body["participants"] == [{"email": "a@example.com"}, {"email": "b@example.com"}]
    assert body["additional_fields"] == {"a": "b"}
    assert sent(models.OpenHours(days=range(1, 6))) == {"days": [1, 2, 3, 4, 5]}


@pytest.mark.parametrize(
    ("changes", "body"),
    [
        ({"slug": UNSET, "name": "N"}, {"name": "N"}),
        ({"slug": None}, {"slug": None}),
        ({"slug": ""}, {"slug": ""}),
        ({"appearance": None, "name": "N"}, {"appearance": None, "name": "N"}),
        ({"participants": []}, {"participants": []}),
        ({"requires_session_auth": False}, {"requires_session_auth": False}),
    ],
    ids=str,
)
def test_null_is_not_the_same_as_absent(changes: dict[str, Any], body: dict[str, Any]) -> None:
    """`UNSET` sends nothing, `None` sends null, and what is empty is sent as it is."""
    assert sent(models.ConfigurationChanges(**changes)) == body


@pytest.mark.parametrize(
    "change",
    [models.ConfigurationChanges, models.WebhookSubscriptionChanges, models.GroupEventChanges],
)
def test_a_change_of_nothing(change: Any) -> None:
    """A change that changes nothing is a mistake, and is refused."""
    with pytest.raises(errors.InvalidRequest, match="nothing to change"):
        change()


@pytest.mark.parametrize(
    ("model", "misfit"),
    [
        (
            models.ConfigurationChanges(scheduler=models.SchedulerSettings(min_booking_notice="1")),
            "expected int, got str @ ConfigurationChanges.scheduler.min_booking_notice",
        ),
        (
            models.ConfigurationAvailability(duration_minutes="half an hour"),
            "expected int, got str @ ConfigurationAvailability.duration_minutes",
        ),
        (
            models.WebhookSubscriptionChanges(compressed_delivery="yes"),
            "expected bool, got str @ WebhookSubscriptionChanges.compressed_delivery",
        ),
        (
            (models.GroupEventImport(calendar_id="c", event_id=5),),
            "expected str, got int @ GroupEventImport.event_id",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_value_of_another_kind_is_not_sent(model: Any, misfit: str) -> None:
    """What the API would refuse without a word on where it is, is refused here with its path."""
    with pytest.raises(errors.InvalidRequest, match=re.escape(misfit)):
        to_json(model)


def test_unset_is_false_and_says_its_name() -> None:
    """`UNSET` reads well in a repr, and counts as nothing in a condition."""
    assert not UNSET
    assert repr(UNSET) == "UNSET"


def test_ids_and_request_ids_are_never_sent() -> None:
    """A configuration that was read can be made again: what only the API tells stays behind."""
    told = {"created_at": 1, "updated_at": 2, "modified_at": "3", "version": "1.0.0"}
    made = read(CONFIGURATION | told, "AnyConfiguration")
    assert (made.id, made.request_id) == ("cfg-1", "req-1")
    body = sent(made)
    assert body.keys().isdisjoint({"id", "request_id", "created_at", "updated_at", "modified_at"})
    assert body["version"] == "1.0.0"


def test_a_configuration_survives_reading_and_writing() -> None:
    """What this package does not know is sent back where it was, next to what has changed."""
    known = orjson.loads(orjson.dumps(CONFIGURATION))
    known["participants"][0]["availability"]["open_hours"][0]["colour"] = "red"
    known["event_booking"]["conferencing"]["autocreate"]["lobby"] = {"open": [True, None]}
    known["scheduler"]["new_setting"] = 5
    before = read(known, "AnyConfiguration")
    scheduler = attrs.evolve(before.scheduler, min_booking_notice=15)
    body = sent(attrs.evolve(before, scheduler=scheduler))
    hours = body["participants"][0]["availability"]["open_hours"][0]
    assert hours["colour"] == "red"
    assert body["event_booking"]["conferencing"]["autocreate"]["lobby"] == {"open": [True, None]}
    assert body["scheduler"]["new_setting"] == 5
    assert body["scheduler"]["min_booking_notice"] == 15


def test_a_known_field_wins_over_extra() -> None:
    """`extra` cannot change what a field of the model says."""
    made = models.Buffer(before=5, extra={"before": 10, "during": 1})
    assert sent(made) == {"before": 5, "during": 1}


@pytest.mark.parametrize(
    "secret",
    [
        models.Session(session_id="hush"),
        models.Decision(salt="hush", status="confirmed"),
        models.WebhookSubscription(id="w", webhook_secret="hush"),
        models.ConferencingDetails(password="hush", pin="hush"),
        models.BookingInfo(
            participant_cancellation_url="hush",
            participant_rescheduling_url="hush",
            host_confirmation_url="hush",
            event_description="hush",
        ),
        models.BookingCreated(id="n", type="t", booking_id="b", booking_ref="hush"),
        models.OtherNotification(id="n", type="t", data={"key": "hush"}),
    ],
    ids=lambda model: type(model).__name__,
)
def test_secrets_are_in_no_repr(secret: object) -> None:
    """A credential, and a link with one in it, is not shown by `repr()`."""
    assert "hush" not in repr(secret)


def test_a_page_is_a_collection() -> None:
    """A page can be counted and gone through."""
    page = models.Page(items=("a", "b"), next_cursor="c")
    assert len(page) == 2
    assert [*page] == ["a", "b"]


def test_an_import_is_a_list() -> None:
    """The events to import are sent as a bare list, whatever they were given as."""
    event = models.GroupEventImport(calendar_id="c", event_id="e", capacity=5)
    listed = at_most_twenty(event for _ in range(20))
    assert sent(listed) == [{"calendar_id": "c", "event_id": "e", "capacity": 5}] * 20


@pytest.mark.parametrize("data", [CONFIGURATION, GROUP_CONFIGURATION])
def test_either_kind_of_configuration_can_be_made(data: Any) -> None:
    """A configuration is sent whether it is for a group or not, and says so."""
    made = read(data, "AnyConfiguration")
    assert sent(checked(made)).get("type") == data.get("type")
