"""The fixtures that users of the package get for their own tests."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

USERS_TESTS = """
import time

from nylas_bookings import Guest, errors
from nylas_bookings.sandbox import Fault

JANE = Guest(name="Jane", email="jane@example.com")
NOW = int(time.time())


def test_blocking(sandbox, client):
    slot = client.availability.get(start_time=NOW, end_time=NOW + 7 * 86400).time_slots[0]
    client.bookings.create(start_time=slot.start_time, end_time=slot.end_time, guest=JANE)
    assert [row["status"] for row in sandbox.bookings()] == ["booked"]


async def test_async(sandbox, async_client):
    offer = await async_client.availability.get(start_time=NOW, end_time=NOW + 7 * 86400)
    slot = offer.time_slots[0]
    sandbox.faults.add("create", Fault.drop_after())
    try:
        await async_client.bookings.create(
            start_time=slot.start_time, end_time=slot.end_time, guest=JANE
        )
    except errors.NoAnswer as error:
        assert error.outcome is errors.Outcome.UNKNOWN
    assert len(sandbox.bookings()) == 1


def test_each_test_has_its_own(sandbox):
    assert sandbox.bookings() == []
    assert sandbox.api_key == "%s"
"""


def test_fixtures(tmp_path: Path) -> None:
    """Installing the package is enough for `sandbox`, `async_client` and `client`."""
    from nylas_bookings.sandbox import Sandbox

    with Sandbox(seed=0) as same:
        (tmp_path / "test_users.py").write_text(USERS_TESTS % same.api_key)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider",
         "-p", "no:randomly", "-o", "asyncio_mode=auto",
         "-o", "asyncio_default_fixture_loop_scope=function", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )  # fmt: skip
    assert "3 passed" in done.stdout, done.stdout + done.stderr


def test_the_plugin_costs_little() -> None:
    """Whoever has the package installed does not load it in each test run."""
    script = (
        "import nylas_bookings.pytest_plugin, sys; "
        "print([m for m in sys.modules if m.split('.')[0] in ('aiohttp', 'attrs', 'cattrs')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
