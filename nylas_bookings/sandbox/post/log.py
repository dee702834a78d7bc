"""What was sent to webhooks and what became of it, as data."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final

from ..notices import catch_up
from ..store import loads
from ..world import World

_MAIL: Final = (
    "id",
    "at",
    "recipient",
    "kind",
    "booking_id",
    "subject",
    "body",
    "state",
    "attempt",
    "failure",
)


def deliveries(world: World) -> list[dict[str, Any]]:
    """Each notification to each subscription, in order, with its attempts so far."""
    attempts = _attempts(world)
    rows = world.store.rows(
        "SELECT deliveries.*, json_extract(webhooks.document, '$.webhook_url') AS webhook_url "
        "FROM deliveries LEFT JOIN webhooks ON webhooks.id = webhook_id ORDER BY deliveries.id"
    )
    return [
        {
            "id": row["id"],
            "notification_id": row["notification_id"],
            "booking_id": row["booking_id"],
            "webhook_id": row["webhook_id"],
            "webhook_url": row["webhook_url"],
            "state": row["state"],
            "due": row["due"] if row["state"] == "waiting" else None,
            "attempt": row["attempt"],
            "attempts": attempts[row["id"]],
            "document": loads(row["document"]),
        }
        for row in rows
    ]


def mails(world: World) -> list[dict[str, Any]]:
    """The mails that Nylas would have sent, in order."""
    catch_up(world)
    return [
        {
            **{key: row[key] for key in _MAIL},
            "due": row["due"] if row["state"] == "waiting" else None,
        }
        for row in world.store.rows("SELECT * FROM outbox ORDER BY id")
    ]


def _attempts(world: World) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in world.store.rows("SELECT * FROM attempts ORDER BY rowid"):
        found[row["delivery_id"]].append(
            {
                "number": row["number"],
                "at": row["at"],
                "status": row["status"],
                "failure": row["failure"],
                "answer": row["failure"] or str(row["status"]),
                "elapsed": row["elapsed"],
            }
        )
    return found
