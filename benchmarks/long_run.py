"""Whether a call takes as long after a million calls of one client as after the first thousand.

Both ends of the run are measured in turns with plain aiohttp: in the minutes between them the speed
of the machine changes by more than the call.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from . import rounds
from .clients import on_asyncio, ours
from .figures import Row
from .rounds import Figures
from .server import Endpoint
from .turns.creates import concurrent
from .turns.harness import Case, Turn, open_all, take_turns

CASE, MEASURE = "calls in all", "call ÷ aiohttp's"
_MEASURES = {"call µs": MEASURE, "CPU µs": "CPU ÷ aiohttp's"}
SIZES, _QUICK_SIZES = (1_000, 1_000_000), (200, 1_000)
_CONCURRENT, _CALLS_EACH, _TURNS = 32, 2, 150
_CALLS = _CONCURRENT * _CALLS_EACH
_AIOHTTP, _OURS = on_asyncio.PLAIN_AIOHTTP, ours.ASYNC_CLIENT


def measure(benchmark: str, endpoint: Endpoint, *, quick: bool) -> list[Row]:
    """Make all calls with one client, and return its ratio to aiohttp at both ends."""
    contenders = [
        concurrent(client, endpoint, _CONCURRENT, calls=_CALLS) for client in (_AIOHTTP, _OURS)
    ]
    case = Case(name=CASE, contenders=contenders, seconds=0)
    rows, made = [], case.warm_up * _CALLS
    with asyncio.Runner() as runner, open_all(case, runner.get_loop()) as turns:
        for size in _QUICK_SIZES if quick else SIZES:
            rounds.report_progress(f"{benchmark}: {size:,} {CASE}")
            _make_calls(turns, size - made)
            figures = _compare(turns, 2 if quick else _TURNS)
            made = size + len(figures) * _CALLS
            rows += rounds.rows(benchmark, CASE, f"{size:,}", figures)
    rounds.report_progress("")
    return rows


def _make_calls(turns: Mapping[str, Turn], calls: int) -> None:
    for _ in range(calls // _CALLS):
        turns[_OURS.name]()
    # Its connections were idle for so long that it has closed them.
    turns[_AIOHTTP.name]()


def _compare(turns: Mapping[str, Turn], number: int) -> list[Figures]:
    figures = take_turns(turns, seconds=0, at_least=number)
    return [
        {ratio: own[measure] / theirs[measure] for measure, ratio in _MEASURES.items()}
        for own, theirs in zip(figures[_OURS.name], figures[_AIOHTTP.name], strict=True)
    ]
