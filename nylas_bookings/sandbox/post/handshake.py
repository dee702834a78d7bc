"""The question to the address of a webhook, before a subscription sends anything there."""

from __future__ import annotations

import secrets

from ..subscriptions import Proof


async def prove(url: str) -> Proof:
    """Ask an address for the challenge, outside any transaction: it may well live in this loop."""
    from . import exchange  # an API without subscriptions needs no HTTP client

    return Proof(url=url, problem=await exchange.ask(url, secrets.token_urlsafe(24)))
