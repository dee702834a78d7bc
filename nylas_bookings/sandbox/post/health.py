"""How a subscription fares: failing when nearly nothing arrives, stopped when that goes on."""

from __future__ import annotations

from typing import Any, Final

from .. import subscriptions
from ..notices import put
from ..world import World

_HOPELESS: Final = 0.95
"""The share of failures from which on a receiver is taken for broken."""

_FEWEST: Final = 20
"""Attempts below which nobody is called failing: of fewer, 95 percent would be all."""

_QUARTER_HOUR: Final = 900
_THREE_DAYS: Final = 72 * 3600

_NEWS: Final = {
    "failing": "Nearly all deliveries to {url} have failed within the last 15 minutes. They go on; "
    "if that does not change within 72 hours, they will be stopped.",
    "failed": "Nearly all deliveries to {url} have failed for 72 hours. They are stopped, and what "
    "was missed is not sent again. Make the subscription active again when the receiver works.",
}


def judge(world: World, webhook_id: str) -> None:
    """Say how a subscription fares, after what became of its attempts by now."""
    subscription = subscriptions.find(world, webhook_id)
    if subscription is None:
        return
    now, since = world.clock.exact(), subscription["status_updated_at"]
    if subscription["status"] == "active":
        count, failures = _counted(world, webhook_id, max(since, now - _QUARTER_HOUR))
        if count >= _FEWEST and failures >= _HOPELESS * count:
            _change(world, subscription, "failing")
    elif subscription["status"] == "failing" and now - since >= _THREE_DAYS:
        count, failures = _counted(world, webhook_id, since + 1)
        if count:
            is_hopeless = failures >= _HOPELESS * count
            _change(world, subscription, "failed" if is_hopeless else "active")


def _counted(world: World, webhook_id: str, since: float) -> tuple[int, int]:
    """How many attempts there were, and how many of them failed."""
    row = world.store.rows(
        "SELECT count(*), total(status IS NULL OR status NOT BETWEEN 200 AND 299) FROM attempts "
        "WHERE webhook_id = ? AND at >= ?",
        webhook_id,
        since,
    )[0]
    return row[0], int(row[1])


def _change(world: World, subscription: dict[str, Any], status: str) -> None:
    subscriptions.set_status(world, subscription, status)
    if status not in _NEWS:
        return
    text = _NEWS[status].format(url=subscription["webhook_url"])
    for address in subscription["notification_email_addresses"]:
        put(world, [(address, f"webhook.{status}", None, f"Your webhook is {status}", text)])
