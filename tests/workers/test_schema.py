"""The tables: made once, brought up to date, and out of everybody else's way."""

from __future__ import annotations

import asyncio
from pathlib import Path

import psycopg
import pytest

from nylas_bookings import errors, workers
from nylas_bookings.workers import schema

from ..batch.asking import many
from ..services import free_port
from .asking import ask


async def test_migrating_at_the_same_time(dsn: str) -> None:
    """Whoever starts first makes the tables; the others find them, and nothing is done twice."""
    await asyncio.gather(*(workers.migrate(dsn) for _ in range(3)))
    before = ask(dsn, "SELECT name FROM migrations")
    await workers.migrate(dsn)
    assert ask(dsn, "SELECT name FROM migrations") == before
    assert await workers.status(dsn) == []


async def test_nothing_else_is_touched(dsn: str) -> None:
    """All tables are in a schema of their own, next to whatever the database has."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("CREATE TABLE rows (id integer)")
        connection.execute("CREATE TABLE procrastinate_jobs (id integer)")
        await workers.migrate(dsn)
        await workers.submit(many(2), dsn=dsn)
        found = connection.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
        ).fetchone()
        assert found == (2,)
        assert connection.execute("SELECT count(*) FROM rows").fetchone() == (0,)


def test_what_a_newer_queue_needs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What procrastinate has added since is run in its order; a new database has it all at once."""
    for name in ("01.sql", "02.sql", "03.sql"):
        (tmp_path / name).write_text(f"SELECT '{name}'")
    monkeypatch.setattr(schema.SchemaManager, "get_migrations_path", lambda: str(tmp_path))
    new = dict(schema.pending(set()))
    assert [new[f"procrastinate {number}"] for number in ("01", "02", "03")] == ["", "", ""]
    assert "CREATE TABLE procrastinate_jobs" in new["procrastinate schema"]
    done = {"procrastinate schema", "procrastinate 01", *schema._OURS}
    assert list(schema.pending(done)) == [
        ("procrastinate 02", "SELECT '02.sql'"),
        ("procrastinate 03", "SELECT '03.sql'"),
    ]
    assert list(schema.pending(set(new))) == []


async def _of_the_first_version(database: str, *bookings: str) -> None:
    """Make of the tables those of the first version, with rows that have these bookings."""
    await workers.submit(many(len(bookings)), dsn=database, name="import")
    ask(database, "DROP INDEX each_booking_once; DROP INDEX rows_unresolved")
    ask(database, "CREATE INDEX rows_by_booking ON rows (booking_id)")
    ask(database, "DELETE FROM migrations WHERE name LIKE '0002%'")
    for number, booking in enumerate(bookings, 1):
        ask(database, f"UPDATE rows SET booking_id = '{booking}' WHERE number = {number}")


async def test_tables_of_the_first_version(database: str) -> None:
    """Tables without the rule that each booking is one row's get it."""
    await _of_the_first_version(database, "b-1", "b-2")
    await workers.migrate(database)
    with pytest.raises(psycopg.errors.UniqueViolation):
        ask(database, "UPDATE rows SET booking_id = 'b-1'")


async def test_a_booking_of_two_rows(database: str) -> None:
    """Tables in which two rows have one booking are left as they are, and the error says whose."""
    await _of_the_first_version(database, "b-1", "b-1")
    with pytest.raises(errors.BatchError, match=r"one booking to two rows.*\(b-1\)"):
        await workers.migrate(database)
    ask(database, "UPDATE rows SET booking_id = NULL WHERE number = 2")
    await workers.migrate(database)


async def test_without_tables(dsn: str) -> None:
    """A database that was not prepared says what to do."""
    for asked in (
        workers.submit(many(1), dsn=dsn),
        workers.run(dsn),
        workers.status(dsn),
        workers.report("x", dsn=dsn),
    ):
        with pytest.raises(errors.BatchError, match=r"run workers\.migrate first"):
            await asked


async def test_without_a_database() -> None:
    """A database that is not there is an error that says so, and shows no password."""
    there = f"postgresql://me:hunter2@127.0.0.1:{free_port()}/x"
    for asked in (
        workers.migrate(there),
        workers.submit(many(1), dsn=there),
        workers.run(there),
        workers.status(there),
        workers.status("host=here hunter2"),
    ):
        with pytest.raises(errors.BatchError, match="the database cannot be used") as caught:
            await asked
        assert "hunter2" not in str(caught.value)


async def test_a_view_for_people(database: str) -> None:
    """`readable` shows a row in one line."""
    await workers.submit(many(1), dsn=database, name="import")
    ((batch, number, state, guest),) = ask(
        database, "SELECT batch, number, state, guests FROM readable"
    )
    assert (batch, number, state, guest) == ("import", 1, "planned", "guest0@example.com")


def test_settings_of_ones_own(postgres_of_all: str) -> None:
    """What a connection string asks for besides is kept."""
    given = f"{postgres_of_all} options='-c statement_timeout=12345' application_name=mine"
    from nylas_bookings.workers.database import addressed

    with psycopg.connect(addressed(given)) as connection:
        (timeout,) = connection.execute("SHOW statement_timeout").fetchone() or ()
        (path,) = connection.execute("SHOW search_path").fetchone() or ()
        (name,) = connection.execute("SHOW application_name").fetchone() or ()
    assert (timeout, path, name) == ("12345ms", "nylas_bookings", "mine")
