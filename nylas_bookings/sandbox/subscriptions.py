"""Webhook subscriptions: checked, kept, and told without their secret."""

from __future__ import annotations

import re
from typing import Any

from .refusals import bad_request, not_found
from .store import dumps, loads
from .world import World

TRIGGERS = (
    "booking.created",
    "booking.pending",
    "booking.rescheduled",
    "booking.cancelled",
    "booking.reminder",
)
_OTHERS = (
    "calendar.",
    "event.",
    "grant.",
    "message.",
    "contact.",
    "folder.",
    "thread.",
    "notetaker.",
)
_URL = re.compile(r"https?://(\[[0-9a-fA-F:.]+\]|[\w.-]+)([:/?#]|$)")
_KNOWN = (
    "description",
    "trigger_types",
    "webhook_url",
    "notification_email_addresses",
    "compressed_delivery",
)


def create(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """Keep a subscription, and tell its secret this once."""
    document = {
        "description": "",
        "notification_email_addresses": [],
        "compressed_delivery": False,
        **{key: body[key] for key in _KNOWN if body.get(key) is not None},
    }
    _check(document)
    now = world.clock.now()
    told = {
        "id": world.identifiers.uuid("webhook"),
        **document,
        "status": "active",
        "status_updated_at": now,
        "created_at": now,
        "updated_at": now,
    }
    secret = world.identifiers.token("webhook secret", 40)
    world.store.run(
        "INSERT INTO webhooks (id, secret, document) VALUES (?, ?, ?)",
        told["id"],
        secret,
        dumps(told),
    )
    return {**told, "webhook_secret": secret}


def all_of_them(world: World) -> list[dict[str, Any]]:
    """The subscriptions, in the order in which they were made."""
    rows = world.store.rows("SELECT document FROM webhooks ORDER BY rowid")
    return [loads(row["document"]) for row in rows]


def read(world: World, webhook_id: str) -> dict[str, Any]:
    """The subscription with that id."""
    row = world.store.row("SELECT document FROM webhooks WHERE id = ?", webhook_id)
    if row is None:
        raise not_found()
    document: dict[str, Any] = loads(row["document"])
    return document


def update(world: World, webhook_id: str, body: dict[str, Any]) -> dict[str, Any]:
    """Change what is given; the rest stays."""
    before = read(world, webhook_id)
    given = {key: body[key] for key in (*_KNOWN, "status") if body.get(key) is not None}
    document = before | given | {"updated_at": world.clock.now()}
    _check(document)
    if document["status"] not in ("active", "pause") and "status" in given:
        raise bad_request("status is active or pause")
    if document["status"] != before["status"]:
        document["status_updated_at"] = world.clock.now()
    _keep(world, document)
    return document


def delete(world: World, webhook_id: str) -> dict[str, Any]:
    """Forget a subscription, and what waits to be delivered to it."""
    read(world, webhook_id)
    world.store.run("DELETE FROM webhooks WHERE id = ?", webhook_id)
    world.store.run("DELETE FROM deliveries WHERE webhook_id = ? AND state = 'waiting'", webhook_id)
    return {"status": "success"}


def rotate_secret(world: World, webhook_id: str) -> dict[str, Any]:
    """A new secret; the old one is void at once."""
    document = read(world, webhook_id)
    secret = world.identifiers.token("webhook secret", 40)
    world.store.run("UPDATE webhooks SET secret = ? WHERE id = ?", secret, webhook_id)
    return {**document, "webhook_secret": secret}


def _keep(world: World, document: dict[str, Any]) -> None:
    world.store.run(
        "UPDATE webhooks SET document = ? WHERE id = ?", dumps(document), document["id"]
    )


def _check(document: dict[str, Any]) -> None:
    triggers = document.get("trigger_types")
    if not isinstance(triggers, list) or not triggers:
        raise bad_request("trigger_types is required")
    for trigger in triggers:
        if not isinstance(trigger, str) or not (trigger in TRIGGERS or trigger.startswith(_OTHERS)):
            raise bad_request(f"unknown trigger type {trigger!r}")
    url = document.get("webhook_url")
    if not isinstance(url, str) or not _URL.match(url):
        raise bad_request("webhook_url must be a URL")
    if not isinstance(document["description"], str):
        raise bad_request("description must be a text")
    if not isinstance(document["compressed_delivery"], bool):
        raise bad_request("compressed_delivery must be true or false")
    addresses = document["notification_email_addresses"]
    if not isinstance(addresses, list) or not all(isinstance(a, str) for a in addresses):
        raise bad_request("notification_email_addresses must be a list of texts")
