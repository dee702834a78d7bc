"""Subscriptions that are paused or deleted: nothing more is sent to them."""

from __future__ import annotations

import pytest

from nylas_bookings import AsyncClient
from nylas_bookings.sandbox import Sandbox

from ...waiting import soon
from ...wire_server import Answer
from ..calls import Raw
from .conftest import Settle, Subscribe
from .receiver import Receiver

FAILED = Answer(status=500)


async def test_who_is_paused_or_gone_is_told_nothing(
    raw: Raw,
    sandbox: Sandbox,
    admin: AsyncClient,
    subscribe: Subscribe,
    receiver: Receiver,
    settle: Settle,
) -> None:
    """A subscription that is paused or deleted gets nothing, not even what waits for it."""
    paused, deleted = await subscribe(), await subscribe()
    receiver.answer(FAILED, FAILED)
    await raw.book()
    await settle()
    await admin.webhooks.update(paused.id, status="pause")
    await admin.webhooks.delete(deleted.id)
    assert [one["state"] for one in sandbox.deliveries()] == ["given up"]
    sandbox.clock.advance(hours=1)
    await raw.book(9)
    await settle()
    assert len(receiver.posts) == 2
    assert [one["state"] for one in sandbox.deliveries()] == ["given up"]
    await admin.webhooks.update(paused.id, status="active")
    await raw.book(10)
    await settle()
    assert len(receiver.posts) == 3


@pytest.mark.parametrize("how", ["pause", "delete"])
async def test_who_leaves_while_told_is_not_told_again(
    raw: Raw,
    admin: AsyncClient,
    subscribe: Subscribe,
    receiver: Receiver,
    settle: Settle,
    how: str,
) -> None:
    """An attempt that fails when the subscription has been paused or deleted was the last one."""
    made = await subscribe()
    receiver.answer(Answer(status=500, delay=0.3))
    await raw.book()
    await soon(lambda: len(receiver.posts) == 1)
    await (
        admin.webhooks.delete(made.id)
        if how == "delete"
        else admin.webhooks.update(made.id, status="pause")
    )
    await settle()
    (delivery,) = raw.sandbox.deliveries()
    assert (delivery["state"], delivery["attempt"], delivery["due"]) == ("given up", 1, None)
