"""What the resources of a client have in common: the transport behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..models._secret import plain

if TYPE_CHECKING:
    from .._transport import Transport


class Resource:
    """A group of operations."""

    __slots__ = ("_transport",)

    def __init__(self, transport: Transport) -> None:
        self._transport = transport


def given(**values: object) -> dict[str, str]:
    """What goes into a query: without what was not given."""
    return {name: str(plain(value)) for name, value in values.items() if value is not None}
