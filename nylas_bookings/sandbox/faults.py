"""What goes wrong on purpose: scripted for an operation, so many times or with some probability."""

from __future__ import annotations

import random
import threading
from typing import Any, Final, Literal, TypeAlias, get_args

from attrs import asdict, define, frozen

from .routes import NAMES

FaultKind: TypeAlias = Literal[
    "status",
    "latency",
    "drop_before",
    "drop_after",
    "drop_then_book",
    "truncate",
    "garbage",
]
_LONGEST: Final = 86400


@frozen(kw_only=True)
class Fault:
    """One kind of mishap. Make one with the functions of this class."""

    kind: FaultKind
    code: int | None = None
    retry_after: float | None = None
    seconds: float = 0.0

    def __attrs_post_init__(self) -> None:
        if self.kind not in get_args(FaultKind):
            raise ValueError(f"kind is one of {', '.join(get_args(FaultKind))}, not {self.kind!r}")
        if self.kind == "status" and self.code not in range(400, 600):
            raise ValueError("code is a status from 400 to 599")
        for seconds in (self.seconds, self.retry_after or 0):
            if not 0 <= seconds <= _LONGEST:
                raise ValueError("seconds and retry_after are from 0 to 86400, which is a day")

    @classmethod
    def status(cls, code: int, retry_after: float | None = None) -> Fault:
        """Refuse with that status, and perhaps ask to wait; nothing is done."""
        return cls(kind="status", code=code, retry_after=retry_after)

    @classmethod
    def latency(cls, seconds: float) -> Fault:
        """Do it, but answer only after so many seconds."""
        return cls(kind="latency", seconds=seconds)

    @classmethod
    def drop_before(cls) -> Fault:
        """Close the connection; nothing is done."""
        return cls(kind="drop_before")

    @classmethod
    def drop_after(cls) -> Fault:
        """Do it, and close the connection instead of answering."""
        return cls(kind="drop_after")

    @classmethod
    def drop_then_book(cls, after: float) -> Fault:
        """Close the connection, and do it only so many seconds later."""
        return cls(kind="drop_then_book", seconds=after)

    @classmethod
    def truncate(cls) -> Fault:
        """Do it, and send half of the answer."""
        return cls(kind="truncate")

    @classmethod
    def garbage(cls) -> Fault:
        """Do it, and answer with a page of HTML."""
        return cls(kind="garbage")


@define(kw_only=True)
class _Script:
    fault: Fault
    times: int | None
    probability: float


class Faults:
    """The mishaps that are waiting to happen, by operation."""

    def __init__(self, seed: int | None) -> None:
        self._seed = seed
        self._chance = random.Random(seed)
        self._lock = threading.Lock()
        self._scripts: dict[str, list[_Script]] = {}

    def add(
        self, operation: str, fault: Fault, *, times: int | None = 1, probability: float = 1.0
    ) -> None:
        """Let something go wrong.

        Args:
            operation: Such as `create` or `bookings.create`; `*` is all of them.
            fault: What happens.
            times: How often; `None` is always.
            probability: How likely it is each time, from 0 to 1.
        """
        if not 0 < probability <= 1:
            raise ValueError("probability is above 0, and 1 at most")
        if times is not None and times < 1:
            raise ValueError("times is 1 at least, or None for always")
        script = _Script(fault=fault, times=times, probability=probability)
        with self._lock:
            self._scripts.setdefault(_full_name(operation), []).append(script)

    def clear(self) -> None:
        """Let everything go well again; what is added later happens as if it were the first."""
        with self._lock:
            self._scripts.clear()
            self._chance = random.Random(self._seed)

    def waiting(self) -> list[dict[str, Any]]:
        """What may still happen, as data."""
        with self._lock:
            return [
                {
                    "operation": operation,
                    "fault": asdict(script.fault),
                    "times": script.times,
                    "probability": script.probability,
                }
                for operation, scripts in self._scripts.items()
                for script in scripts
            ]

    def __bool__(self) -> bool:
        return bool(self._scripts)

    def next(self, operation: str) -> Fault | None:
        """What goes wrong with this call, if anything."""
        with self._lock:
            for name in (operation, "*"):
                for script in self._scripts.get(name, ()):
                    if self._chance.random() < script.probability:
                        return self._use(name, script)
        return None

    def _use(self, name: str, script: _Script) -> Fault:
        if script.times is not None:
            script.times -= 1
            if script.times == 0:
                self._scripts[name].remove(script)
        return script.fault


def _full_name(operation: str) -> str:
    """`create` is short for `bookings.create`."""
    names = NAMES | {"*"}
    for name in (operation, f"bookings.{operation}"):
        if name in names:
            return name
    raise ValueError(f"no operation is called {operation!r}; there are {', '.join(sorted(names))}")
