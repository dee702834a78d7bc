"""The question for one slot, as a booking asks it: who would take it?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from nylas_bookings.models.availability_rules import Buffer
from nylas_bookings.models.configurations import Configuration, ConfigurationParticipant
from nylas_bookings.sandbox.rules import Busy, is_offered, read

from .diary import ADA, BEN, CAT, at, configuration, host, hours

DAY = "2026-11-24"
NINE, TEN, ELEVEN = at(f"{DAY} 9:00"), at(f"{DAY} 10:00"), at(f"{DAY} 11:00")
OFFICE = hours("9:00", "17:00")
TAKEN = [(TEN, ELEVEN)]


def taken_by(
    which: Configuration,
    start: int = TEN,
    end: int = ELEVEN,
    busy: Mapping[str, Busy] | None = None,
    **more: Any,
) -> tuple[str, ...] | None:
    """Who would take the slot, from 10:00 to 11:00 if not told otherwise."""
    values = {"now": NINE, "busy": busy or {}, **more}
    return is_offered(read(which), start=start, end=end, **values)


@pytest.mark.parametrize(
    ("start", "end", "now"),
    [
        pytest.param(TEN + 60, ELEVEN + 60, NINE, id="off the grid"),
        pytest.param(TEN - 1, ELEVEN - 1, NINE, id="a second early"),
        pytest.param(TEN + 1, ELEVEN + 1, NINE, id="a second late"),
        pytest.param(TEN, TEN, NINE, id="empty"),
        pytest.param(TEN, ELEVEN + 1, NINE, id="too long"),
        pytest.param(ELEVEN, TEN, NINE, id="backwards"),
        pytest.param(TEN, ELEVEN, TEN + 1, id="past"),
        pytest.param(at(f"{DAY} 17:00"), at(f"{DAY} 18:00"), NINE, id="closed"),
        pytest.param(at("2027-11-24 10:00"), at("2027-11-24 11:00"), NINE, id="in a year"),
        pytest.param(10**15, 10**15 + 3600, NINE, id="never"),
        pytest.param(-(10**15), 3600 - 10**15, NINE, id="long ago"),
    ],
)
def test_what_availability_never_shows_is_not_offered(start: int, end: int, now: int) -> None:
    """Off the grid, of another length, past, closed or too far ahead: nobody would take it."""
    assert taken_by(configuration(host(ADA, OFFICE)), start, end, now=now) is None


def test_all_hosts_take_a_collective_slot() -> None:
    """Everybody comes, unless one of them is busy."""
    which = configuration(host(ADA), host(BEN))
    assert taken_by(which) == (ADA, BEN)
    assert taken_by(which, busy={BEN: TAKEN}) is None


def test_buffers_count() -> None:
    """A meeting right before a slot takes it when it has a buffer."""
    which = configuration(host(ADA), buffer=Buffer(after=5))
    assert taken_by(which, busy={ADA: [(NINE, TEN)]}) is None


def test_notice_counts_only_when_it_is_asked_for() -> None:
    """A slot in an hour is refused when 61 minutes are asked for."""
    which = configuration(host(ADA))
    assert taken_by(which, min_notice_minutes=60) == (ADA,)
    assert taken_by(which, min_notice_minutes=61) is None


def test_in_turn_the_best_comes_first() -> None:
    """Round-robin names who could take it, the one whose turn it is first."""
    which = configuration(*map(host, [ADA, BEN, CAT]), availability_method="max-availability")
    assert taken_by(which, booked={ADA: 5}) == (BEN, CAT, ADA)
    assert taken_by(which, booked={ADA: 5}, busy={BEN: TAKEN}) == (CAT, ADA)


def test_fairness_gives_way_for_the_slot() -> None:
    """With `max-fairness` the second half takes a slot that nobody of the first half can."""
    which = configuration(*map(host, [ADA, BEN, CAT]), availability_method="max-fairness")
    assert taken_by(which) == (ADA, BEN)
    assert taken_by(which, busy={ADA: TAKEN, BEN: TAKEN}) == (CAT,)
    assert taken_by(which, busy={ADA: TAKEN, BEN: TAKEN, CAT: TAKEN}) is None


@pytest.mark.parametrize("method", ["max-fairness", "max-availability"])
def test_a_host_asked_for_by_name_need_not_be_next(method: str) -> None:
    """The page may know an older order; who is asked for only has to be free."""
    which = configuration(host(ADA), host(BEN), availability_method=method)
    assert taken_by(which, participants=[BEN], booked={BEN: 5}) == (BEN,)
    assert taken_by(which, participants=[BEN], busy={BEN: TAKEN}) is None
    assert taken_by(which, participants=[BEN], busy={ADA: TAKEN}) == (BEN,)
    assert taken_by(which, participants=[ADA, BEN], booked={ADA: 5}) == (BEN, ADA)


def test_asked_for_by_name_the_others_need_not_be_free() -> None:
    """Of a collective configuration, a part of the hosts can be asked for."""
    which = configuration(host(ADA), host(BEN), host(CAT))
    assert taken_by(which, participants=[CAT, ADA], busy={BEN: TAKEN}) == (ADA, CAT)
    assert taken_by(which, participants=[CAT, ADA], busy={CAT: TAKEN}) is None


def test_nobody_named_means_everybody() -> None:
    """An empty list is what the API's own samples send."""
    assert taken_by(configuration(host(ADA), host(BEN)), participants=[]) == (ADA, BEN)


def test_names_are_addresses_in_any_case() -> None:
    """Addresses are the same in capitals."""
    assert taken_by(configuration(host(ADA)), participants=[ADA.upper()]) == (ADA,)


def test_a_stranger_takes_nothing() -> None:
    """An address that is not of the configuration is not overlooked."""
    assert taken_by(configuration(host(ADA)), participants=[ADA, BEN]) is None


def test_who_is_merely_invited_may_be_named_beside_a_host() -> None:
    """A participant without calendars hosts nothing, and hinders nothing."""
    which = configuration(host(ADA), ConfigurationParticipant(email=BEN))
    assert taken_by(which, participants=[ADA, BEN]) == (ADA,)
    assert taken_by(which, participants=[BEN]) is None
