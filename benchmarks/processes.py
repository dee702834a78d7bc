"""Processes: pinned to processors, measured from inside, started and stopped."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

SPAWN = multiprocessing.get_context("spawn")
_STATUS = Path("/proc/self/status")
_THREADS = Path("/proc/self/task")


def _processors() -> tuple[int, int] | None:
    """Return one for the client and one for the server, if the system lets us choose."""
    if sys.platform != "linux":
        return None
    allowed = sorted(os.sched_getaffinity(0))
    return (allowed[0], allowed[-1]) if len(allowed) > 1 else None


def _own_processors() -> set[int]:
    return os.sched_getaffinity(0) if sys.platform == "linux" else set()


# As they were before anything was pinned.
_PROCESSORS, _ALLOWED = _processors(), _own_processors()


def pin_this() -> None:
    """Pin this process, and the processes that it starts, to one processor."""
    if _PROCESSORS is not None and sys.platform == "linux":
        os.sched_setaffinity(0, {_PROCESSORS[0]})


def allow_many_files() -> None:
    """Raise the limit of open files: some cases need three connections for each of 512 calls."""
    if sys.platform != "win32":
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def pin_other_end(process_id: int) -> None:
    """Pin the process of a server to another processor."""
    if _PROCESSORS is not None and sys.platform == "linux":
        os.sched_setaffinity(process_id, {_PROCESSORS[1]})


@contextmanager
def allow_all_processors() -> Iterator[None]:
    """Let all threads of this process use every processor, for as long as the block runs."""
    before = _own_processors()
    _use_processors(_ALLOWED)
    try:
        yield
    finally:
        _use_processors(before)


def _use_processors(processors: set[int]) -> None:
    # Linux pins threads, not processes: a process id means its first thread only.
    if sys.platform == "linux":
        for thread in _THREADS.iterdir():
            os.sched_setaffinity(int(thread.name), processors)


def in_child(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call a function in a new process, where nothing else has used memory."""
    with ProcessPoolExecutor(1, SPAWN) as pool:
        return pool.submit(function, *args, **kwargs).result()


def memory() -> float:
    """Return how many MB this process holds now."""
    return _status("VmRSS") or memory_peak()


def memory_peak() -> float:
    """Return how many MB this process held at most.

    `ru_maxrss` is the second choice: on Linux it begins with what the parent held.
    """
    return _status("VmHWM") or _maximum_resident()


def _maximum_resident() -> float:
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e3)


def _status(name: str) -> float | None:
    if not _STATUS.exists():
        return None
    facts = dict(line.split(":", 1) for line in _STATUS.read_text().splitlines())
    return int(facts[name].split()[0]) / 1024


def environment() -> Mapping[str, str]:
    """Return the environment of a Python that caches compiled modules, as Pythons usually do."""
    return {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


@contextmanager
def first_line(command: Sequence[str], *, pinned: bool = True) -> Iterator[str]:
    """Run a program for as long as the block runs; yields its first line of output."""
    with (
        tempfile.TemporaryFile("w+") as errors,
        subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=errors, text=True, env=environment()
        ) as process,
    ):
        if pinned:
            pin_other_end(process.pid)
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            if not line:
                errors.seek(0)
                raise RuntimeError(f"{' '.join(command)} printed nothing:\n{errors.read()}")
            yield line
        finally:
            process.terminate()
