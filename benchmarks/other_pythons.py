"""Creates one at a time on the other Pythons of this machine, each in a process of its own.

As a program, it is that process: it measures on its own Python and prints the rows as JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from attrs import asdict

from . import interpreters, processes, rounds
from .clients import on_asyncio, ours
from .figures import Row
from .server import Endpoint
from .turns.creates import one_at_a_time
from .turns.harness import Case, measure

NAME = "overhead"
_ROOT = Path(__file__).parents[1]
_SECONDS, _TIMEOUT_SECONDS = 25.0, 120
_CLIENTS = (on_asyncio.PLAIN_AIOHTTP, ours.ASYNC_CLIENT)


def case(number: str) -> str:
    """Name the case of a version in the tables."""
    return f"one at a time, Python {number}"


def run(endpoint: Endpoint) -> list[Row]:
    """Measure on each Python, and print why another one was left out."""
    rows: list[Row] = []
    for number in interpreters.OTHERS:
        if sys.version.startswith(f"{number}."):
            continue
        rounds.report_progress(f"{NAME}: {case(number)}, {_SECONDS:.0f} s")
        try:
            rows += _measure(interpreters.prepare(number), endpoint)
        except interpreters.Unavailable as reason:
            print(f"Python {number} was not measured: {reason}", file=sys.stderr)
    return rows


def _measure(python: Path, endpoint: Endpoint) -> list[Row]:
    """What the other process has measured; it inherits the processor."""
    command = [str(python), "-m", __name__, endpoint.url, str(endpoint.control)]
    done = subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        cwd=_ROOT,
        env=processes.environment(),
        timeout=_TIMEOUT_SECONDS,
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stderr}")
    return [Row(**{**row, "values": tuple(row["values"])}) for row in json.loads(done.stdout)]


def main() -> None:
    """Measure on this Python."""
    url, control = sys.argv[1:]
    endpoint = Endpoint(url, None, int(control))
    contenders = [one_at_a_time(client, endpoint) for client in _CLIENTS]
    name = case("{}.{}".format(*sys.version_info))
    rows = measure(NAME, Case(name=name, contenders=contenders, seconds=_SECONDS), quick=False)
    print(json.dumps([asdict(row) for row in rows]))


if __name__ == "__main__":
    main()
