"""Open hours: whose hold, in which zone, on which dates."""

from __future__ import annotations

import pytest

from nylas_bookings.models.availability_rules import OpenHours

from .diary import ADA, BERLIN, at, clock, configuration, host, hours, offered, on, times

TUESDAY, THURSDAY = "2026-11-24", "2026-11-26"
NEW_YORK, TOKYO = "America/New_York", "Asia/Tokyo"
NINE_TO_NOON = hours("9:00", "12:00")
TEN_TO_NOON = hours("10:00", "12:00")


def test_without_any_open_hours_all_hours_are_open() -> None:
    """A host with a calendar, without hours and without default hours, is always open."""
    assert len(times(configuration(host(ADA)), TUESDAY)) == 24


def test_own_open_hours_replace_the_default_ones() -> None:
    """A host who has open hours has no others; who has none has the default ones."""
    own = configuration(host(ADA, TEN_TO_NOON), default_open_hours=(NINE_TO_NOON,))
    none = configuration(host(ADA), default_open_hours=(NINE_TO_NOON,))
    assert times(own, TUESDAY) == ["10:00", "11:00"]
    assert times(none, TUESDAY) == ["9:00", "10:00", "11:00"]


def test_days_of_the_week_begin_with_sunday() -> None:
    """Day 0 is Sunday, 2 is Tuesday; a block without days holds on none."""
    assert times(configuration(host(ADA, hours("9:00", "10:00", days=[2]))), TUESDAY) == ["9:00"]
    assert times(configuration(host(ADA, hours("9:00", "10:00", days=[2]))), THURSDAY) == []
    assert times(configuration(host(ADA, hours("9:00", "10:00", days=[0]))), "2026-11-29") == [
        "9:00"
    ]
    assert times(configuration(host(ADA, OpenHours(start="9:00", end="10:00"))), TUESDAY) == []


def test_several_blocks_of_a_day_add_up() -> None:
    """A slot may run from one block into the next where they touch, and not across a gap."""
    blocks = [hours("9:00", "10:15"), hours("10:15", "11:00"), hours("11:30", "13:00")]
    assert times(configuration(host(ADA, *blocks)), TUESDAY) == ["9:00", "10:00", "12:00"]


@pytest.mark.parametrize("end", ["24:00", "0:00", "00:00"])
def test_hours_can_last_until_midnight(end: str) -> None:
    """Midnight as an end is the end of the day."""
    assert times(configuration(host(ADA, hours("22:00", end))), TUESDAY) == ["22:00", "23:00"]


def test_hours_that_touch_at_midnight_are_one() -> None:
    """A slot may run over midnight when the next day begins with open hours."""
    which = configuration(
        host(ADA, hours("22:00", "24:00", days=[2]), hours("0:00", "1:00", days=[3])), duration=90
    )
    assert times(which, TUESDAY) == ["22:30"]


def test_times_that_are_not_given_mean_the_whole_day() -> None:
    """A block without times, or with empty ones, is open all day."""
    assert len(times(configuration(host(ADA, OpenHours(days=[2]))), TUESDAY)) == 24
    assert (
        len(times(configuration(host(ADA, OpenHours(days=[2], start="", end=""))), TUESDAY)) == 24
    )


@pytest.mark.parametrize(
    ("block", "participant", "event", "expected"),
    [
        (TOKYO, NEW_YORK, BERLIN, TOKYO),
        (None, NEW_YORK, BERLIN, NEW_YORK),
        ("", "", BERLIN, BERLIN),
        (None, None, None, "UTC"),
        ("", "", "", "UTC"),
        (None, None, "utc", "UTC"),
    ],
)
def test_open_hours_are_in_the_closest_zone(
    block: str | None, participant: str | None, event: str | None, expected: str
) -> None:
    """The block's zone, else the host's, else the event's, else UTC; empty ones do not count."""
    open_hours = hours("9:00", "11:00", timezone=block)
    which = configuration(host(ADA, open_hours, timezone=participant), timezone=event)
    assert times(which, TUESDAY, expected) == ["9:00", "10:00"]


@pytest.mark.parametrize(
    ("block", "event", "expected"),
    [(TOKYO, BERLIN, BERLIN), (TOKYO, None, TOKYO), (None, None, "UTC")],
)
def test_default_open_hours_are_in_the_zone_of_the_event(
    block: str | None, event: str | None, expected: str
) -> None:
    """The event's zone, else the block's, else UTC; the host's does not matter."""
    which = configuration(
        host(ADA, timezone=NEW_YORK),
        timezone=event,
        default_open_hours=(hours("9:00", "11:00", timezone=block),),
    )
    assert times(which, TUESDAY, expected) == ["9:00", "10:00"]


def test_a_block_does_not_hold_on_its_exdates() -> None:
    """An excluded date closes its block, on the clock of the block's zone, and no other."""
    block = hours("9:00", "11:00", timezone=TOKYO, exdates=(TUESDAY,))
    which = configuration(host(ADA, block, hours("15:00", "16:00", timezone=TOKYO)))
    assert times(which, TUESDAY, TOKYO) == ["15:00"]
    assert times(which, THURSDAY, TOKYO) == ["9:00", "10:00", "15:00"]


def test_hours_of_a_date_replace_the_weekly_ones() -> None:
    """On a date with hours of its own, only these hold; on others, the weekly ones."""
    dates = (on(TUESDAY, "14:00", "15:00"), on(TUESDAY, "17:00", "18:00"))
    which = configuration(host(ADA, NINE_TO_NOON, specific_time_availability=dates))
    assert times(which, TUESDAY) == ["14:00", "17:00"]
    assert times(which, THURSDAY) == ["9:00", "10:00", "11:00"]


def test_midnight_to_midnight_closes_a_date() -> None:
    """`00:00` to `00:00` leaves nothing of that date."""
    closed = (on(TUESDAY, "00:00", "00:00"),)
    which = configuration(host(ADA, NINE_TO_NOON, specific_time_availability=closed))
    assert times(which, TUESDAY) == []
    assert times(configuration(default_specific_time_availability=closed), TUESDAY) == []


def test_own_hours_of_a_date_win_over_the_default_ones() -> None:
    """The default hours of a date hold for hosts who have none of their own for that date."""
    default = (on(TUESDAY, "8:00", "10:00"), on(THURSDAY, "8:00", "9:00"))
    own = (on(TUESDAY, "14:00", "15:00"),)
    which = configuration(
        host(ADA, specific_time_availability=own), default_specific_time_availability=default
    )
    assert times(which, TUESDAY) == ["14:00"]
    assert times(which, THURSDAY) == ["8:00"]


def test_hours_of_a_date_are_in_the_closest_zone() -> None:
    """The entry's own zone, else its owner's: the host's, or for default ones the event's."""
    own = (on(TUESDAY, "9:00", "10:00", TOKYO), on(THURSDAY, "9:00", "10:00"))
    which = configuration(
        host(ADA, timezone=NEW_YORK, specific_time_availability=own),
        only_specific_time_availability=True,
    )
    assert times(which, TUESDAY, TOKYO) == ["9:00"]
    assert times(which, THURSDAY, NEW_YORK) == ["9:00"]
    default = configuration(
        host(ADA, timezone=NEW_YORK),
        default_specific_time_availability=(on(TUESDAY, "9:00", "10:00"),),
        only_specific_time_availability=True,
    )
    assert times(default, TUESDAY, BERLIN) == ["9:00"]


@pytest.mark.parametrize("participant", [None, False])
def test_only_dates_for_everybody(participant: bool | None) -> None:
    """Set in the rules, weekly hours are ignored for all, and no host can undo it."""
    which = configuration(
        host(
            ADA,
            NINE_TO_NOON,
            only_specific_time_availability=participant,
            specific_time_availability=(on(TUESDAY, "14:00", "15:00"),),
        ),
        default_specific_time_availability=(on(THURSDAY, "8:00", "9:00"),),
        only_specific_time_availability=True,
    )
    start = at(f"{TUESDAY} 0:00")
    slots = offered(which, start, start + 7 * 86400).slots
    assert [clock(slot.start) for slot in slots] == ["14:00", "8:00"]


def test_only_dates_for_one_host() -> None:
    """Set for a host, only the host's own dates count: without any, there is no time at all."""
    default = (on(TUESDAY, "8:00", "9:00"),)
    own = (on(THURSDAY, "14:00", "15:00"),)
    some = configuration(
        host(ADA, specific_time_availability=own, only_specific_time_availability=True),
        default_specific_time_availability=default,
    )
    none = configuration(
        host(ADA, NINE_TO_NOON, only_specific_time_availability=True),
        default_specific_time_availability=default,
    )
    assert (times(some, TUESDAY), times(some, THURSDAY)) == ([], ["14:00"])
    assert (times(none, TUESDAY), times(none, THURSDAY)) == ([], [])
