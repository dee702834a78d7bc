"""The outbox: mails that lie there to be read, or until a mail server has taken them.

The history of a booking tells which mails there are. They are written when somebody looks, and
before anything changes that they tell of: a test that never reads a mail does not pay for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from .. import booked, configurations
from ..booked import Booking
from ..store import dumps, loads
from ..world import World
from .mails import Mail, of_change

_UNWRITTEN: Final = (
    "SELECT rowid, * FROM history "
    "WHERE rowid > (SELECT CAST(value AS INTEGER) FROM settings WHERE name = 'mailed') "
    "ORDER BY rowid"
)


def note(world: World, booking: Booking, what: str, **more: Any) -> None:
    """Add to the history of a booking; if there is a mail server, it gets the mails about it."""
    is_sent = world.mail_server is not None
    if is_sent:
        catch_up(world)
    world.store.run(
        "INSERT INTO history (booking_id, at, what, document) VALUES (?, ?, ?, ?)",
        booking.id,
        world.clock.now(),
        what,
        dumps({"start": booking.start, "end": booking.end, **more}),
    )
    if is_sent:
        _write(world, "waiting")
        world.store.afterwards(world.wake)


def put(world: World, mails: Sequence[Mail]) -> None:
    """Put mails into the outbox; they leave if there is a mail server."""
    catch_up(world)
    now = world.clock.exact()
    if world.mail_server is None:
        _insert(world, mails, now, "kept")
    else:
        _insert(world, mails, now, "waiting")
        world.store.afterwards(world.wake)


def catch_up(world: World) -> None:
    """Write the mails that nobody has looked at yet; there was no mail server that they missed."""
    if world.store.row(f"{_UNWRITTEN} LIMIT 1") is not None:
        with world.store.transaction():
            _write(world, "kept")


def _write(world: World, state: str) -> None:
    rows = world.store.rows(_UNWRITTEN)
    for row in rows:
        kept = world.store.row("SELECT * FROM bookings WHERE id = ?", row["booking_id"])
        stored = kept and configurations.by_id(world, kept["configuration_id"])
        assert stored, "what a mail tells of is there until it is written"
        more = loads(row["document"])
        del more["start"], more["end"]
        mails = of_change(world, stored, booked.of_row(kept), row["what"], **more)
        _insert(world, mails, row["at"], state)
    if rows:
        mailed = "UPDATE settings SET value = ? WHERE name = 'mailed'"
        world.store.run(mailed, str(rows[-1]["rowid"]))


def _insert(world: World, mails: Sequence[Mail], at: float, state: str) -> None:
    world.store.run_all(
        "INSERT INTO outbox (recipient, kind, booking_id, subject, body, at, state, due) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [(*mail, int(at), state, at) for mail in mails],
    )
