"""Around the receivers: how much is read, and what is loaded."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from nylas_bookings.webhooks.receiving import beginning

from ..test_public_names import loaded_by

FRAMEWORKS = {"aiohttp", "starlette", "fastapi", "flask", "django"}


async def endless(size: int) -> AsyncIterator[bytes]:
    """A body that never ends, and must not be read for long."""
    for _ in range(4):
        yield b"x" * size
    pytest.fail("it was read on and on")


@pytest.mark.parametrize(("size", "limit"), [(1, 3), (4, 3), (2, 7)])
async def test_no_more_is_read_than_tells_that_it_is_too_much(size: int, limit: int) -> None:
    """Reading ends with the chunk that goes beyond the limit."""
    body = await beginning(endless(size), limit)
    assert limit < len(body) <= limit + size


async def test_a_body_within_the_limit_is_whole() -> None:
    """A body of exactly the limit is read to its end."""

    async def chunks() -> AsyncIterator[bytes]:
        yield b"ab"
        yield b""
        yield b"c"

    assert await beginning(chunks(), 3) == b"abc"


def test_no_framework_is_loaded_unasked() -> None:
    """Verifying and reading need no framework, and a receiver needs only its own."""
    assert FRAMEWORKS.isdisjoint(loaded_by("from nylas_bookings.webhooks import receive, sign"))
    for name in ("flask", "django"):
        loaded = loaded_by(f"from nylas_bookings.webhooks import {name}")
        assert loaded & FRAMEWORKS == {name}
