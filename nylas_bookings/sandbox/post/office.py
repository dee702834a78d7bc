"""The post office of a sandbox: whatever waits there is sent when its time has come."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import TYPE_CHECKING, Final

from ..world import World
from . import agenda, reminders

if TYPE_CHECKING:
    from .courier import Courier

_GLANCE_SECONDS: Final = 0.05
"""How often to look whether another process has sent what waits."""

_LEFT_SHOWN: Final = 5


class PostOffice:
    """Has a courier as soon as there is something to send, and not before."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._courier: Courier | None = None
        self._is_open = False
        self._is_closed = False
        self._progress = threading.Condition()

    def open(self) -> None:
        """Send what was left in the file when the last process ended."""
        if not self._is_open:
            self._is_open = True
            self.catch_up()

    def catch_up(self) -> None:
        """The clock was moved: remind at once of what has come near, and send the rest."""
        if not self._is_closed:
            reminders.fire(self._world)
            self.wake()

    def wake(self) -> None:
        """Something was queued: have it sent."""
        with self._world.store.lock:
            if self._is_closed or (self._courier is not None and self._courier.wake()):
                return
            if agenda.has_work(self._world):
                self._courier = self._new_courier()

    def _new_courier(self) -> Courier | None:
        from .courier import Courier  # brings an HTTP client

        try:
            return Courier(self._world, self._tell)
        except RuntimeError:  # the interpreter is about to exit, and starts no more threads
            return None

    def settle(self, timeout: float) -> None:
        """Wait until all that is due has been tried."""
        if asyncio._get_running_loop() is not None:  # noqa: SLF001 - the public one raises
            raise RuntimeError(
                "settle would hold up the event loop, and a receiver in it: "
                "use await asyncio.to_thread(sandbox.settle)"
            )
        self._is_open = True
        self.catch_up()
        deadline = time.monotonic() + timeout
        while left := self._left():
            if time.monotonic() >= deadline:
                raise TimeoutError(f"not sent within {timeout:g} seconds: {', '.join(left)}")
            with self._progress:
                self._progress.wait(_GLANCE_SECONDS)

    def forget(self) -> None:
        """Let what is being sent come to nothing."""
        if self._courier is not None:
            self._courier.drop()

    def close(self) -> None:
        """Send no more. What still waits is sent when the file is opened again."""
        with self._world.store.lock:
            self._is_closed = True
        if self._courier is not None:
            self._courier.stop()

    def _tell(self) -> None:
        with self._progress:
            self._progress.notify_all()

    def _left(self) -> list[str]:
        """What is due and has not been tried, in words."""
        left = [f"{what} to {whom}" for what, whom in agenda.left(self._world)]
        more = len(left) - _LEFT_SHOWN
        return left if more <= 0 else [*left[:_LEFT_SHOWN], f"and {more} more"]
