"""Where a model keeps what the API sent and this package does not know yet."""

from __future__ import annotations

from typing import Any

from attrs import field


def extra() -> Any:
    """The field that holds them; they are sent back with the rest."""
    return field(factory=dict, repr=False, metadata={"extra": True})
