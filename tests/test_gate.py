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


def test_a_storm_does_not_fill_the_memory(gate: Gate, clock: Hands) -> None:
    """Of thousands of visitors only those are remembered who still have to wait, and a few more."""
    for number in range(10_000):
        gate.close(number, 10)
        clock.at += 1
    assert len(gate.held_back) < 200
    assert gate.wait(9_999) == 9.0
