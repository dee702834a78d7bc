"""Lists that come in pages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from ..errors import InvalidRequest, Outcome, UnexpectedAnswer
from ..models.pages import Page
from .resource import given

Item = TypeVar("Item")


def page_query(limit: int | None, page_token: str | None) -> dict[str, str]:
    """The query for one page, without what was not given."""
    if limit is not None and (type(limit) is not int or not 1 <= limit <= 200):
        raise InvalidRequest("limit is a number from 1 to 200")
    return given(limit=limit, page_token=page_token)


async def all_items(page: Callable[[str | None], Awaitable[Page[Item]]]) -> Sequence[Item]:
    """The items of all pages. A cursor that leads nowhere new is refused, not followed for ever."""
    items: list[Item] = []
    seen: set[str] = set()
    token: str | None = None
    while True:
        found = await page(token)
        items += found.items
        token = found.next_cursor
        if token is None:
            return items
        if token in seen:
            raise _endless(found)
        seen.add(token)


def _endless(page: Page[Any]) -> UnexpectedAnswer:
    error = UnexpectedAnswer(
        "a next_cursor came twice: its pages have no end",
        status=200,
        body=b"",
        request_id=page.request_id,
        outcome=Outcome.DONE,
    )
    error.reads = True
    return error
