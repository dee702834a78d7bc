"""A Redis and a PostgreSQL of the tests' own, each in a directory that goes away with them."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

_PATIENCE = 30.0


def program(name: str) -> str:
    """Where a program is; a test without it is skipped, but not in CI."""
    found = shutil.which(name) or _elsewhere(name)
    if found is None:
        if "CI" in os.environ:
            pytest.fail(f"{name} is not installed, and CI has to have it")
        pytest.skip(f"{name} is not installed")
    return found


def _elsewhere(name: str) -> str | None:
    """Debian does not put the programs of the PostgreSQL server on the PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(found[-1]) if found else None


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def redis_server(port: int | None = None) -> Iterator[str]:
    """The URL of a Redis that keeps everything in memory."""
    server, port = program("redis-server"), port or free_port()
    with tempfile.TemporaryDirectory(prefix="redis-") as place:
        settings = ["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", place]
        with subprocess.Popen(
            [server, "--port", str(port), *settings], stdout=subprocess.DEVNULL
        ) as process:
            _wait(process, lambda: socket.create_connection(("127.0.0.1", port), 1).close())
            try:
                yield f"redis://127.0.0.1:{port}/0"
            finally:
                process.kill()


@contextlib.contextmanager
def postgres_server() -> Iterator[str]:
    """The connection string of a PostgreSQL that need not survive a power cut."""
    initdb, server = program("initdb"), program("postgres")
    with tempfile.TemporaryDirectory(prefix="pg-", dir="/tmp") as place:
        as_user = _somebody(place)
        data = f"{place}/data"
        subprocess.run(
            [initdb, "-D", data, "-U", "tests", "-A", "trust", "-E", "UTF8", "--no-sync"],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=place,
            **as_user,
        )
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": place,
            "fsync": "off",
            "max_connections": "200",
        }
        options = [part for item in settings.items() for part in ("-c", "=".join(item))]
        with subprocess.Popen(
            [server, "-D", data, *options], stderr=subprocess.DEVNULL, cwd=place, **as_user
        ) as process:
            dsn = f"host={place} user=tests dbname=postgres"
            _wait(process, lambda: _connect(dsn))
            try:
                yield dsn
            finally:
                process.terminate()
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(5)
                process.kill()


def _somebody(place: str) -> dict[str, str | int | list[str]]:
    """PostgreSQL refuses to run as root: then it runs as somebody else."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name for entry in pwd.getpwall()}
    name = "postgres" if "postgres" in names else "nobody"
    entry = pwd.getpwnam(name)
    os.chown(place, entry.pw_uid, entry.pw_gid)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _connect(dsn: str) -> None:
    import psycopg

    try:
        psycopg.connect(dsn).close()
    except psycopg.OperationalError as error:
        raise ConnectionError(str(error)) from error


def _wait(process: subprocess.Popen[bytes], ask: Callable[[], object]) -> None:
    """Wait until a server answers."""
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            ask()
        except OSError:
            if process.poll() is not None or time.monotonic() > until:
                process.kill()
                raise
            time.sleep(0.02)
        else:
            return


@pytest.fixture(scope="session")
def redis_of_all() -> Iterator[str]:
    """A Redis for all tests of a process."""
    with redis_server() as url:
        yield url


@pytest.fixture
def redis_url(redis_of_all: str) -> str:
    """The URL of a Redis with nothing in it."""
    from redis import Redis

    with Redis.from_url(redis_of_all) as redis:
        redis.flushall()
    return redis_of_all


@pytest.fixture(scope="session")
def postgres_of_all() -> Iterator[str]:
    """A PostgreSQL for all tests of a process."""
    with postgres_server() as dsn:
        yield dsn


@pytest.fixture
def dsn(postgres_of_all: str) -> Iterator[str]:
    """The connection string of a database with nothing in it."""
    with new_database(postgres_of_all) as made:
        yield made


@contextlib.contextmanager
def new_database(server: str, template: str = "template1") -> Iterator[str]:
    """The connection string of a database for a while, with what the template has in it."""
    import psycopg

    name = f"test_{time.monotonic_ns()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        yield server.replace("dbname=postgres", f"dbname={name}")
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
