"""Notifications on their way to a webhook: packed, signed, sent, and what is noted of it."""

from __future__ import annotations

import gzip
import logging
import sqlite3
from typing import Any, Final

import aiohttp
import orjson

from ... import webhooks
from .. import subscriptions
from ..store import loads
from ..world import World
from . import exchange, health, queue
from .exchange import Attempt, Parcel

logger: Final = logging.getLogger("nylas_bookings.sandbox")


class Deliveries:
    """Sends what is in the table of deliveries."""

    queue: Final = "deliveries"
    at_once: Final = 32

    def __init__(self, world: World, session: aiohttp.ClientSession) -> None:
        self._world = world
        self._session = session

    async def send(self, row: sqlite3.Row) -> None:
        """Make an attempt, unless nobody wants the notification any more."""
        parcel = _packed(self._world, row)
        if parcel is None:
            with self._world.store.transaction():
                queue.abandon(self._world, self.queue, row)
            return
        attempt = await exchange.post(self._session, parcel)
        _note(self._world, row, attempt)


def _packed(world: World, row: sqlite3.Row) -> Parcel | None:
    """What goes over the wire, if the subscription is there and active."""
    with world.store.transaction():
        health.judge(world, row["webhook_id"])
        kept = world.store.row(
            "SELECT secret, document FROM webhooks WHERE id = ?", row["webhook_id"]
        )
    if kept is None:
        return None
    subscription = loads(kept["document"])
    if not subscriptions.is_active(subscription):
        return None
    document = loads(row["document"]) | {"webhook_delivery_attempt": row["attempt"] + 1}
    return _signed(subscription, kept["secret"], orjson.dumps(document))


def _signed(subscription: dict[str, Any], secret: str, body: bytes) -> Parcel:
    headers = {"Content-Type": "application/json"}
    if subscription["compressed_delivery"]:
        body = gzip.compress(body, mtime=0)
        headers["Content-Encoding"] = "gzip"
    headers[webhooks.SIGNATURE_HEADER] = webhooks.sign(body, secret=secret)
    return Parcel(url=subscription["webhook_url"], headers=headers, body=body)


def _ended(world: World, row: sqlite3.Row, attempt: Attempt) -> bool:
    """Whether it was still ours to say what becomes of the notification."""
    if attempt.is_delivered:
        return queue.end(world, "deliveries", row, "delivered")
    subscription = subscriptions.find(world, row["webhook_id"])
    if subscription is None or not subscriptions.is_active(subscription):
        return queue.end(world, "deliveries", row, "given up")
    if not attempt.is_worth_another(world.behaviour.webhook_retries):
        return queue.end(world, "deliveries", row, "given up")
    return queue.fail(world, "deliveries", row, attempt.wait)


def _note(world: World, row: sqlite3.Row, attempt: Attempt) -> None:
    """The log of attempts, and what happens next; nothing of it after a reset."""
    told = attempt.failure or attempt.status
    with world.store.transaction():
        if not _ended(world, row, attempt):
            return
        world.store.run(
            "INSERT INTO attempts (delivery_id, webhook_id, number, at, status, failure, elapsed) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            row["id"],
            row["webhook_id"],
            row["attempt"] + 1,
            world.clock.exact(),
            attempt.status,
            attempt.failure,
            attempt.elapsed,
        )
        health.judge(world, row["webhook_id"])
    logger.debug("webhook %s, attempt %d: %s", row["webhook_id"], row["attempt"] + 1, told)
