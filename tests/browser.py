"""Chromium for the tests of pages: one in each process, a fresh context for each test."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import pytest

PROGRAMS = ("chromium-headless-shell", "chromium")
"""The first is the same without windows and menus, and takes a quarter less of the processor."""

QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
SECONDS = 15.0

# A refusal that a page handles is still told in the console, by Chromium itself.
_EXPECTED = "Failed to load resource"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The browser of this process."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        absent("playwright is not installed")
    found = map(shutil.which, PROGRAMS)
    executable = next(filter(None, found), None) or absent("chromium is not installed")
    playwright = sync_playwright().start()
    started = playwright.chromium.launch(executable_path=executable, args=list(QUIET))
    asyncio._set_running_loop(None)
    yield started
    with _driving(started):
        started.close()
        playwright.stop()


@pytest.fixture
def new_page(chromium: Any) -> Iterator[Callable[..., Any]]:
    """Opens pages, each in a context of its own with the options that it is given.

    The test fails when one of them has an error that nobody caught, or breaks its own policy.
    """
    contexts, complaints = [], []

    def opened(**options: Any) -> Any:
        context = chromium.new_context(**{"locale": "en-GB", "timezone_id": "UTC", **options})
        contexts.append(context)
        context.set_default_timeout(SECONDS * 1000)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        context.on("console", lambda line: _listen(line, complaints))
        return context.new_page()

    with _driving(chromium):
        yield opened
        for context in contexts:
            context.close()
    assert not complaints, complaints


@pytest.fixture
def page(new_page: Callable[..., Any]) -> Any:
    """A page in a context of its own."""
    return new_page()


@contextmanager
def _driving(started: Any) -> Iterator[None]:
    """Where playwright may be called.

    It leaves its own loop behind as the running one, after every call, and needs it so for the
    next one. The asyncio of other tests must not find it.
    """
    asyncio._set_running_loop(started._loop)
    try:
        yield
    finally:
        asyncio._set_running_loop(None)


def _listen(line: Any, complaints: list[str]) -> None:
    if line.type == "error" and _EXPECTED not in line.text:
        complaints.append(line.text)


def absent(reason: str) -> NoReturn:
    """Skip, except where it has to be there."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
