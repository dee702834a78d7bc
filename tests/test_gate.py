"""The gate by itself: who has to wait, for how long, and what it remembers."""

from __future__ import annotations

import pytest

from nylas_bookings._pace import Gate


class Hands:
    """A clock that stands where it is put."""

    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        """The time."""
        return self.at


@pytest.fixture
def clock() -> Hands:
    """A clock."""
    return Hands()


@pytest.fixture
def gate(clock: Hands) -> Gate:
    """A gate that goes by it."""
    return Gate(clock)


def test_one_asker_waits(gate: Gate, clock: Hands) -> None:
    """Who was asked to pause waits for as long as that, and nobody else does."""
    gate.close("ann", 5)
    assert (gate.wait("ann"), gate.wait("ben")) == (5.0, 0.0)
    clock.at += 3
    assert gate.wait("ann") == 2.0
    clock.at += 2
    assert gate.wait("ann") == 0.0


def test_the_longest_pause_counts(gate: Gate) -> None:
    """A shorter pause does not take back a longer one."""
    gate.close("ann", 5)
    gate.close("ann", 1)
    assert gate.wait("ann") == 5.0


def test_nobody_is_remembered_when_all_may_go(gate: Gate, clock: Hands) -> None:
    """When the last pause is over, the next question by anybody forgets all who had one."""
    gate.close("ann", 5)
    gate.close("ben", 9)
    clock.at += 8
    assert gate.wait("cat") == 0.0
    assert gate.held_back
    clock.at += 1
    assert gate.wait("cat") == 0.0
    assert not gate.held_back


def test_one_call_leaves_each_minute_of_a_long_pause(gate: Gate, clock: Hands) -> None:
    """In a long pause one call at a time is let through, to see whether it is still needed."""
    gate.close("ann", 3600)
    clock.at += 59
    assert gate.wait("ann") == 3541.0
    clock.at += 1
    assert (gate.wait("ann"), gate.is_closed("ann")) == (0.0, True)
    assert gate.wait("ann") == 3540.0
    gate.close("ann", 10)
    clock.at += 59
    assert gate.wait("ann") == 3481.0
    clock.at += 1
    assert gate.wait("ann") == 0.0


def test_no_call_leaves_early_in_a_short_pause(gate: Gate, clock: Hands) -> None:
    """A pause of a minute is obeyed to the second."""
    gate.close("ann", 60)
    clock.at += 59.9
    assert gate.wait("ann") > 0
    clock.at += 0.1
    assert (gate.wait("ann"), gate.is_closed("ann")) == (0.0, False)


def test_it_is_opened(gate: Gate, clock: Hands) -> None:
    """What is opened is open, for one asker; a pause after that is a new one."""
    gate.close("ann", 3600)
    gate.close("ben", 3600)
    gate.open("ann")
    gate.open("cat")
    assert (gate.wait("ann"), gate.is_closed("ann")) == (0.0, False)
    assert (gate.wait("ben"), gate.is_closed("ben")) == (3600.0, True)
    clock.at += 30
    gate.close("ann", 90)
    clock.at += 59
    assert gate.wait("ann") == 31.0
    clock.at += 1
    assert (gate.wait("ann"), gate.is_closed("ann")) == (0.0, True)


def test_a_storm_does_not_fill_the_memory(gate: Gate, clock: Hands) -> None:
    """Of thousands of visitors only those are remembered who still have to wait, and a few more."""
    for number in range(10_000):
        gate.close(number, 10)
        clock.at += 1
    assert len(gate.held_back) < 200
    assert gate.wait(9_999) == 9.0
