"""Somebody who wants to be told: answers the challenges, and keeps the notifications."""

from __future__ import annotations

from nylas.resources.webhooks import extract_challenge_parameter

from ..wire_server import Answer, Received, WireServer


def answering_challenges() -> WireServer:
    """A server that answers a challenge with what the Python SDK finds in it."""
    return WireServer(default=_answer)


def _answer(received: Received) -> Answer:
    if received.method == "POST":
        return Answer(body=b"")
    return Answer(body=extract_challenge_parameter(received.target).encode())
