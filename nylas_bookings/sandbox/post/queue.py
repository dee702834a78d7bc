"""Rows that wait to be sent: claimed by one process, tried again later, lost by nobody.

A table that is such a queue has the columns state, due, attempt, claim and claimed_until. A row is
`waiting`, `sending`, or has come to an end.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
import time
from typing import Final, Literal, TypeAlias

from ..world import World

Queue: TypeAlias = Literal["deliveries", "outbox"]

QUEUES: Final[tuple[Queue, ...]] = ("deliveries", "outbox")

_WAITS: Final = (300.0, 600.0)
"""Seconds until the second and the third attempt: the last comes 15 minutes after the first."""

_LONGEST_WAIT: Final = 600.0
"""However long somebody asks us to wait: the last attempt comes within 20 minutes of the first."""

_CLAIM_SECONDS: Final = 20.0
"""Real time after which whoever claimed a row is taken for dead: receivers have 10 to answer."""

# What is about the same booking goes out in order, as long as nothing has to be tried again.
_FREE: Final = {
    "deliveries": "NOT EXISTS (SELECT 1 FROM deliveries AS earlier WHERE "
    "earlier.booking_id = one.booking_id AND earlier.webhook_id = one.webhook_id AND "
    "earlier.id < one.id AND (earlier.state = 'sending' OR "
    "(earlier.state = 'waiting' AND earlier.due <= one.due)))",
    "outbox": "NOT EXISTS (SELECT 1 FROM outbox AS earlier WHERE earlier.state = 'sending')",
}


def claim(world: World, queue: Queue, most: int) -> list[sqlite3.Row]:
    """Rows that are due, for the caller alone to send."""
    if most < 1 or not _has_claimable(world, queue):
        return []
    with world.store.transaction():
        _take_back(world, queue)
        rows = world.store.rows(
            f"UPDATE {queue} SET state = 'sending', claim = ?, claimed_until = ? WHERE id IN "
            f"(SELECT id FROM {queue} AS one WHERE state = 'waiting' AND due <= ? AND "
            f"{_FREE[queue]} ORDER BY due, id LIMIT ?) RETURNING *",
            f"{os.getpid()}:{secrets.token_hex(8)}",
            time.time() + _CLAIM_SECONDS,
            world.clock.exact(),
            most,
        )
    return sorted(rows, key=lambda row: (row["due"], row["id"]))


def end(world: World, queue: Queue, row: sqlite3.Row, state: str) -> bool:
    """Say how a claimed row ended; says whether it was still the caller's to say."""
    return _leave(world, queue, row, state, due=row["due"], attempts=1)


def abandon(world: World, queue: Queue, row: sqlite3.Row) -> None:
    """Nobody wants a claimed row any more: it has come to an end without an attempt."""
    _leave(world, queue, row, "given up", due=row["due"], attempts=0)


def fail(world: World, queue: Queue, row: sqlite3.Row, wait: float | None = None) -> bool:
    """An attempt has failed: try again later, unless it was the last one."""
    if row["attempt"] >= len(_WAITS):
        return end(world, queue, row, "given up")
    seconds = _WAITS[row["attempt"]] if wait is None else min(wait, _LONGEST_WAIT)
    return _leave(world, queue, row, "waiting", due=world.clock.exact() + seconds, attempts=1)


def _leave(
    world: World, queue: Queue, row: sqlite3.Row, state: str, *, due: float, attempts: int
) -> bool:
    changed = world.store.run(
        f"UPDATE {queue} SET state = ?, due = ?, attempt = attempt + ?, claim = NULL "
        "WHERE id = ? AND claim = ?",
        state,
        due,
        attempts,
        row["id"],
        row["claim"],
    )
    return changed == 1


def give_back(world: World, queue: Queue, row: sqlite3.Row) -> None:
    """Let a row that could not be sent wait on, as if nobody had claimed it."""
    with world.store.transaction():
        _leave(world, queue, row, "waiting", due=row["due"], attempts=0)


def is_due(world: World, queue: Queue) -> bool:
    """Whether something should be sent now, or is being sent."""
    found = f"SELECT 1 FROM {queue} WHERE state = 'sending' OR (state = 'waiting' AND due <= ?)"
    return world.store.row(f"{found} LIMIT 1", world.clock.exact()) is not None


def next_due(world: World, queue: Queue, after: float) -> float | None:
    """When something will be due after that moment, by the sandbox's clock."""
    later = f"SELECT min(due) FROM {queue} WHERE state = 'waiting' AND due > ?"
    found: float | None = world.store.rows(later, after)[0][0]
    return found


def _has_claimable(world: World, queue: Queue) -> bool:
    """Whether something is due that nobody in this process sends already."""
    found = (
        f"SELECT 1 FROM {queue} WHERE (state = 'waiting' AND due <= ?) OR (state = 'sending' "
        "AND (claimed_until <= ? OR claim NOT LIKE ?)) LIMIT 1"
    )
    values = world.clock.exact(), time.time(), f"{os.getpid()}:%"
    return world.store.row(found, *values) is not None


def _take_back(world: World, queue: Queue) -> None:
    """What a process that is gone wanted to send waits again."""
    claims = f"SELECT DISTINCT claim, claimed_until FROM {queue} WHERE state = 'sending'"
    for row in world.store.rows(claims):
        if row["claimed_until"] <= time.time() or not _is_alive(int(row["claim"].split(":")[0])):
            world.store.run(
                f"UPDATE {queue} SET state = 'waiting', claim = NULL WHERE claim = ?", row["claim"]
            )


def _is_alive(process: int) -> bool:
    """Whether a process may still be there; it only shortens the wait for its claims to end."""
    if os.name == "nt":  # os.kill would end it
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
