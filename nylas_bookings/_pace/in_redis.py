"""What processes that share a pace have in common, when they keep it in Redis."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable, Iterator
from typing import Any, Final

from attrs import asdict
from pyrate_limiter import GCRA, Decision, Rate, RedisStateStore
from redis.asyncio import Redis
from redis.exceptions import RedisError, WatchError

from ..errors import NotSent
from .learning import Known
from .pace import BURST_SECONDS

_TIMEOUT: Final = 5.0
_REMEMBERED: Final = 3600
"""How many seconds what was learned is good for when nobody uses it."""

_FINENESS: Final = 1000
_INTERVAL: Final = 1000 * _FINENESS
"""pyrate-limiter counts whole calls: so many thousands in so many thousand seconds."""


class InRedis:
    """Two keys: the turns, and what was learned."""

    def __init__(self, redis: str | Redis, name: str) -> None:
        self._is_ours = isinstance(redis, str)
        self._redis: Redis = _connected(redis) if isinstance(redis, str) else redis
        # The braces keep both keys on the same node of a cluster.
        self._store: Any = RedisStateStore(self._redis, f"{{{name}}}:turn")
        self._learned = f"{{{name}}}:learned"

    async def time(self) -> float:
        """What time it is there."""
        with _explained():
            seconds, microseconds = await self._redis.time()
        return float(seconds) + float(microseconds) / 1e6

    async def turn(self, per_second: float, clock: Callable[[], float]) -> bool:
        """Ask for a turn until it is there."""
        rates = [_rate(per_second)]
        waited = False
        while True:
            with _explained():
                asked: Decision = await self._store.check(GCRA(), rates, int(clock() * 1000), 1)
            if asked.allowed:
                return waited
            waited = True
            await asyncio.sleep((asked.retry_after_ms or 1) / 1000)

    async def change(self, learn: Callable[[Known], Known]) -> None:
        """Change what is known, again if somebody else has done so meanwhile."""
        with _explained():
            while not await self._changed(learn):
                pass

    async def _changed(self, learn: Callable[[Known], Known]) -> bool:
        pipe: Any
        async with self._redis.pipeline() as pipe:
            await pipe.watch(self._learned)
            told = await pipe.get(self._learned)
            known = Known(**json.loads(told)) if told else Known()
            learned = learn(known)
            if learned == known:
                return True
            pipe.multi()
            pipe.set(self._learned, json.dumps(asdict(learned)), ex=_REMEMBERED)
            try:
                await pipe.execute()
            except WatchError:
                return False
            return True

    async def close(self) -> None:
        """Close the connections, if they are ours."""
        if self._is_ours:
            await self._redis.aclose()


def _connected(url: str) -> Redis:
    return Redis.from_url(url, socket_timeout=_TIMEOUT, socket_connect_timeout=_TIMEOUT)


def _rate(per_second: float) -> Rate:
    burst = max(1, round(per_second * BURST_SECONDS))
    return Rate(max(1, round(per_second * _FINENESS)), _INTERVAL, burst)


@contextlib.contextmanager
def _explained() -> Iterator[None]:
    """What goes wrong with Redis means that nothing may be sent."""
    try:
        yield
    except (RedisError, OSError) as error:
        raise NotSent(f"Redis cannot be asked for a turn: {error}") from error
