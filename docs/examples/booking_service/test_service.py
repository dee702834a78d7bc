"""The booking service against a sandbox: what a visitor sees, also when the API fails."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from service import from_environment
from starlette.testclient import TestClient

from nylas_bookings import webhooks
from nylas_bookings.sandbox import Fault, Sandbox

SECRET = "the secret of the webhook"


@pytest.fixture
def page(sandbox: Sandbox) -> Iterator[TestClient]:
    """A browser that has opened the page, with its visitor's session in a cookie."""
    environment = {
        "NYLAS_API_KEY": sandbox.api_key,
        "NYLAS_API_URI": sandbox.url,
        "NYLAS_CONFIGURATION_ID": sandbox.private,
        "NYLAS_WEBHOOK_SECRET": SECRET,
    }
    with TestClient(from_environment(environment)) as browser:
        assert browser.post("/visits").status_code == 204
        yield browser


def wish(page: TestClient) -> dict[str, Any]:
    """A booking of the first time that is on offer."""
    now = int(time.time())
    offered = page.get("/slots", params={"start": now, "end": now + 7 * 86400}).json()
    return {**offered[0], "name": "Jane Doe", "email": "jane@example.com"}


def test_a_visitor_books_and_cancels(page: TestClient, sandbox: Sandbox) -> None:
    """A visitor looks, books, and cancels, with a session of her own."""
    booked = page.post("/bookings", json=wish(page))
    assert (booked.status_code, booked.json()["status"]) == (201, "booked")
    assert page.delete(f"/bookings/{booked.json()['booking_id']}").status_code == 204
    assert [one["status"] for one in sandbox.bookings()] == ["cancelled"]


def test_somebody_was_faster(page: TestClient) -> None:
    """A time that has gone is a conflict."""
    wanted = wish(page)
    page.post("/bookings", json=wanted)
    assert page.post("/bookings", json=wanted).status_code == 409


def test_a_lost_answer(page: TestClient, sandbox: Sandbox) -> None:
    """When nobody knows, the visitor is told so, and nobody is booked twice."""
    wanted = wish(page)
    sandbox.faults.add("create", Fault.drop_after())
    answer = page.post("/bookings", json=wanted)
    assert (answer.status_code, "do not know" in answer.json()["detail"]) == (202, True)
    assert len(sandbox.bookings()) == 1


def test_the_api_is_away(page: TestClient, sandbox: Sandbox) -> None:
    """A refusal that has to do with nobody's wish is the service's fault, not the visitor's."""
    wanted = wish(page)
    sandbox.faults.add("create", Fault.status(429, retry_after=0), times=None)
    assert page.post("/bookings", json=wanted).status_code == 502
    assert sandbox.bookings() == []


def test_a_page_that_was_open_for_long(page: TestClient, sandbox: Sandbox) -> None:
    """A session ends, and the visitor is asked to come again."""
    wanted = wish(page)
    sandbox.clock.advance(minutes=16)
    assert page.post("/bookings", json=wanted).status_code == 401


def test_a_wish_that_cannot_be(page: TestClient) -> None:
    """What this side can see to be wrong is told in words, and never sent."""
    wanted = wish(page) | {"email": "jane"}
    assert page.post("/bookings", json=wanted).status_code == 422
    assert page.delete("/bookings/no-such-booking").status_code == 404


def test_the_webhook(page: TestClient) -> None:
    """A genuine notification is kept once, however often it comes; a forged one is not."""
    body = b'{"id": "n-1", "type": "booking.created", "data": {"object": {"booking_id": "b-1"}}}'
    headers = {webhooks.SIGNATURE_HEADER: webhooks.sign(body, secret=SECRET)}
    for _ in range(2):
        assert page.post("/nylas", content=body, headers=headers).status_code == 200
    assert page.post("/nylas", content=body + b" ", headers=headers).status_code == 401
    assert list(page.app.state.handled) == ["n-1"]
    assert page.get("/nylas?challenge=abc").text == "abc"
