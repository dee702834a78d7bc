"""Import time above that of a bare Python, in processes of their own: ours and others."""

from __future__ import annotations

import subprocess
import sys
import time
from functools import partial
from importlib.util import find_spec

from .figures import Row
from .processes import environment
from .rounds import Figures, interleaved

NAME = "imports"
CASE = "above bare Python"
OFFICIAL, OURS = "import nylas", "import nylas_bookings"
_OTHERS = (
    "from nylas_bookings import AsyncClient",
    "from nylas_bookings import AsyncClient; AsyncClient()",
    "import aiohttp",
    "import requests",
)


def milliseconds(*arguments: str) -> float:
    """Return how long a Python with these arguments runs."""
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL, env=environment()
    )
    return (time.perf_counter() - began) * 1e3


def _above_bare_python(code: str) -> Figures:
    return {"above bare ms": milliseconds("-c", code) - milliseconds("-c", "pass")}


def run(*, quick: bool) -> list[Row]:
    """Measure it."""
    modules = {code: code.split()[1] for code in (OFFICIAL, OURS, *_OTHERS)}
    installed = [code for code, module in modules.items() if find_spec(module) is not None]
    if quick:
        installed = installed[:3]
    for code in installed:
        milliseconds("-c", code)
    works = {CASE: {code: partial(_above_bare_python, code) for code in installed}}
    return interleaved(NAME, works, 1 if quick else 21)
