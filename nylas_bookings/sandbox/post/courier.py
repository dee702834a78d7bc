"""The thread that sends: it sleeps until something is due, by the sandbox's clock."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import threading
from collections.abc import Callable
from typing import Final, TypeAlias

from ..world import World
from . import agenda, queue, reminders
from .deliveries import Deliveries
from .exchange import new_session
from .letters import Letters

Channel: TypeAlias = Deliveries | Letters

logger: Final = logging.getLogger("nylas_bookings.sandbox")

_LOOK_AGAIN_SECONDS: Final = 5.0
"""Another process may have left something in the same file, and this machine may have slept."""

_STOP_SECONDS: Final = 2.0


class Courier:
    """Carries out what is due, from when it is made until it is stopped.

    Args:
        world: Where things wait.
        progress: Called after each attempt.
    """

    def __init__(self, world: World, progress: Callable[[], None]) -> None:
        self._world = world
        self._progress = progress
        self._stopping = False
        self._woken = asyncio.Event()
        self._tasks: dict[asyncio.Task[None], Channel] = {}
        # Made here, so that it can be woken before it has begun to run.
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="nylas sandbox post", daemon=True)
        try:
            self._thread.start()
        except RuntimeError:
            self._loop.close()
            raise

    def wake(self) -> bool:
        """Have it look for what is due; says whether it is still there to do so."""
        return self._do(self._woken.set)

    def drop(self) -> None:
        """Let what is being sent come to nothing."""
        self._do(self._cancel)

    def stop(self) -> None:
        """End it; what was being sent waits on."""
        self._stopping = True
        if self.wake() and threading.current_thread() is not self._thread:
            self._thread.join(_STOP_SECONDS)

    def _do(self, step: Callable[[], object]) -> bool:
        if not self._thread.is_alive():
            return False
        try:
            self._loop.call_soon_threadsafe(step)
        except RuntimeError:  # it has just ended
            return False
        return True

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        async with new_session() as session:
            channels: list[Channel] = [Deliveries(self._world, session)]
            if self._world.mail_server is not None:
                channels.append(Letters(self._world, self._world.mail_server))
            while not self._stopping:
                self._woken.clear()
                pause = self._begin_what_is_due(channels)
                await self._sleep(pause)
            self._cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def _begin_what_is_due(self, channels: list[Channel]) -> float:
        """Seconds until there may be more to do."""
        now = self._world.clock.exact()
        try:
            reminders.fire(self._world)
            for channel in channels:
                self._begin(channel)
            return _pause(self._world, now)
        except sqlite3.Error:  # such as a file that another process holds for too long
            if not self._stopping:
                logger.exception("the sandbox could not look for what is to be sent")
            return _LOOK_AGAIN_SECONDS

    def _begin(self, channel: Channel) -> None:
        free = channel.at_once - sum(one is channel for one in self._tasks.values())
        for row in queue.claim(self._world, channel.queue, free):
            task = self._loop.create_task(self._send(channel, row))
            self._tasks[task] = channel
            task.add_done_callback(self._end)

    async def _send(self, channel: Channel, row: sqlite3.Row) -> None:
        try:
            await channel.send(row)
        except asyncio.CancelledError:
            queue.give_back(self._world, channel.queue, row)
            raise
        except Exception:  # the claim ends by itself, and somebody tries again
            if not self._stopping:
                logger.exception("the sandbox could not send a row of %s", channel.queue)

    def _end(self, task: asyncio.Task[None]) -> None:
        del self._tasks[task]
        self._woken.set()
        self._progress()

    def _cancel(self) -> None:
        for task in self._tasks:
            task.cancel()

    async def _sleep(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        except TimeoutError:
            return


def _pause(world: World, now: float) -> float:
    """Seconds until something is due, or until it is time to look again anyway."""
    due = agenda.next_due(world, now)
    if due is None or world.clock.is_frozen:
        return _LOOK_AGAIN_SECONDS
    return min(max(0.0, due - world.clock.exact()), _LOOK_AGAIN_SECONDS)
