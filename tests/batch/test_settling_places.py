"""Settling looks wherever the event may be, and believes in absence only where it would be seen."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from attrs import evolve

from nylas_bookings import Guest, NewBooking, PublicConfiguration, Request, Response
from nylas_bookings.batch import BatchReport, Created, Unknown
from nylas_bookings.sandbox import Sandbox, calendar

from .asking import HALF_AN_HOUR, guests, wanted
from .test_settling import Trouble, only, settle
from .test_settling_many_hosts import call, host, path_to

SECOND = "second@example.com"
JANE, BOB = (Guest(name=name, email=f"{name}@example.com") for name in ("jane", "bob"))


async def _in_turn(sandbox: Sandbox, second: dict[str, Any]) -> PublicConfiguration:
    """A configuration that books the organizer, who says to be it, and a second host in turn."""
    with sandbox._world.store.transaction():
        calendar.add_grant(sandbox._world, SECOND, "Second")
    body = {
        "name": "In turn",
        "participants": [host(sandbox.organizer_email, is_organizer=True), second],
        "availability": {
            "duration_minutes": 30,
            "availability_rules": {"availability_method": "max-fairness"},
        },
        "event_booking": {"title": "In turn", "booking_type": "booking"},
    }
    return PublicConfiguration((await call(sandbox, "POST", path_to(sandbox), body))["id"])


@pytest.fixture
async def in_turn(sandbox: Sandbox) -> PublicConfiguration:
    """Such a configuration, of two hosts with calendars."""
    return await _in_turn(sandbox, host(SECOND))


def _events_that(request: Request, response: Response, keep: Any) -> Response:
    """The answer with some of the events, as a stricter vendor would give it."""
    if "/events?" not in request.url:
        return response
    query = {name: values[0] for name, values in parse_qs(urlsplit(request.url).query).items()}
    body = json.loads(response.body)
    body["data"] = [event for event in body["data"] if keep(query, event)]
    return evolve(response, body=json.dumps(body).encode())


def _strictly_within(query: dict[str, str], event: dict[str, Any]) -> bool:
    when = event["when"]
    return int(query["start"]) < when["start_time"] and when["end_time"] < int(query["end"])


@pytest.mark.parametrize("number", [0, 1])
def test_a_strict_window(sandbox: Sandbox, in_turn: PublicConfiguration, number: int) -> None:
    """What begins and ends with the time that is asked for is seen, whichever host has it."""
    settle(sandbox, [], [wanted(n + 5) for n in range(number)], auth=in_turn)
    report, trouble = settle(
        sandbox,
        ["after"],
        auth=in_turn,
        spoil=lambda request, response: _events_that(request, response, _strictly_within),
    )
    assert isinstance(only(report), Created)
    assert len(trouble.sent_at) == 1


@pytest.mark.parametrize("fates", [["before", "after"], ["before", 5.0], ["after", "after"]])
def test_a_guest_who_is_brought_along(
    sandbox: Sandbox, in_turn: PublicConfiguration, fates: list[Any]
) -> None:
    """The event of another row to which the guest is invited too is not taken for the guest's."""
    asked = [
        wanted(0, guest=JANE, key="jane"),
        wanted(0, guest=BOB, additional_guests=[JANE], key="bob"),
    ]
    report, _ = settle(sandbox, fates, asked, auth=in_turn)
    made = {r.key: r.booking.booking_id for r in report if isinstance(r, Created)}
    assert len(made) == 2
    assert {b["id"]: b["document"]["guest"]["email"] for b in sandbox.bookings()} == {
        made["jane"]: JANE.email,
        made["bob"]: BOB.email,
    }


def test_people_in_another_order(sandbox: Sandbox, in_turn: PublicConfiguration) -> None:
    """Rows for the same people are told apart, whoever of them is the guest."""
    asked = [
        wanted(0, guest=JANE, additional_guests=[BOB], key="jane"),
        wanted(0, guest=BOB, additional_guests=[JANE], key="bob"),
    ]
    report, _ = settle(sandbox, ["before", "after"], asked, auth=in_turn)
    assert [type(result) for result in report] == [Created, Created]
    assert guests(sandbox) == sorted([JANE.email, BOB.email])
    for result in report:
        assert isinstance(result, Created)
        (mine,) = [b for b in sandbox.bookings() if b["id"] == result.booking.booking_id]
        assert mine["document"]["guest"]["email"] == result.request.guest.email


@pytest.fixture
async def in_turn_somewhere(sandbox: Sandbox) -> PublicConfiguration:
    """The same, but in which calendar the second host is booked is not told."""
    return await _in_turn(sandbox, {**host(SECOND), "booking": {}})


def test_a_host_whose_calendar_is_not_named(
    sandbox: Sandbox, in_turn_somewhere: PublicConfiguration
) -> None:
    """Where one of the hosts may have an event that nobody can look for, nothing is absent."""
    kinds = []
    for number in range(3):
        report, trouble = settle(sandbox, ["after"], [wanted(number)], auth=in_turn_somewhere)
        kinds.append(type(only(report)))
        assert len(trouble.sent_at) == 1
    assert Unknown in kinds
    assert len(sandbox.bookings()) == 3


def test_only_those_who_were_asked(sandbox: Sandbox, in_turn: PublicConfiguration) -> None:
    """With a host by name, only this host's calendar counts."""
    looked: list[str] = []

    def note(request: Request, response: Response) -> Response:
        if "/events?" in request.url:
            looked.append(urlsplit(request.url).path)
        return response

    asked = [wanted(0, participants=[SECOND])]
    report, _ = settle(sandbox, ["after"], asked, auth=in_turn, spoil=note)
    assert isinstance(only(report), Created)
    assert {path.split("/")[3] for path in looked} == {"second%40example.com"}


def test_the_guest_in_other_letters(sandbox: Sandbox) -> None:
    """An address is the same in capitals, whoever writes it so."""
    shouting = wanted(0, guest=Guest(name="Jane", email="JANE@Example.com"))
    report, _ = settle(
        sandbox,
        ["after"],
        [shouting],
        spoil=lambda _, response: evolve(
            response, body=response.body.replace(b"JANE@Example.com", b"jane@example.COM")
        ),
    )
    assert isinstance(only(report), Created)


def test_all_pages(sandbox: Sandbox) -> None:
    """An event that is only on the second page is found."""

    def second_page(request: Request, response: Response) -> Response:
        if "/events?" not in request.url or "page_token" in request.url:
            return response
        return evolve(response, body=b'{"request_id": "r", "data": [], "next_cursor": "0"}')

    report, trouble = settle(sandbox, ["after"], spoil=second_page)
    assert isinstance(only(report), Created)
    assert len(trouble.sent_at) == 1


def test_an_event_that_the_host_cancelled(sandbox: Sandbox) -> None:
    """An event that is cancelled by now was there: the row is not sent again."""

    def cancelled(query: dict[str, str], event: dict[str, Any]) -> bool:
        return query.get("show_cancelled") == "true"

    report, trouble = settle(
        sandbox,
        ["after"],
        spoil=lambda request, response: _events_that(request, response, cancelled),
    )
    assert isinstance(only(report), Created)
    assert len(trouble.sent_at) == 1


async def _group(
    sandbox: Sandbox, calendar_id: str, **more: Any
) -> tuple[PublicConfiguration, list[Any]]:
    """A group configuration of the primary calendar, with one event in some calendar."""
    body: dict[str, Any] = {
        "name": "Yoga",
        "type": "group",
        "group_booking": {"calendar_id": "primary"},
    }
    made = await call(sandbox, "POST", path_to(sandbox), body)
    start = int(wanted(0).start_time.timestamp())
    when = {"start_time": start, "end_time": start + HALF_AN_HOUR.seconds}
    event = {
        "calendar_id": calendar_id,
        "capacity": 5,
        "title": "Yoga",
        "when": {**when, "start_timezone": "UTC", "end_timezone": "UTC"},
        "participants": [{"email": sandbox.organizer_email}],
        **more,
    }
    await call(sandbox, "POST", f"{path_to(sandbox)}/{made['id']}/group-events", event)
    path = f"/v3/scheduling/availability?configuration_id={made['id']}"
    query = f"&start_time={start}&end_time={start + 3 * 86_400}"
    answer = await sandbox.send(Request("GET", f"http://sandbox{path}{query}", {}, None))
    return PublicConfiguration(made["id"]), json.loads(answer.body)["data"]["time_slots"]


def _seat(slot: dict[str, Any], **more: Any) -> NewBooking:
    named = {key: slot.get(key) for key in ("event_id", "master_id", "calendar_id")}
    times = {"start_time": slot["start_time"], "end_time": slot["end_time"]}
    return NewBooking(guest=JANE, **{**times, **named, **more})


def _seats(sandbox: Sandbox) -> int:
    return guests(sandbox).count(JANE.email)


@pytest.fixture
async def classes(sandbox: Sandbox) -> tuple[PublicConfiguration, dict[str, Any]]:
    """A configuration whose event is in a calendar of its own, and the slot of it."""
    with sandbox._world.store.transaction():
        calendar.add_calendar(
            sandbox._world, sandbox.grant_id, "classes", "Classes", "UTC", is_primary=False
        )
    auth, slots = await _group(sandbox, "classes")
    return auth, slots[0]


@pytest.mark.parametrize("is_named", [True, False])
def test_a_group_event_in_another_calendar(
    sandbox: Sandbox, classes: tuple[PublicConfiguration, dict[str, Any]], is_named: bool
) -> None:
    """A seat is looked for where the event is; where that cannot be seen, no second is taken."""
    auth, slot = classes
    seat = _seat(slot) if is_named else _seat(slot, calendar_id=None)
    for fate in ("after", "before"):
        report, trouble = settle(sandbox, [fate], [evolve(seat, key=fate)], auth=auth)
        assert isinstance(only(report), Unknown)
        assert len(trouble.sent_at) == _seats(sandbox) == 1


def test_a_group_event_that_is_seen_without_the_guest(
    sandbox: Sandbox, classes: tuple[PublicConfiguration, dict[str, Any]]
) -> None:
    """In the calendar that the request names, absence is believed."""
    auth, slot = classes
    report, trouble = settle(sandbox, ["before"], [_seat(slot)], auth=auth)
    assert isinstance(only(report), Created)
    assert len(trouble.sent_at) == 2
    assert _seats(sandbox) == 1


def _unrolled_if_asked(query: dict[str, str], event: dict[str, Any]) -> bool:
    return query.get("expand_recurring") == "true" or not event.get("master_event_id")


@pytest.fixture
async def series(sandbox: Sandbox) -> tuple[PublicConfiguration, list[Any]]:
    """A configuration with an event on three days, and their slots."""
    return await _group(sandbox, "primary", recurrence=["RRULE:FREQ=DAILY;COUNT=3"])


def _seated(
    sandbox: Sandbox, series: tuple[PublicConfiguration, list[Any]], fate: str, keep: Any
) -> tuple[BatchReport, Trouble]:
    """What comes of a seat in the second of a series, with a vendor that tells some events."""
    auth, slots = series
    return settle(
        sandbox,
        [fate],
        [_seat(slots[1])],
        auth=auth,
        spoil=lambda request, response: _events_that(request, response, keep),
    )


@pytest.mark.parametrize("keep", [_unrolled_if_asked, _strictly_within])
def test_an_empty_seat_in_a_series(
    sandbox: Sandbox, series: tuple[PublicConfiguration, list[Any]], keep: Any
) -> None:
    """That a guest does not take part is seen too, and then the seat is booked."""
    report, trouble = _seated(sandbox, series, "before", keep)
    assert isinstance(only(report), Created)
    assert len(trouble.sent_at) == 2
    assert _seats(sandbox) == 1


@pytest.mark.parametrize("keep", [_unrolled_if_asked, _strictly_within])
def test_a_seat_in_a_series(
    sandbox: Sandbox, series: tuple[PublicConfiguration, list[Any]], keep: Any
) -> None:
    """A guest who takes part in one of a series is seen, however the vendor tells of series."""
    report, trouble = _seated(sandbox, series, "after", keep)
    assert isinstance(only(report), Unknown)
    assert len(trouble.sent_at) == _seats(sandbox) == 1
