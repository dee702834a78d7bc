"""Waiting for a change: a number that is another one as soon as anything has changed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from ..notices import catch_up
from ..world import World

if TYPE_CHECKING:
    from ..sandbox import Sandbox

# Changes come from other threads and processes too, so somebody has to look.
_LOOK_SECONDS: Final = 0.05
_LOOKS: Final = 400


class Changes:
    """Numbers the states of a sandbox; `newest` says which request was the last one."""

    def __init__(self, sandbox: Sandbox, world: World, newest: Callable[[], object]) -> None:
        self._sandbox = sandbox
        self._world = world
        self._newest = newest
        self._ended = False
        self._state: Any = None
        # The numbers of a sandbox that is started again on the same port are others.
        self._number = time.time_ns() // 10**7

    def number(self) -> int:
        """The number of the present state."""
        with self._world.store.lock:
            if not self._ended:
                catch_up(self._world)  # or whoever looks at the mails would change the state
                state = self._present()
                self._number += state != self._state
                self._state = state
            return self._number

    async def after(self, number: int) -> int:
        """The number of a state that is not the one with that number; the same after a while."""
        for _ in range(_LOOKS):
            if self.number() != number or self._ended:
                break
            await asyncio.sleep(_LOOK_SECONDS)
        return self.number()

    def end(self) -> None:
        """Let nobody wait any longer, nor look into the database."""
        with self._world.store.lock:
            self._ended = True

    def _present(self) -> tuple[Any, ...]:
        return (
            self._world.store.moves(),
            self._world.clock.setting,
            self._world.behaviour,
            self._sandbox.faults.waiting(),
            self._newest(),
        )
