"""UNSET: the difference between a field that was not given and one that is null."""

from __future__ import annotations

import enum
from typing import Final, Literal


class Unset(enum.Enum):
    """The type of `UNSET`, the value of a field that was not given."""

    UNSET = "unset"

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "UNSET"


UNSET: Final = Unset.UNSET
"""Not given, so not sent; where the API gives null a meaning of its own, `None` sends null."""
