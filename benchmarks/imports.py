"""What importing costs, in processes of their own: ours and the official SDK's."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import time

from . import rounds

SUBJECTS = {
    "bare Python": "pass",
    "import nylas_bookings": "import nylas_bookings",
    "from nylas_bookings import AsyncClient": "from nylas_bookings import AsyncClient",
    "an AsyncClient": "from nylas_bookings import AsyncClient; AsyncClient()",
    "import aiohttp": "import aiohttp",
    "import nylas": "import nylas",
}


def _milliseconds(code: str) -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return (time.perf_counter() - began) * 1e3


def run(*, quick: bool) -> str:
    """Measure, and say it in a table."""
    official = importlib.util.find_spec("nylas") is not None
    subjects = {n: code for n, code in SUBJECTS.items() if official or n != "import nylas"}
    figures: dict[str, list[float]] = {name: [] for name in subjects}
    for code in subjects.values():
        _milliseconds(code)
    for number in range(3 if quick else 21):
        measured = {n: _milliseconds(subjects[n]) for n in rounds.shuffled(subjects, number)}
        for name, value in measured.items():
            figures[name].append(max(value - measured["bare Python"], 0.001))
    base = "import nylas" if official else "import aiohttp"
    against = rounds.ratios({n: v for n, v in figures.items() if n != "bare Python"}, base)
    lines = [f"imports (ms above bare Python; × is against `{base}`)"]
    lines += [
        f"  {name:40} {rounds.spread(figures[name]).median:7.1f}   × {ratio}"
        for name, ratio in against.items()
    ]
    return "\n".join(lines)
