"""Stretches of time as pairs of epoch seconds: joined, cut, and taken from one another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

Interval: TypeAlias = tuple[int, int]
"""From the first second, up to and without the last."""


def merged(intervals: Iterable[Interval]) -> list[Interval]:
    """The same time in order, with stretches that overlap or touch made one; empty ones vanish."""
    result: list[Interval] = []
    begin = end = 0
    for first, last in sorted(intervals):
        if first >= last:
            continue
        if first > end or begin == end:
            if begin < end:
                result.append((begin, end))
            begin, end = first, last
        elif last > end:
            end = last
    if begin < end:
        result.append((begin, end))
    return result


def without(times: Sequence[Interval], taken: Sequence[Interval]) -> list[Interval]:
    """What is left of the times when the taken ones are cut out; both as `merged` gives them."""
    result: list[Interval] = []
    number = 0
    for begin, end in times:
        while number < len(taken) and taken[number][1] <= begin:
            number += 1
        at, here = begin, number
        while here < len(taken) and taken[here][0] < end:
            first, last = taken[here]
            if at < first:
                result.append((at, first))
            at = last
            here += 1
        if at < end:
            result.append((at, end))
    return result


def padded(
    busy: Iterable[Interval], *, before: int, after: int, start: int, end: int
) -> list[Interval]:
    """The busy time that reaches into a stretch, with buffers around it, merged.

    What has no length is not busy, whatever the buffers: it is a mark in the calendar.
    """
    earliest, latest = start - after, end + before
    return merged(
        (first - before, last + after)
        for first, last in busy
        if first < last and first < latest and last > earliest
    )
