"""Rows that the sandbox reads once: a change of them by anybody counts from the next request on."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from nylas_bookings.sandbox import Sandbox
from nylas_bookings.sandbox.row_cache import _MOST

from .calls import MONDAY, Raw

_BY_SLUG = "SELECT id FROM configurations WHERE slug = ?"
_RENAME = "UPDATE configurations SET slug = ? WHERE slug = 'introduction'"


@pytest.fixture
def one(tmp_path: Path) -> Sandbox:
    """A sandbox on a file, which another may open as well."""
    return Sandbox(tmp_path / "sandbox.db", now=MONDAY)


async def _title_of_next(sandbox: Sandbox, number: int) -> str:
    answer = await Raw(sandbox).book(number)
    assert answer.status == 200
    return str(answer.told["data"]["title"])


async def _rename(sandbox: Sandbox, title: str) -> None:
    path = f"/v3/grants/{sandbox.grant_id}/scheduling/configurations/{sandbox.public}"
    body = {"event_booking": {"title": title, "booking_type": "booking", "timezone": "UTC"}}
    assert (await Raw(sandbox)("PUT", path, body, key=sandbox.api_key)).status == 200


async def test_a_change_by_another_process(one: Sandbox, tmp_path: Path) -> None:
    """A configuration that was changed through another connection holds for the next booking."""
    with closing(one), closing(Sandbox(tmp_path / "sandbox.db", now=MONDAY)) as other:
        assert await _title_of_next(one, 0) == "Introduction"
        await _rename(other, "Renamed")
        assert await _title_of_next(one, 1) == "Renamed"
        await _rename(one, "Again")
        assert await _title_of_next(one, 2) == "Again"


def test_a_change_that_is_rolled_back(sandbox: Sandbox) -> None:
    """What a transaction read after its own change is forgotten when it is rolled back."""
    store = sandbox._world.store

    def fail() -> None:
        with store.transaction():
            assert store.cached_rows(_BY_SLUG, "other") == []
            store.run(_RENAME, "other")
            assert len(store.cached_rows(_BY_SLUG, "other")) == 1
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with store.transaction():
        assert store.cached_rows(_BY_SLUG, "other") == []


def test_outside_a_transaction(one: Sandbox, tmp_path: Path) -> None:
    """Without a transaction nothing is taken from what was read before."""
    with closing(one), closing(Sandbox(tmp_path / "sandbox.db", now=MONDAY)) as other:
        with one._world.store.transaction():
            assert one._world.store.cached_rows(_BY_SLUG, "other") == []
        other._world.store.run(_RENAME, "other")
        assert one._world.store.cached_row(_BY_SLUG, "other") is not None


def test_any_number_of_queries(sandbox: Sandbox) -> None:
    """However many ids somebody asks for, only so many rows are kept."""
    store = sandbox._world.store
    with store.transaction():
        for number in range(_MOST + 5):
            store.cached_rows(_BY_SLUG, str(number))
    assert len(store._cache) <= _MOST
