"""Round-robin: whose turn it is.

As the vendor describes it: who has never been booked comes first, by the alphabet; then who was
booked the longest ago. `max-availability` takes anybody in this order. `max-fairness` looks at the
first half of the list only, and at all of it when that half has no time at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from .hosts import Host

_NEVER: Final = float("-inf")


def rounds(
    method: str, hosts: Sequence[Host], booked: Mapping[str, int]
) -> tuple[Sequence[Host], ...]:
    """Who is looked at, and who instead when they have no time; everybody in the last round.

    The vendor drops "the bottom 50%" of the list: of an odd number, the middle one stays.
    """
    if method == "collective":
        return (hosts,)
    order = _in_turn(hosts, booked)
    return (order[: (len(order) + 1) // 2], order) if method == "max-fairness" else (order,)


def _in_turn(hosts: Iterable[Host], booked: Mapping[str, int]) -> list[Host]:
    """The hosts, the one whose turn it is first; `booked` says when each was booked last."""
    return sorted(hosts, key=lambda host: (booked.get(host.email, _NEVER), host.email.casefold()))
