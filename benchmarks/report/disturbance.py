"""Whether other processes took processor time from a run, so that its wall times mean little."""

from __future__ import annotations

from .. import overhead
from ..clients import on_asyncio
from ..figures import paired, spread
from .run import Run

_TOLERATED = 1.1


def warn(run: Run) -> str | None:
    """Return a warning if plain aiohttp had to wait for its processor.

    With 32 calls in flight it always has work: what it waits for, other processes use.
    """
    rows = {row.key: row for row in run.rows}
    case, subject = overhead.case(overhead.IN_FLIGHT), on_asyncio.PLAIN_AIOHTTP.name
    wall, cpu = (
        rows.get((overhead.NAME, case, subject, measure)) for measure in ("call µs", "CPU µs")
    )
    if wall is None or cpu is None:
        return None
    ratio = spread(paired(wall.values, cpu.values)).median
    if ratio <= _TOLERATED:
        return None
    return (
        f"The machine was busy with something else: {subject}, {case}, took {ratio:.2f} times its"
        " CPU time. Measure again on a quiet machine before you trust these figures."
    )
