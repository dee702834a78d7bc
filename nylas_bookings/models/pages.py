"""One page of a longer list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar

from attrs import frozen

Item = TypeVar("Item")


@frozen(kw_only=True)
class Page(Generic[Item]):
    """One page of a list. Iterating goes through its items.

    Attributes:
        items: What is on this page.
        next_cursor: Give it as `page_token` to get the next page; `None` on the last one.
        request_id: What to quote to the vendor's support.
    """

    items: tuple[Item, ...] = ()
    next_cursor: str | None = None
    request_id: str | None = None

    def __iter__(self) -> Iterator[Item]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)
