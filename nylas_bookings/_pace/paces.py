"""Paces for many processes: through Redis, or through PostgreSQL."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from .._frames import hides_arguments
from ..errors import InvalidRequest
from .shared import NAME, SharedPace

if TYPE_CHECKING:
    from redis.asyncio import Redis


class RedisPace(SharedPace):
    """A `Pace` for all processes that name the same Redis: at most so many calls a second together.

    What one of them learns from a refusal or a slow answer all have learned, and when the API asks
    one to wait (`Retry-After`) all do. When Redis cannot be asked, nothing is sent: the call ends
    as `NotSent`.

    Args:
        redis: The URL of a Redis, or a `redis.asyncio.Redis` of your own, which is never closed.
        per_second: How many calls a second there are at most, all processes together; without it,
            the limit is searched.
        in_flight: How many calls of this process are on their way at a time, at most.
        name: Who shares it: the same for all that use the same account of the API.
    """

    @hides_arguments
    def __init__(
        self,
        redis: str | Redis,
        per_second: float | None = None,
        in_flight: int | None = None,
        *,
        name: str = NAME,
    ) -> None:
        with _extra("RedisPace", "redis"):
            from .in_redis import InRedis
        super().__init__(lambda: InRedis(redis, name), per_second, in_flight)


class PostgresPace(SharedPace):
    """A `Pace` for all processes that name the same database: so many calls a second together.

    What one of them learns from a refusal or a slow answer all have learned, and when the API asks
    one to wait (`Retry-After`) all do. When the database cannot be asked, nothing is sent: the call
    ends as `NotSent`. Each process holds one connection; the table is made when it is not there.

    Args:
        dsn: The URL of the database, or `key=value` pairs, as libpq takes them.
        per_second: How many calls a second there are at most, all processes together; without it,
            the limit is searched.
        in_flight: How many calls of this process are on their way at a time, at most.
        name: Who shares it: the same for all that use the same account of the API.
    """

    @hides_arguments
    def __init__(
        self,
        dsn: str,
        per_second: float | None = None,
        in_flight: int | None = None,
        *,
        name: str = NAME,
    ) -> None:
        with _extra("PostgresPace", "workers"):
            from .in_postgres import InPostgres
        super().__init__(lambda: InPostgres(dsn, name), per_second, in_flight)


@contextlib.contextmanager
def _extra(what: str, extra: str) -> Iterator[None]:
    """What is not installed is told by the name under which it can be."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise InvalidRequest(
            f"{what} needs {error.name}: pip install 'nylas-bookings[{extra}]'"
        ) from error
