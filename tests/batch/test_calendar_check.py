"""The calendar check: what blocks a proof of absence, and what counts as a proof of presence."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve

from nylas_bookings import (
    Guest,
    NewBooking,
    PublicConfiguration,
    PublicPage,
    Request,
    Response,
    SessionToken,
    errors,
    models,
    references,
)
from nylas_bookings.batch import CalendarSettler, Created, Unknown
from nylas_bookings.batch.search_scope import CalendarRef, of_hosts
from nylas_bookings.sandbox import Sandbox, calendar

from .asking import HALF_AN_HOUR, guests, monday, wanted
from .test_agreeing import lost_call
from .test_settling import only, settle
from .test_settling_many_hosts import call, host, path_to

SECOND = "second@example.com"
BERLIN = ZoneInfo("Europe/Berlin")


async def _round_robin(sandbox: Sandbox, *hosts: dict[str, Any]) -> str:
    """Return the id of a configuration whose hosts are booked in turn."""
    with sandbox._world.store.transaction():
        calendar.add_grant(sandbox._world, SECOND, "Second")
    body = {
        "name": "In turn",
        "participants": [*hosts],
        "availability": {
            "duration_minutes": 30,
            "availability_rules": {"availability_method": "max-fairness"},
        },
        "event_booking": {"title": "In turn", "booking_type": "booking"},
    }
    made = await call(sandbox, "POST", path_to(sandbox), body)
    return str(made["id"])


@pytest.fixture
async def in_turn(sandbox: Sandbox) -> PublicConfiguration:
    """Return a configuration in which a second booking of a slot gets a second host."""
    return PublicConfiguration(
        await _round_robin(sandbox, host(sandbox.organizer_email), host(SECOND))
    )


def _with_events(change: Callable[[dict[str, Any]], object]) -> Any:
    """Return what changes each event that the API lists."""

    def spoil(request: Request, response: Response) -> Response:
        if "/events?" not in request.url:
            return response
        body = json.loads(response.body)
        for event in body["data"]:
            change(event)
        return evolve(response, body=json.dumps(body).encode())

    return spoil


def test_a_host_who_was_added(sandbox: Sandbox) -> None:
    """The configuration is read for each check: a host who was added before the call is checked."""
    configuration_id = asyncio.run(_round_robin(sandbox, host(sandbox.organizer_email)))
    settler = CalendarSettler(sandbox.api_key, sandbox.grant_id)
    auth = PublicConfiguration(configuration_id)
    report, _ = settle(sandbox, ["after"], settler=settler, auth=auth)
    assert isinstance(only(report), Created)
    changes = {"participants": [host(sandbox.organizer_email), host(SECOND)]}
    asyncio.run(call(sandbox, "PUT", f"{path_to(sandbox)}/{configuration_id}", changes))
    guest = wanted(7).guest
    asked = [wanted(0, guest=guest)]
    report, trouble = settle(sandbox, ["after"], asked, settler=settler, auth=auth)
    assert isinstance(only(report), Created)
    assert len(trouble.sent_at) == guests(sandbox).count(guest.email) == 1


def _no_key5(event: dict[str, Any]) -> None:
    del event["metadata"]["key5"]


def _other_key5(event: dict[str, Any]) -> None:
    event["metadata"]["key5"] = "00000000-0000-0000-0000-000000000000"


def _upper_key5(event: dict[str, Any]) -> None:
    event["metadata"]["key5"] = event["metadata"]["key5"].upper()


def _no_metadata(event: dict[str, Any]) -> None:
    event["metadata"] = None


def _odd_key5(event: dict[str, Any]) -> None:
    event["metadata"]["key5"] = 5


@pytest.mark.parametrize("change", [_no_key5, _other_key5, _upper_key5, _no_metadata, _odd_key5])
def test_an_event_that_names_another_configuration(
    sandbox: Sandbox, in_turn: PublicConfiguration, change: Any
) -> None:
    """An event with this guest blocks the proof of absence, whatever its `key5` says."""
    report, trouble = settle(sandbox, ["after"], auth=in_turn, spoil=_with_events(change))
    unknown = only(report)
    assert isinstance(unknown, Unknown)
    assert unknown.evidence is not None
    assert "configuration" in unknown.evidence.says
    assert unknown.evidence.events
    assert len(trouble.sent_at) == len(sandbox.bookings()) == 1


@pytest.mark.parametrize("change", [_no_key5, _no_metadata])
def test_no_configuration_at_all(sandbox: Sandbox, change: Any) -> None:
    """Where neither the call nor the event names a configuration, nothing is found."""
    page = PublicPage("introduction", sandbox.client_id)
    report, trouble = settle(sandbox, ["after"], auth=page, spoil=_with_events(change))
    unknown = only(report)
    assert isinstance(unknown, Unknown)
    assert unknown.evidence is not None
    assert "does not say of which configuration" in unknown.evidence.says
    assert len(trouble.sent_at) == 1


def test_the_event_of_another_rows_configuration(
    sandbox: Sandbox, in_turn: PublicConfiguration
) -> None:
    """An event whose booking belongs to another row of the batch blocks nothing."""
    asked = [
        wanted(0, key="other", auth=PublicConfiguration(sandbox.public)),
        wanted(0, key="mine", auth=in_turn),
    ]
    report, trouble = settle(sandbox, ["well", "before"], asked)
    assert [type(result) for result in report] == [Created, Created]
    assert len(trouble.sent_at) == 3
    assert len(sandbox.bookings()) == 2


def _nobody(event: dict[str, Any]) -> None:
    event["participants"] = []


def _only_hosts(event: dict[str, Any]) -> None:
    event["participants"] = [p for p in event["participants"] if "guest" not in p["email"]]


def _no_addresses(event: dict[str, Any]) -> None:
    for person in event["participants"]:
        person.pop("email")


def _a_guest_without_address(event: dict[str, Any]) -> None:
    event["participants"][-1]["email"] = None


@pytest.mark.parametrize("change", [_nobody, _only_hosts, _no_addresses, _a_guest_without_address])
def test_an_event_that_lists_no_guest(
    sandbox: Sandbox, in_turn: PublicConfiguration, change: Any
) -> None:
    """An event at these times that does not show its guests may be the booking's."""
    report, trouble = settle(sandbox, ["after"], auth=in_turn, spoil=_with_events(change))
    unknown = only(report)
    assert isinstance(unknown, Unknown)
    assert unknown.evidence is not None
    assert "guest" in unknown.evidence.says
    assert unknown.evidence.events
    assert len(trouble.sent_at) == len(sandbox.bookings()) == 1


def test_an_event_of_all_hosts(sandbox: Sandbox) -> None:
    """An event of all hosts and nobody else does not show its guests either."""
    report, _ = settle(sandbox, ["after"], spoil=_with_events(_only_hosts))
    unknown = only(report)
    assert isinstance(unknown, Unknown)
    assert unknown.evidence is not None
    assert "does not say who its guests are" in unknown.evidence.says


@pytest.fixture
async def together(sandbox: Sandbox) -> PublicConfiguration:
    """Return a configuration that books both hosts for each event."""
    with sandbox._world.store.transaction():
        calendar.add_grant(sandbox._world, SECOND, "Second")
    body = {
        "name": "Together",
        "participants": [host(sandbox.organizer_email, is_organizer=True), host(SECOND)],
        "availability": {"duration_minutes": 30},
        "event_booking": {"title": "Together", "booking_type": "booking"},
    }
    return PublicConfiguration((await call(sandbox, "POST", path_to(sandbox), body))["id"])


def test_all_hosts_take_part(sandbox: Sandbox, together: PublicConfiguration) -> None:
    """Hosts who come along are no guests: with them the event is complete, and alone it is not."""
    report, _ = settle(sandbox, ["after"], auth=together)
    assert isinstance(only(report), Created)
    asked = [wanted(1)]
    spoil = _with_events(_only_hosts)
    report, _ = settle(sandbox, ["after"], asked, auth=together, spoil=spoil)
    unknown = only(report)
    assert isinstance(unknown, Unknown)
    assert unknown.evidence is not None
    assert "does not say who its guests are" in unknown.evidence.says


@pytest.mark.parametrize("named", [True, False])
def test_hosts_without_an_organizer(named: bool) -> None:
    """Where nobody is said to be the organizer, each host who is booked counts, and no other."""
    booking = models.ParticipantBooking(calendar_id="work" if named else None)
    configuration = models.Configuration(
        participants=[
            models.ConfigurationParticipant(email="on@example.com", booking=booking),
            models.ConfigurationParticipant(email="off@example.com"),
        ],
        availability=models.ConfigurationAvailability(duration_minutes=30),
        event_booking=models.EventBooking(title="Meeting"),
    )
    otherwise = CalendarRef("grant", "primary")
    scope = of_hosts(configuration, "c", lost_call(wanted(0)), otherwise)
    assert scope.places == ((CalendarRef("on@example.com", "work") if named else otherwise),)
    assert scope.certain is named
    assert scope.hosts == {"on@example.com", "off@example.com"}


def test_the_event_of_other_guests(sandbox: Sandbox, in_turn: PublicConfiguration) -> None:
    """An event at these times that lists other guests blocks nothing."""
    settle(sandbox, [], [wanted(0, guest=wanted(9).guest)], auth=in_turn)
    report, trouble = settle(sandbox, ["before"], auth=in_turn)
    assert isinstance(only(report), Created)
    assert len(trouble.sent_at) == 2


def test_an_event_at_other_times(sandbox: Sandbox, in_turn: PublicConfiguration) -> None:
    """The guest's own event right after these times is another booking."""
    settle(sandbox, [], [wanted(1, guest=wanted(0).guest)], auth=in_turn)
    report, trouble = settle(sandbox, ["before"], auth=in_turn)
    assert isinstance(only(report), Created)
    assert len(trouble.sent_at) == 2
    assert len(sandbox.bookings()) == 2


@pytest.mark.parametrize(
    "when",
    [
        None,
        {"object": "date", "date": "2026-12-07"},
        {"object": "timespan", "end_time": int(wanted(0).end_time.timestamp())},
        {"object": "timespan", "start_time": int(wanted(0).start_time.timestamp())},
    ],
)
def test_an_event_without_times(
    sandbox: Sandbox, in_turn: PublicConfiguration, when: dict[str, Any] | None
) -> None:
    """An event of a whole day, or one that says too little, is not at these times."""

    def spoil(request: Request, response: Response) -> Response:
        if "/events?" not in request.url:
            return response
        event = {"id": "whole day", "when": when, "participants": []}
        body = json.loads(response.body)
        return evolve(response, body=json.dumps({**body, "data": [event, *body["data"]]}).encode())

    report, trouble = settle(sandbox, ["before"], auth=in_turn, spoil=spoil)
    assert isinstance(only(report), Created)
    assert len(trouble.sent_at) == 2


@pytest.mark.parametrize("count", [2, 3])
def test_several_events(sandbox: Sandbox, in_turn: PublicConfiguration, count: int) -> None:
    """Of several events that fit, none is taken for the row's; their bookings are all told."""
    references_ = [
        references.encode(
            configuration_id=in_turn.configuration_id, booking_id=str(uuid.UUID(int=number))
        )
        for number in range(1, count)
    ]

    def spoil(request: Request, response: Response) -> Response:
        if "/events?" not in request.url:
            return response
        body = json.loads(response.body)
        for event in body["data"][:1]:
            for number, reference in enumerate(references_):
                copied = {**event, "id": f"copy {number}", "description": f"?ref={reference}"}
                body["data"].append(copied)
        return evolve(response, body=json.dumps(body).encode())

    report, trouble = settle(sandbox, ["after"], auth=in_turn, spoil=spoil)
    unknown = only(report)
    assert isinstance(unknown, Unknown)
    assert unknown.evidence is not None
    assert "several events" in unknown.evidence.says
    assert len(unknown.evidence.events) == len(unknown.evidence.bookings) == count
    assert len(trouble.sent_at) == 1


def test_all_pages_together(sandbox: Sandbox) -> None:
    """An event on the first page is not forgotten with the second."""

    def second_page(request: Request, response: Response) -> Response:
        if "/events?" not in request.url:
            return response
        body = json.loads(response.body)
        body["next_cursor"] = None if "page_token" in request.url else "0"
        if "page_token" in request.url:
            body["data"] = []
        return evolve(response, body=json.dumps(body).encode())

    report, trouble = settle(sandbox, ["after"], spoil=second_page)
    assert isinstance(only(report), Created)
    assert len(trouble.sent_at) == 1


@pytest.mark.parametrize("seconds", [5, 45, 3600])
def test_a_booking_that_the_guest_made_before(
    sandbox: Sandbox, in_turn: PublicConfiguration, seconds: int
) -> None:
    """An event from before the call, by the API's own clock, is not the row's."""
    settle(sandbox, [], [wanted(0, key="by the guest")], auth=in_turn)
    sandbox.clock.advance(seconds=seconds)
    report, trouble = settle(sandbox, ["before"], auth=in_turn)
    unknown = only(report)
    assert isinstance(unknown, Unknown)
    assert unknown.evidence is not None
    assert "made before the call" in unknown.evidence.says
    assert len(trouble.sent_at) == len(sandbox.bookings()) == 1


def test_a_booking_before_and_one_after(sandbox: Sandbox, in_turn: PublicConfiguration) -> None:
    """What the guest booked before the call does not hide what the call has made."""
    settle(sandbox, [], [wanted(0, key="by the guest")], auth=in_turn)
    sandbox.clock.advance(seconds=45)
    report, trouble = settle(sandbox, ["after"], auth=in_turn)
    created = only(report)
    assert isinstance(created, Created)
    assert created.booking.booking_id == sandbox.bookings()[-1]["id"]
    assert len(trouble.sent_at) == 1


@pytest.mark.parametrize(
    "date", [None, "yesterday", "Mon, 99 Dec 2030 08:00:00 GMT", "1 Jan 2030 08:00:00 +99999999999"]
)
def test_an_api_that_does_not_tell_its_time(sandbox: Sandbox, date: str | None) -> None:
    """Without the API's own clock, no event is known to be newer than the call."""

    def spoil(request: Request, response: Response) -> Response:
        headers = {name: value for name, value in response.headers.items() if name != "Date"}
        return evolve(response, headers=headers if date is None else {**headers, "Date": date})

    report, trouble = settle(sandbox, ["after"], spoil=spoil)
    unknown = only(report)
    assert isinstance(unknown, Unknown)
    assert unknown.evidence is not None
    assert "clock" in unknown.evidence.says
    assert len(trouble.sent_at) == 1


def _repeated_hour() -> datetime:
    """Return the first 2:30 of the next night in which Berlin's clocks go back."""
    day = monday().astimezone(BERLIN).replace(hour=2, minute=30)
    while _utc_offset(day, fold=0) <= _utc_offset(day, fold=1):
        day += timedelta(days=1)
    return day


def _utc_offset(moment: datetime, fold: int) -> timedelta:
    return moment.replace(fold=fold).utcoffset() or timedelta()


@pytest.fixture
async def at_night(sandbox: Sandbox) -> PublicConfiguration:
    """Return a configuration that can be booked around the clock, on all days, for two years."""
    hours = [{"days": [*range(7)], "start": "0:00", "end": "23:55", "timezone": "Europe/Berlin"}]
    hosts = [host(sandbox.organizer_email), host(SECOND)]
    for one in hosts:
        one["availability"]["open_hours"] = hours
    with sandbox._world.store.transaction():
        calendar.add_grant(sandbox._world, SECOND, "Second")
    body = {
        "name": "At night",
        "participants": hosts,
        "availability": {
            "duration_minutes": 30,
            "availability_rules": {"availability_method": "max-fairness"},
        },
        "scheduler": {"available_days_in_future": 730},
        "event_booking": {"title": "At night", "booking_type": "booking"},
    }
    return PublicConfiguration((await call(sandbox, "POST", path_to(sandbox), body))["id"])


@pytest.mark.parametrize("fate", ["after", "before"])
def test_the_repeated_hour(sandbox: Sandbox, at_night: PublicConfiguration, fate: str) -> None:
    """Both rows for 2:30 in the night of 25 hours get their own booking."""
    night = _repeated_hour()
    half_past_two = [night.replace(fold=fold) for fold in (0, 1)]
    asked = [
        NewBooking(
            key=f"fold {start.fold}",
            start_time=start,
            end_time=(start.astimezone(ZoneInfo("UTC")) + HALF_AN_HOUR).astimezone(BERLIN),
            guest=Guest(name="Jane", email="jane@example.com"),
        )
        for start in half_past_two
    ]
    report, _ = settle(sandbox, [fate, fate], asked, auth=at_night)
    results = list(report)
    assert [type(result) for result in results] == [Created, Created]
    starts = {booking["id"]: booking["start"] for booking in sandbox.bookings()}
    found = [starts[r.booking.booking_id] for r in results if isinstance(r, Created)]
    assert found == [int(start.timestamp()) for start in half_past_two]
    assert found[1] - found[0] == 3600


def test_across_the_clock_change() -> None:
    """A booking may begin in the first of the repeated hours and end in the second."""
    night = _repeated_hour()
    begin, end = night.replace(fold=0), night.replace(minute=0, fold=1)
    guest = Guest(name="Jane", email="jane@example.com")
    made = NewBooking(start_time=begin, end_time=end, guest=guest)
    assert made.end_time.timestamp() - made.start_time.timestamp() == 1800
    with pytest.raises(errors.InvalidRequest, match="later than start_time"):
        NewBooking(start_time=end, end_time=begin, guest=guest)


async def _session(sandbox: Sandbox, configuration_id: str) -> SessionToken:
    made = await call(
        sandbox, "POST", "/v3/scheduling/sessions", {"configuration_id": configuration_id}
    )
    return SessionToken(made["session_id"])


def test_a_row_with_a_session_of_its_own(sandbox: Sandbox) -> None:
    """The settler's `configuration_id` speaks for the client's auth, not for a row's own."""
    auth = asyncio.run(_session(sandbox, str(sandbox.private)))
    report, trouble = settle(sandbox, ["before"], auth=auth, configuration_id=sandbox.public)
    unknown = only(report)
    assert isinstance(unknown, Unknown)
    assert unknown.evidence is not None
    assert "not known" in unknown.evidence.says
    assert len(trouble.sent_at) == 1


def test_a_page_of_another_configuration(sandbox: Sandbox, in_turn: PublicConfiguration) -> None:
    """A page whose slug is not that of the settler's configuration is not looked for there."""
    page = PublicPage("introduction", sandbox.client_id)
    other = in_turn.configuration_id
    report, trouble = settle(sandbox, ["before"], auth=page, configuration_id=other)
    assert isinstance(only(report), Unknown)
    assert len(trouble.sent_at) == 1
    report, _ = settle(sandbox, ["after"], [wanted(1)], auth=page, configuration_id=other)
    assert isinstance(only(report), Created)
