"""An event loop in which time passes only when nothing else is left to do."""

from __future__ import annotations

import asyncio
import selectors
import time
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar
from unittest import mock

from nylas_bookings import AsyncClient
from nylas_bookings.sandbox import Sandbox

Result = TypeVar("Result")

_A_MOMENT = 1e-7
_BEGIN = 1000.0


class _Selector(selectors.DefaultSelector):
    """Does not wait: it moves the clock instead."""

    pass_time: Callable[[float], None]

    def select(self, timeout: float | None = None) -> Any:
        ready = super().select(0)
        # A real clock moves on, however little was to be waited.
        self.pass_time(_A_MOMENT if ready or not timeout else timeout + _A_MOMENT)
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """The loop. `sandboxes` have their frozen clocks moved along with it."""

    def __init__(self) -> None:
        selector = _Selector()
        selector.pass_time = self._pass
        self.now = _BEGIN
        self.sandboxes: list[Sandbox] = []
        super().__init__(selector)

    def time(self) -> float:
        """What time it is here."""
        return self.now

    async def shutdown_default_executor(self, *_: Any) -> None:
        """Wait for threads without a limit: time that passes at once would reach any."""
        await super().shutdown_default_executor()

    def _pass(self, seconds: float) -> None:
        self.now += seconds
        for sandbox in self.sandboxes:
            sandbox.clock.advance(seconds=seconds)


def run(function: Callable[[VirtualLoop], Coroutine[Any, Any, Result]]) -> Result:
    """What the coroutine function returns, in a loop of its own; its time is the wall's too."""
    began = time.time()
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        loop = runner.get_loop()
        assert isinstance(loop, VirtualLoop)

        def wall_time() -> float:
            return began + loop.now - _BEGIN

        with mock.patch("time.time", wall_time):
            return runner.run(function(loop))


def on(loop: VirtualLoop, client: AsyncClient) -> AsyncClient:
    """The client, with the loop's time as its own."""
    transport = client._transport
    transport._clock = transport._gate._clock = transport._mint._clock = loop.time
    transport._sleep = asyncio.sleep
    return client
