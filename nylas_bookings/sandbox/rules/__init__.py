"""What can be booked when: rules in, times out, without a database, a clock or a network."""

from __future__ import annotations

from .availability import Offer, is_offered, offer
from .group_events import Change, GroupEventFacts, GroupSlot, group_offer, occurrences
from .reading import Rules, read
from .slots import Busy, Slot
from .wall_clock import UnusableRule

__all__ = [
    "Busy",
    "Change",
    "GroupEventFacts",
    "GroupSlot",
    "Offer",
    "Rules",
    "Slot",
    "UnusableRule",
    "group_offer",
    "is_offered",
    "occurrences",
    "offer",
    "read",
]
