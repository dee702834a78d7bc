"""Webhook subscriptions: checked, kept, and told without their secret."""

from __future__ import annotations

import re
from typing import Any, Final

from attrs import frozen

from .refusals import Refusal, bad_request, not_found
from .store import dumps, loads
from .world import World

TRIGGERS = (
    "booking.created",
    "booking.pending",
    "booking.rescheduled",
    "booking.cancelled",
    "booking.reminder",
)
_OTHERS = {
    "calendar": "created updated deleted",
    "event": "created updated deleted",
    "grant": "created updated deleted expired imap_sync_completed",
    "message": "send_success send_failed bounce_detected created created.cleaned opened "
    "opened.legacy updated link_clicked link_clicked.legacy deleted transactional.bounced "
    "transactional.complaint transactional.delivered transactional.rejected bounced complaint "
    "delivered rejected",
    "thread": "replied replied.legacy",
    "contact": "updated deleted",
    "folder": "created updated deleted",
    "notetaker": "created updated deleted meeting_state media",
}
KNOWN_TRIGGERS = (
    *TRIGGERS,
    *(f"{family}.{what}" for family, told in _OTHERS.items() for what in told.split()),
)
_URL = re.compile(r"https?://(\[[0-9a-fA-F:.]+\]|[\w.-]+)([:/?#]|$)")
UNVERIFIED: Final = "70005"
"""The type of the error when an address does not answer the challenge."""

_KNOWN = (
    "description",
    "trigger_types",
    "webhook_url",
    "notification_email_addresses",
    "compressed_delivery",
)


@frozen
class Proof:
    """What an address answered when it was asked for a challenge.

    Attributes:
        url: The address.
        problem: What is wrong with the answer, if anything.
    """

    url: str
    problem: str | None = None


class Unproven(Exception):
    """An address has to be asked for a challenge first: then the call can be made again."""

    def __init__(self, url: str) -> None:
        super().__init__("the address has not been asked for a challenge")
        self.url = url


def create(world: World, body: dict[str, Any], proof: Proof | None = None) -> dict[str, Any]:
    """Keep a subscription, and tell its secret this once."""
    document = {
        "description": "",
        "notification_email_addresses": [],
        "compressed_delivery": False,
        **{key: body[key] for key in _KNOWN if body.get(key) is not None},
    }
    _check(document)
    _require_proof(world, document["webhook_url"], proof)
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
    rows = world.store.cached_rows("SELECT document FROM webhooks ORDER BY rowid")
    return [loads(row["document"]) for row in rows]


def read(world: World, webhook_id: str) -> dict[str, Any]:
    """The subscription with that id; refuses when there is none."""
    document = find(world, webhook_id)
    if document is None:
        raise not_found()
    return document


def find(world: World, webhook_id: str) -> dict[str, Any] | None:
    """The subscription with that id, or None."""
    row = world.store.row("SELECT document FROM webhooks WHERE id = ?", webhook_id)
    return None if row is None else loads(row["document"])


def is_active(subscription: dict[str, Any]) -> bool:
    """Whether anything is sent to it."""
    return subscription["status"] in ("active", "failing")


def update(
    world: World, webhook_id: str, body: dict[str, Any], proof: Proof | None = None
) -> dict[str, Any]:
    """Change what is given; the rest stays."""
    before = read(world, webhook_id)
    given = {key: body[key] for key in _KNOWN if body.get(key) is not None}
    document = before | given | {"updated_at": world.clock.now()}
    _check(document)
    wanted = body.get("status")
    if wanted not in ("active", "pause", None):
        raise bad_request("status is active or pause")
    wakes = wanted == "active" and not is_active(before)
    if wakes or document["webhook_url"] != before["webhook_url"]:
        _require_proof(world, document["webhook_url"], proof)
    return set_status(world, document, wanted or before["status"])


def set_status(world: World, document: dict[str, Any], status: str) -> dict[str, Any]:
    """Keep a subscription in a state; what it misses while it is not active, it does not get."""
    if status != document["status"]:
        document = document | {"status": status, "status_updated_at": world.clock.now()}
    _keep(world, document)
    if not is_active(document):
        give_up = "UPDATE deliveries SET state = 'given up' WHERE webhook_id = ? AND state = ?"
        world.store.run(give_up, document["id"], "waiting")
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


def _require_proof(world: World, url: str, proof: Proof | None) -> None:
    """Refuse an address that did not answer the challenge, as documented."""
    if not world.behaviour.challenge:
        return
    if proof is None or proof.url != url:
        raise Unproven(url)
    if proof.problem is not None:
        raise Refusal(400, UNVERIFIED, f"unable.verify.webhook_url : {proof.problem}")


def _check(document: dict[str, Any]) -> None:
    triggers = document.get("trigger_types")
    if not isinstance(triggers, list) or not triggers:
        raise bad_request("trigger_types is required")
    for trigger in triggers:
        if trigger not in KNOWN_TRIGGERS:
            raise bad_request(f"unknown trigger type {trigger!r}")
    url = document.get("webhook_url")
    host = _URL.match(url) if isinstance(url, str) else None
    if host is None:
        raise bad_request("webhook_url must be a URL")
    if "ngrok" in host[1].lower():
        raise bad_request("webhook_url must not be an address of ngrok")
    if not isinstance(document["description"], str):
        raise bad_request("description must be a text")
    if not isinstance(document["compressed_delivery"], bool):
        raise bad_request("compressed_delivery must be true or false")
    addresses = document["notification_email_addresses"]
    if not isinstance(addresses, list) or not all(isinstance(a, str) for a in addresses):
        raise bad_request("notification_email_addresses must be a list of texts")
