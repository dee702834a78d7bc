"""Round-robin: whose turn it is, and which slots that leaves."""

from __future__ import annotations

import pytest

from nylas_bookings.models.configurations import ConfigurationParticipant

from .diary import ADA, BEN, CAT, DAN, at, clock, configuration, host, hours, offered

DAY = "2026-11-24"
NINE, TEN, NOON = at(f"{DAY} 9:00"), at(f"{DAY} 10:00"), at(f"{DAY} 12:00")
ALL_DAY = [(at(f"{DAY} 0:00"), at(f"{DAY} 23:59"))]
BOTH = pytest.mark.parametrize("method", ["max-fairness", "max-availability"])


def test_one_free_host_is_enough() -> None:
    """With `max-availability` a slot names the hosts who are free, and there is one for each."""
    which = configuration(
        host(ADA, hours("9:00", "11:00")),
        host(BEN, hours("10:00", "12:00")),
        availability_method="max-availability",
    )
    slots = offered(which, NINE, NOON).slots
    assert [(clock(slot.start), slot.emails) for slot in slots] == [
        ("9:00", (ADA,)),
        ("10:00", (ADA, BEN)),
        ("11:00", (BEN,)),
    ]


def test_who_was_never_booked_comes_first_by_the_alphabet() -> None:
    """Then come the others, the one whose last booking is the longest ago first."""
    which = configuration(
        host(DAN), host(CAT), host(BEN), host(ADA), availability_method="max-availability"
    )
    result = offered(which, NINE, TEN, booked={BEN: 300, ADA: 200})
    assert result.order == (CAT, DAN, ADA, BEN)
    assert result.slots[0].emails == (CAT, DAN, ADA, BEN)


def test_booked_in_the_same_second_the_alphabet_decides() -> None:
    """The order does not depend on the order of the configuration."""
    which = configuration(host(BEN), host(ADA), availability_method="max-availability")
    assert offered(which, NINE, TEN, booked={BEN: 7, ADA: 7}).order == (ADA, BEN)


def test_the_alphabet_has_no_capitals() -> None:
    """Whether an address is written in capitals does not decide whose turn it is."""
    loud = BEN.upper()
    which = configuration(host(loud), host(ADA), availability_method="max-availability")
    assert offered(which, NINE, TEN).order == (ADA, loud)


def test_a_booking_long_ago_is_still_a_booking() -> None:
    """Booked in the first second of 1970 comes after never booked."""
    which = configuration(host(ADA), host(BEN), availability_method="max-availability")
    assert offered(which, NINE, TEN, booked={ADA: 0}).order == (BEN, ADA)


@pytest.mark.parametrize(
    ("emails", "kept"),
    [([ADA, BEN], [ADA]), ([ADA, BEN, CAT], [ADA, BEN]), ([ADA, BEN, CAT, DAN], [ADA, BEN])],
)
def test_fairness_looks_at_the_first_half_only(emails: list[str], kept: list[str]) -> None:
    """With `max-fairness` those who were booked most recently are not offered."""
    which = configuration(*map(host, emails), availability_method="max-fairness")
    booked = {email: number for number, email in enumerate(emails)}
    result = offered(which, NINE, NOON, booked=booked)
    assert result.order == tuple(kept)
    assert {slot.emails for slot in result.slots} == {tuple(kept)}


def test_fairness_never_shows_the_second_half_beside_the_first() -> None:
    """A time that only the second half has is not offered as long as the first half has any."""
    which = configuration(
        host(ADA, hours("9:00", "10:00")), host(BEN), availability_method="max-fairness"
    )
    slots = offered(which, NINE, NOON).slots
    assert [(clock(slot.start), slot.emails) for slot in slots] == [("9:00", (ADA,))]


def test_fairness_gives_way_when_the_first_half_has_no_time() -> None:
    """When the first half has no time at all in what was asked for, everybody is looked at."""
    which = configuration(host(ADA), host(BEN), availability_method="max-fairness")
    result = offered(which, NINE, TEN, busy={ADA: ALL_DAY})
    assert result.order == (ADA, BEN)
    assert [slot.emails for slot in result.slots] == [(BEN,)]


@BOTH
def test_the_order_is_told_even_without_slots(method: str) -> None:
    """When nobody has time, the order names everybody."""
    which = configuration(host(ADA), host(BEN), availability_method=method)
    result = offered(which, NINE, TEN, busy={ADA: ALL_DAY, BEN: ALL_DAY})
    assert (result.order, result.slots) == ((ADA, BEN), [])


@BOTH
def test_every_slot_has_somebody_of_the_order(method: str) -> None:
    """The official component books nobody if no address of the order is in the slot."""
    which = configuration(
        *map(host, [ADA, BEN, CAT]), availability_method=method, default_open_hours=()
    )
    result = offered(which, NINE, NOON, busy={ADA: ALL_DAY}, booked={CAT: 9})
    assert result.slots
    assert all(set(slot.emails) <= set(result.order or ()) for slot in result.slots)


@BOTH
def test_who_is_known_by_address_alone_never_has_a_turn(method: str) -> None:
    """A participant without calendars cannot be selected as a host."""
    invited = ConfigurationParticipant(email="aaa@example.com")
    which = configuration(invited, host(ADA), host(BEN), availability_method=method)
    order = offered(which, NINE, TEN).order
    assert order is not None
    assert invited.email not in order


@pytest.mark.parametrize("method", [None, "", "collective"])
def test_others_have_no_order(method: str | None) -> None:
    """Only round-robin has an order."""
    which = configuration(host(ADA), host(BEN), availability_method=method)
    assert offered(which, NINE, TEN).order is None


@BOTH
def test_one_host_alone_takes_no_turns(method: str) -> None:
    """One-on-one meetings are collective, whatever the configuration says."""
    which = configuration(host(ADA), availability_method=method)
    result = offered(which, NINE, TEN)
    assert (result.order, result.slots[0].emails) == (None, (ADA,))
