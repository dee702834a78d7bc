"""Where the time of a create goes, by package: on plain aiohttp and on ours.

    python -m benchmarks.shares
    python -m benchmarks.shares create --concurrent 1 --tls
    python -m benchmarks.shares batch

A profiler makes calls of Python functions longer than they are, and everything else not. So code of
many small functions, as our layers are, gets more than its share here: `overhead` measures how long
a call takes. Only the thread of the event loop is profiled, and not that of a journal.
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

from . import overhead, processes, sandbox, server
from .clients import on_asyncio, ours
from .server import Endpoint
from .turns import batches
from .turns.creates import concurrent
from .turns.harness import Case, Contender, Turn, open_all

SUBJECTS = ("create", "session", "batch", "journal", "sandbox")
_CALLS_A_TURN = 960
"""Every number of concurrent calls up to 32 makes exactly so many, and a batch has so many rows."""

_SOCKETS: Final = ("_socket.socket", "select.epoll", "_ssl.")
_JSON: Final = ("/json/", "orjson")
_SQLITE: Final = "sqlite3."
_EXCHANGE, _MODELS = "our exchange (_http)", "models (attrs, cattrs)"
_SESSION, _CONNECTIONS = "aiohttp's session", "aiohttp's connections"
# The first that is part of a path counts. aiohttp's parser is compiled: its time is that of the
# protocol which calls it.
_OWNERS: Final = {
    "nylas_bookings/_http": _EXCHANGE,
    "attrs generated": _MODELS,
    "cattrs": _MODELS,
    "nylas_bookings": "nylas_bookings, the rest",
    "aiohttp/connector": _CONNECTIONS,
    "aiohttp/client_proto": _CONNECTIONS,
    "aiohttp/base_protocol": _CONNECTIONS,
    "aiohttp/streams": _CONNECTIONS,
    "aiohttp": _SESSION,
    "yarl": _SESSION,
    "multidict": _SESSION,
    "asyncio": "asyncio",
    "selectors": "asyncio",
    "contextvars": "asyncio",
}
Function = tuple[str, int, str]


def main() -> None:
    """Print a table: a line for each package, a column for each client."""
    wanted = _arguments()
    processes.pin_this()
    with server.running() as endpoints:
        endpoint = endpoints[server.TLS if wanted.tls else server.PLAIN]
        contenders = _contenders(wanted.subject, endpoint, wanted.concurrent)
        turns = max(1, wanted.calls // _CALLS_A_TURN)
        shares = _profile_all(contenders, turns)
    print(f"microseconds per create, under the profiler (nylas-bookings {__version__})\n")
    for line in table(shares, turns * _CALLS_A_TURN):
        print(line)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("subject", nargs="?", choices=SUBJECTS, default=SUBJECTS[0])
    parser.add_argument("--calls", type=int, default=20_000, metavar="N")
    parser.add_argument("--concurrent", type=int, default=32, metavar="N", choices=range(1, 33))
    parser.add_argument("--tls", action="store_true")
    return parser.parse_args()


def _contenders(subject: str, endpoint: Endpoint, number: int) -> list[Contender]:
    """Return the reference and what is compared with it."""
    if subject == "batch":
        return [
            batches.gather(endpoint, _CALLS_A_TURN, number),
            batches.create_many(endpoint, _CALLS_A_TURN, number),
        ]
    if subject == "journal":
        return [
            batches.create_many(endpoint, _CALLS_A_TURN, number),
            batches.create_many_with_journal(endpoint, _CALLS_A_TURN, number),
        ]
    clients = {
        "create": overhead.CLIENTS,
        "session": (on_asyncio.PLAIN_AIOHTTP, ours.WITH_SESSION),
        "sandbox": (on_asyncio.PLAIN_AIOHTTP, sandbox.IN_PROCESS_CLIENT),
    }[subject]
    return [concurrent(client, endpoint, number, calls=_CALLS_A_TURN) for client in clients]


def _profile_all(contenders: list[Contender], turns: int) -> dict[str, Counter[str]]:
    case = Case(name="", contenders=contenders, seconds=0)
    with asyncio.Runner() as runner, open_all(case, runner.get_loop()) as turn_by_name:
        return {name: by_owner(_profile(turn, turns)) for name, turn in turn_by_name.items()}


def _profile(turn: Turn, turns: int) -> Mapping[Function, Any]:
    with cProfile.Profile() as profile:
        for _ in range(turns):
            turn()
    stats: Mapping[Function, Any] = vars(pstats.Stats(profile))["stats"]
    return stats


def by_owner(stats: Mapping[Function, Any]) -> Counter[str]:
    """Return seconds by package; what C does for a function counts as that function's."""
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
    if _SQLITE in name:
        return "SQLite"
    # A folder on the way to a package may have the name of another package.
    inside = PurePath(file).as_posix().rpartition("site-packages/")[2]
    return next((owner for part, owner in _OWNERS.items() if part in inside), None)


def table(shares: Mapping[str, Counter[str]], calls: int) -> list[str]:
    """Return lines to print, the largest share first."""
    together: Counter[str] = sum(shares.values(), Counter())
    owners = [owner for owner, _ in together.most_common()]
    width = max(16, *(len(name) + 2 for name in shares))
    lines = [" " * 24 + "".join(f"{name:>{width}}" for name in shares)]
    for owner in [*owners, "all"]:
        cells = ""
        for owned in shares.values():
            whole = sum(owned.values())
            part = whole if owner == "all" else owned[owner]
            cells += f"{part / calls * 1e6:>{width - 7}.0f} {part / whole:>6.0%}"
        lines.append(f"{owner:24}{cells}")
    return lines


if __name__ == "__main__":
    main()
