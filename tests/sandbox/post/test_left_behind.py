"""Sandboxes that nobody closes: they neither complain nor keep the interpreter from ending."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from ...scripts import SLOW
from ...wire_server import Answer
from .receiver import Receiver

_BEGINNING = """
import asyncio, gc, os, sys, threading, time
from attrs import evolve
from nylas_bookings.sandbox import Behaviour, Sandbox
from tests.sandbox.calls import MONDAY, Raw
from tests.waiting import until

def told(sandbox):
    async def ask():
        raw = Raw(sandbox)
        hook = {"trigger_types": ["booking.created"], "webhook_url": sys.argv[1]}
        assert (await raw("POST", "/v3/webhooks", hook, key=sandbox.api_key)).status == 200
        assert (await raw.book()).status == 200
    asyncio.run(ask())
    return sandbox

def threads():
    return [one for one in threading.enumerate() if one.name.startswith("nylas sandbox")]
"""

SCRIPTS = {
    "dropped when all is sent": """
        sandbox = told(Sandbox(now=MONDAY))
        sandbox.settle()
        del sandbox
        gc.collect()
        until(lambda: not threads())
    """,
    "dropped while it sends": """
        sandbox = told(Sandbox(now=MONDAY))
        until(lambda: sandbox._world.store.row("SELECT 1 FROM deliveries WHERE state = 'sending'"))
        del sandbox
        gc.collect()
        until(lambda: not threads())
    """,
    "left open at exit": """
        sandbox = told(Sandbox(now=MONDAY))
        other = told(Sandbox(now=MONDAY))
        sandbox.settle()
    """,
    "left open at exit while it sends": """
        sandbox = told(Sandbox(now=MONDAY))
    """,
    "left open at exit while it listens": """
        sandbox = told(Sandbox(now=MONDAY).__enter__())
    """,
    "held by nothing but its own thread's exit": """
        def use():
            sandbox = told(Sandbox(now=MONDAY))
            sandbox.clock.advance(days=1)
        worker = threading.Thread(target=use)
        worker.start()
        worker.join()
    """,
    "an error at the end": """
        sandbox = told(Sandbox(now=MONDAY))
        try:
            raise SystemExit(0)
        finally:
            sandbox.clock.advance(hours=1)
    """,
}

FORKED = """
    sandbox = told(Sandbox(now=MONDAY))
    sandbox.settle()
    if child := os.fork():
        _, status = os.waitpid(child, 0)
        assert os.waitstatus_to_exitcode(status) == 0
        assert len(threads()) == 1
        sandbox.clock.advance(hours=1)
        sandbox.settle()
        sandbox.close()
    else:
        assert asyncio.run(Raw(sandbox).book(1)).status == 200
        sandbox.settle()
        assert [one["state"] for one in sandbox.deliveries()] == ["delivered"] * 2
"""


def _run(script: str, receiver: Receiver) -> None:
    """Run it in a process of its own, which must end by itself, well, and without a word."""
    program = _BEGINNING + textwrap.dedent(script)
    ended = subprocess.run(
        [sys.executable, "-X", "dev", "-W", "error", "-c", program, receiver.url],
        capture_output=True,
        text=True,
        timeout=40,
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
    )
    assert (SLOW.sub("", ended.stderr), ended.returncode) == ("", 0)


@pytest.mark.parametrize("name", SCRIPTS)
def test_nobody_closes_it(name: str, receiver: Receiver) -> None:
    """A sandbox that is dropped or left open ends in silence, and at once."""
    if "while it sends" in name:
        receiver.answer(Answer(delay=600.0))
    _run(SCRIPTS[name], receiver)


@pytest.mark.skipif(not hasattr(os, "fork") or sys.version_info >= (3, 12), reason="warns itself")
def test_a_fork(receiver: Receiver) -> None:
    """In a child a sandbox in memory goes on with a thread of its own, and the parent's too."""
    _run(FORKED, receiver)
    assert len(receiver.posts) == 2
