"""Copies of a journal: one of them is gone on with, where it can be known which."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from nylas_bookings import errors
from nylas_bookings.batch import adopt_journal, place
from nylas_bookings.sandbox import Sandbox

from .asking import client, guests, many

COUNT = 6


@pytest.fixture
async def stopped(sandbox: Sandbox, journal: Path) -> Path:
    """The journal of a batch that has sent half of its rows."""
    await client(sandbox).bookings.create_many(
        many(COUNT), journal=journal, concurrency=1, stop_on=lambda result: result.key == "#3"
    )
    return journal


def remove(journal: Path) -> None:
    """Delete a journal."""
    journal.unlink()


async def go_on(sandbox: Sandbox, journal: Path) -> None:
    """Finish the batch; everybody is booked once."""
    report = await client(sandbox).bookings.create_many(many(COUNT), journal=journal)
    assert report.created == len(guests(sandbox)) == len(set(guests(sandbox))) == COUNT


async def test_beside_the_journal(sandbox: Sandbox, stopped: Path) -> None:
    """A copy is refused while the journal is there, whatever anybody says."""
    copy = stopped.with_name("copy.sqlite3")
    shutil.copy(stopped, copy)
    before = copy.read_bytes()
    for attempt in (
        client(sandbox).bookings.create_many(many(COUNT), journal=copy),
        _adopt(copy),
    ):
        with pytest.raises(errors.BatchError, match=r"is a copy of .*/journal\.sqlite3, which is"):
            await attempt
    assert copy.read_bytes() == before
    await go_on(sandbox, stopped)


async def _adopt(journal: Path) -> None:
    adopt_journal(journal)


async def test_renamed(sandbox: Sandbox, stopped: Path, tmp_path: Path) -> None:
    """A journal that was renamed is still the one that it was."""
    (tmp_path / "folder").mkdir()
    renamed = tmp_path / "folder" / "other.sqlite3"
    shutil.move(stopped, renamed)
    await go_on(sandbox, renamed)


async def test_in_its_place(sandbox: Sandbox, stopped: Path) -> None:
    """A copy in the place of a journal that is gone is gone on with when somebody says so."""
    copy = stopped.with_name("copy.sqlite3")
    shutil.copy(stopped, copy)
    remove(stopped)
    with pytest.raises(errors.BatchError, match=r"was last used as .*/journal\.sqlite3\. If no"):
        await go_on(sandbox, copy)
    assert len(guests(sandbox)) == 3
    adopt_journal(copy)
    await go_on(sandbox, copy)


async def test_the_second_of_two_copies(sandbox: Sandbox, stopped: Path) -> None:
    """Of two copies, the one that nobody has adopted is refused, also when the other is done."""
    first, second = (stopped.with_name(f"{name}.sqlite3") for name in ("first", "second"))
    shutil.copy(stopped, first)
    shutil.copy(stopped, second)
    remove(stopped)
    adopt_journal(first)
    await go_on(sandbox, first)
    with pytest.raises(errors.BatchError, match="is a copy"):
        await go_on(sandbox, second)


async def test_on_another_machine(
    sandbox: Sandbox, stopped: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A journal of another machine is a copy, even if its file has the same number there."""
    monkeypatch.setattr(place, "_machine", lambda: "another")
    with pytest.raises(errors.BatchError, match="on another machine"):
        await go_on(sandbox, stopped)
    adopt_journal(stopped)
    await go_on(sandbox, stopped)


@pytest.mark.parametrize("copies", [False, True])
async def test_machines_without_an_id(
    sandbox: Sandbox,
    stopped: Path,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    *,
    copies: bool,
) -> None:
    """Where machines have no id, as in containers, a volume keeps its journals, and not copies."""
    monkeypatch.setattr(place, "_MACHINE_IDS", (tmp_path / "no such file",))
    if not copies:
        await go_on(sandbox, stopped)
        return
    copy = stopped.with_name("copy.sqlite3")
    shutil.copy(stopped, copy)
    remove(stopped)
    with pytest.raises(errors.BatchError, match="is a copy"):
        await go_on(sandbox, copy)


async def test_nothing_left_to_do(sandbox: Sandbox, stopped: Path) -> None:
    """A copy of a journal whose rows are all booked is read wherever it is."""
    await go_on(sandbox, stopped)
    copy = stopped.with_name("copy.sqlite3")
    shutil.copy(stopped, copy)
    await go_on(sandbox, copy)


def test_nothing_to_adopt(tmp_path: Path) -> None:
    """Only a journal can be adopted, and no new one is made for it."""
    journal = tmp_path / "none.sqlite3"
    with pytest.raises(errors.BatchError, match=r"there is no journal none\.sqlite3"):
        adopt_journal(journal)
    assert not journal.exists()
    journal.touch()
    with pytest.raises(errors.BatchError, match=r"none\.sqlite3 is not a journal: it is empty"):
        adopt_journal(journal)
