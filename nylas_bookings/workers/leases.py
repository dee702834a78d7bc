"""Leases: for how long a chunk is one worker's, by the database's clock.

The advisory lock of a chunk goes with its connection, which the database may give up while the
worker, or its whole machine, is paused. A lease makes sure that nobody takes the chunk over before
every request that the worker was allowed to send has left or has become impossible: each mark
renews the lease, and allows the request for a shorter time than the lease lasts.
"""

from __future__ import annotations

from typing import Any, Final

from attrs import frozen
from psycopg import AsyncConnection

from .._expiry import Expiry
from .database import explained, value

_PART_OF_TAKEOVER: Final = 2 / 3
_USABLE: Final = 0.9
"""The part of a lease for which a mark allows a request. The rest is for clocks that drift."""

_ACQUIRE: Final = """
INSERT INTO chunks AS held (batch, chunk, epoch, leased_until)
VALUES (%(batch)s, %(chunk)s, 1, clock_timestamp() + %(seconds)s * interval '1 second')
ON CONFLICT (batch, chunk) DO UPDATE
SET epoch = held.epoch + 1, leased_until = excluded.leased_until
WHERE held.leased_until < clock_timestamp()
RETURNING epoch
"""
RENEW: Final = """
UPDATE chunks SET leased_until = clock_timestamp() + %(seconds)s * interval '1 second'
WHERE (batch, chunk, epoch) = (%(batch)s, %(chunk)s, %(epoch)s) RETURNING epoch
"""
"""A part of the statements that change rows. It finds nothing, once another worker has the chunk.

Named parameters: those of `Lease.parameters`."""

_RELEASE: Final = """
UPDATE chunks SET leased_until = to_timestamp(0)
WHERE (batch, chunk, epoch) = (%(batch)s, %(chunk)s, %(epoch)s)
"""
_UNLOCK: Final = "SELECT pg_advisory_unlock_all()"


@frozen
class Lease:
    """The right to work on a chunk.

    Attributes:
        epoch: How many workers have had the chunk, this one included.
        seconds: How long the lease lasts after each renewal.
    """

    batch: str
    chunk: int
    epoch: int
    seconds: float

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters of `RENEW`."""
        return {
            "batch": self.batch,
            "chunk": self.chunk,
            "epoch": self.epoch,
            "seconds": self.seconds,
        }

    def expiry(self) -> Expiry:
        """Return until when a request may be sent that is marked from now on."""
        return Expiry.after(self.seconds * _USABLE)

    async def release(self, connection: AsyncConnection[Any]) -> None:
        """Let others have the chunk at once: a server notices a closed connection a bit later."""
        with explained():
            await connection.execute(_RELEASE, self.parameters)
            await connection.execute(_UNLOCK)


async def acquire(
    connection: AsyncConnection[Any], batch: str, chunk: int, dead_after: float
) -> Lease | None:
    """Return a lease, or None if the lease of another worker has not ended yet.

    Args:
        connection: The connection that holds the lock of the chunk.
        batch: The batch.
        chunk: The chunk.
        dead_after: After how many seconds without a sign of life a worker is taken for dead.
    """
    seconds = dead_after * _PART_OF_TAKEOVER
    asked = {"batch": batch, "chunk": chunk, "seconds": seconds}
    epoch = await value(connection, _ACQUIRE, asked)
    return None if epoch is None else Lease(batch, chunk, epoch, seconds)
