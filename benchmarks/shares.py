"""Where the time of a create goes, by package: plain aiohttp, and ours on top of it.

    python -m benchmarks.shares --calls 20000

A profiler makes calls of Python functions longer than they are, and everything else not. So what
is made of many small functions, as our layers are, has more than its share here: `overhead` says
how long a call takes.
"""

from __future__ import annotations

import argparse
import asyncio
import cProfile
import pstats
from collections import Counter
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any, Final

from nylas_bookings import __version__

from . import overhead, processes, server
from .clients.kinds import Awaited
from .server import Endpoint

_AT_A_TIME = 32
"""So many that there is always something to do, and no time is spent waiting."""

_WARM_UP = 20
_SOCKETS: Final = ("_socket.socket", "select.epoll", "_ssl.")
_JSON: Final = ("/json/", "orjson")
_PACKAGES: Final = {
    "nylas_bookings": "nylas_bookings",
    "attrs generated": "nylas_bookings",
    "cattrs": "nylas_bookings",
    "aiohttp": "aiohttp",
    "yarl": "aiohttp",
    "multidict": "aiohttp",
    "asyncio": "asyncio",
    "selectors": "asyncio",
    "contextvars": "asyncio",
}
Function = tuple[str, int, str]


def main() -> None:
    """Print a table: a line for each package, a column for each client."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--calls", type=int, default=20_000, metavar="N")
    calls = parser.parse_args().calls
    processes.pin_this()
    with server.running() as endpoints:
        shares = {
            client.name: by_owner(asyncio.run(_profiled(client, endpoints[server.PLAIN], calls)))
            for client in overhead.CLIENTS
        }
    print(f"microseconds a create, under the profiler (nylas-bookings {__version__})\n")
    for line in table(shares, calls):
        print(line)


async def _profiled(client: Awaited, endpoint: Endpoint, calls: int) -> Mapping[Function, Any]:
    async with client.open(endpoint, _AT_A_TIME) as create:
        await overhead.in_tasks(create, _AT_A_TIME, _WARM_UP)
        with cProfile.Profile() as profile:
            await overhead.in_tasks(create, _AT_A_TIME, calls // _AT_A_TIME)
    stats: Mapping[Function, Any] = vars(pstats.Stats(profile))["stats"]
    return stats


def by_owner(stats: Mapping[Function, Any]) -> Counter[str]:
    """Seconds by package; what C does for a function is that function's."""
    seconds: Counter[str] = Counter()
    for function, (_, _, own, _, callers) in stats.items():
        owner = _owner(function)
        if owner is not None:
            seconds[owner] += own
            continue
        for caller, (_, _, of_caller, _) in callers.items():
            seconds[_owner(caller) or "the rest"] += of_caller
    return seconds


def _owner(function: Function) -> str | None:
    file, _, name = function
    if any(part in name for part in _SOCKETS):
        return "sockets"
    if any(part in file or part in name for part in _JSON):
        return "JSON"
    # A folder on the way to a package may be called like another one.
    inside = PurePath(file).as_posix().rpartition("site-packages/")[2]
    return next((owner for part, owner in _PACKAGES.items() if part in inside), None)


def table(shares: Mapping[str, Counter[str]], calls: int) -> list[str]:
    """Lines for people, the largest first."""
    together: Counter[str] = sum(shares.values(), Counter())
    owners = [owner for owner, _ in together.most_common()]
    lines = [" " * 16 + "".join(f"{name:>16}" for name in shares)]
    for owner in [*owners, "all"]:
        cells = ""
        for owned in shares.values():
            whole = sum(owned.values())
            part = whole if owner == "all" else owned[owner]
            cells += f"{part / calls * 1e6:>9.0f} {part / whole:>6.0%}"
        lines.append(f"{owner:16}{cells}")
    return lines


if __name__ == "__main__":
    main()
