"""A run of the benchmarks: its rows, its machine, its date, and the versions."""

from __future__ import annotations

import json
import os
import platform
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from attrs import asdict, evolve, frozen

from ..figures import Row

_PACKAGES = (
    "nylas-bookings",
    "aiohttp",
    "attrs",
    "cattrs",
    "orjson",
    "nylas",
    "httpx",
    "requests",
    "urllib3",
    "pyreqwest",
    "uvloop",
)


@frozen(kw_only=True)
class Run:
    """What was measured, and under which conditions.

    Attributes:
        load: The load average when it began: above 1, other processes disturbed it.
        quick: Whether it was only a check that the benchmarks run.
    """

    machine: str
    date: str
    load: float
    versions: dict[str, str]
    quick: bool
    rows: tuple[Row, ...]

    def cases(self) -> dict[tuple[str, str], list[Row]]:
        """The rows by benchmark and case, in the order in which they were measured."""
        found: dict[tuple[str, str], list[Row]] = {}
        for row in self.rows:
            found.setdefault((row.benchmark, row.case), []).append(row)
        return found

    def conditions(self) -> str:
        """Machine, date and versions in a sentence."""
        versions = ", ".join(f"{name} {number}" for name, number in self.versions.items())
        quick = ", quickly: the figures mean nothing" if self.quick else ""
        return f"{self.date}{quick}, on {self.machine}, load {self.load:.1f}: {versions}"


def measured(rows: Sequence[Row], *, quick: bool, load: float) -> Run:
    """Return a run that was measured here and now."""
    return Run(
        machine=_machine(),
        date=datetime.now(UTC).date().isoformat(),
        load=load,
        versions=_versions(),
        quick=quick,
        rows=tuple(rows),
    )


def load_now() -> float:
    """Return the load average of the last minute."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0


def written(run: Run) -> str:
    """The run as JSON."""
    return json.dumps(asdict(run), ensure_ascii=False, indent=1) + "\n"


def read(path: Path) -> Run:
    """A run that was written earlier."""
    found: dict[str, Any] = json.loads(path.read_text())
    rows = tuple(Row(**{**row, "values": tuple(row["values"])}) for row in found.pop("rows"))
    return Run(rows=rows, **found)


def joined(runs: Sequence[Run]) -> Run:
    """Runs of different benchmarks on one day and one machine, as one; the later ones count."""
    last = runs[-1]
    if any(_conditions(run) != _conditions(last) for run in runs):
        raise ValueError("the runs were not made under the same conditions")
    rows = {row.key: row for run in runs for row in run.rows}
    return evolve(last, load=max(run.load for run in runs), rows=tuple(rows.values()))


def _conditions(run: Run) -> tuple[str, dict[str, str], bool]:
    return run.machine, run.versions, run.quick


def _machine() -> str:
    """Describe its processors and its system, without its name."""
    about = Path("/proc/cpuinfo")
    model = re.search(r"model name\s*: (.+)", about.read_text()) if about.exists() else None
    processor = model[1].strip() if model else platform.processor() or platform.machine()
    return f"{os.cpu_count()} × {processor}, {platform.system()} {platform.release()}"


def _versions() -> dict[str, str]:
    found = {"Python": platform.python_version()}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
