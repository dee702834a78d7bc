"""What the tests of workers share: a sandbox, and a database with our tables."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import psycopg
import pytest

from nylas_bookings import workers
from nylas_bookings.sandbox import Sandbox

from ..batch.asking import monday
from ..services import new_database


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A sandbox without a socket, whose clock stands still the night before a Monday."""
    made = Sandbox(seed=1, now=monday())
    yield made
    made.close()


@pytest.fixture(scope="session")
def migrated(postgres_of_all: str) -> str:
    """A database with our tables, from which others are copied."""
    with psycopg.connect(postgres_of_all, autocommit=True) as connection:
        connection.execute("CREATE DATABASE migrated")
    asyncio.run(workers.migrate(postgres_of_all.replace("dbname=postgres", "dbname=migrated")))
    return postgres_of_all


@pytest.fixture
def database(migrated: str) -> Iterator[str]:
    """The connection string of a database with our tables."""
    with new_database(migrated, "migrated") as made:
        yield made
