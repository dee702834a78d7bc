"""The arithmetic of stretches of time, held against sets of seconds."""

from __future__ import annotations

from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from nylas_bookings.sandbox.rules.intervals import Interval, merged, padded, without
from nylas_bookings.sandbox.rules.wall_clock import offset, stretches

INTERVALS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=6)
YEAR = 365 * 86400
ZONES = ["Europe/Berlin", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kolkata", "UTC"]


def seconds(intervals: list[Interval]) -> set[int]:
    """Every second of the intervals."""
    return {second for first, last in intervals for second in range(first, last)}


@given(INTERVALS)
def test_merged_time_is_the_same_time_in_as_few_pieces_as_can_be(times: list[Interval]) -> None:
    """Merging changes no second, sorts, and leaves a gap between any two pieces."""
    result = merged(times)
    assert seconds(result) == seconds(times)
    assert all(first < last for first, last in result)
    assert all(before[1] < after[0] for before, after in pairwise(result))


@given(INTERVALS, INTERVALS)
def test_without_takes_every_second_out(times: list[Interval], taken: list[Interval]) -> None:
    """What is left is what was there and was not taken, in order and in real pieces."""
    result = without(merged(times), merged(taken))
    assert seconds(result) == seconds(times) - seconds(taken)
    assert result == merged(result)


@given(INTERVALS, st.integers(0, 9), st.integers(0, 9))
def test_padding_counts_wherever_it_reaches(busy: list[Interval], before: int, after: int) -> None:
    """Within the stretch, the padded busy time is what it would be if everything were looked at."""
    inside = set(range(10, 30))
    result = padded(busy, before=before, after=after, start=10, end=30)
    everything = [(first - before, last + after) for first, last in busy if first < last]
    assert seconds(result) & inside == seconds(everything) & inside


@given(
    st.sampled_from(ZONES), st.integers(1_767_222_000, 1_767_222_000 + YEAR), st.integers(0, YEAR)
)
def test_stretches_cover_the_time_and_end_where_the_clock_is_changed(
    zone: str, start: int, length: int
) -> None:
    """Stretches follow one another, and the clock differs from UTC as told, to the last second."""
    where = ZoneInfo(zone)
    found = stretches(where, start, start + length)
    assert [first for first, _, _ in found] == [start, *(last for _, last, _ in found)][
        : len(found)
    ]
    assert all(after[2] != before[2] for before, after in pairwise(found))
    assert sum(last - first for first, last, _ in found) == length
    for first, last, ahead in found:
        assert offset(where, first) == offset(where, last - 1) == ahead
