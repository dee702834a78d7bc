"""Deliveries of the sandbox, over a socket, to receivers in their frameworks."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import aiohttp.web
import django.test
import pytest
from django.core.wsgi import get_wsgi_application

from nylas_bookings import ApiKey, Client, Guest, PublicConfiguration, models
from nylas_bookings.sandbox import Sandbox

from .frameworks import PATH, aiohttp_app, django_urls, flask_app

TRIGGERS = ("booking.created", "booking.rescheduled", "booking.cancelled")


class Quiet(WSGIRequestHandler):
    """Tells nobody about requests."""

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def served(app: Any) -> Iterator[str]:
    """The address of a WSGI application that runs in a thread."""
    with make_server("127.0.0.1", 0, app, handler_class=Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}{PATH}"
        server.shutdown()
        thread.join()


def on_flask(handle: Any, **options: Any) -> AbstractContextManager[str]:
    """A receiver in Flask."""
    return served(flask_app(handle, **options))


@contextmanager
def on_django(handle: Any, **options: Any) -> Iterator[str]:
    """A receiver in Django."""
    with (
        django.test.override_settings(ROOT_URLCONF=django_urls(handle, **options)),
        served(get_wsgi_application()) as url,
    ):
        yield url


@contextmanager
def on_aiohttp(handle: Any, **options: Any) -> Iterator[str]:
    """A receiver in aiohttp."""
    ended, ready, port = asyncio.Event(), threading.Event(), []
    loop = asyncio.new_event_loop()

    async def serve() -> None:
        runner = aiohttp.web.AppRunner(aiohttp_app(handle, **options))
        await runner.setup()
        await aiohttp.web.TCPSite(runner, "127.0.0.1", 0).start()
        port.append(runner.addresses[0][1])
        ready.set()
        await ended.wait()
        await runner.cleanup()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    ready.wait(10)
    yield f"http://127.0.0.1:{port[0]}{PATH}"
    loop.call_soon_threadsafe(ended.set)
    thread.join()
    loop.close()


def live_through(sandbox: Sandbox) -> str:
    """Book, move and cancel; the id of the booking."""
    with Client(PublicConfiguration(sandbox.public), api_url=sandbox.url) as nylas:
        now = sandbox.clock.now()
        offer = nylas.availability.get(start_time=now, end_time=now + 7 * 86400)
        first, second, *_ = offer.time_slots
        booking = nylas.bookings.create(
            start_time=first.start_time,
            end_time=first.end_time,
            guest=Guest(name="Zoë 🐈", email="zoe@example.com"),
        )
        receipt = nylas.bookings.reschedule(
            booking.booking_id, start_time=second.start_time, end_time=second.end_time
        )
        nylas.bookings.cancel(receipt.booking_id, reason="Plans changed")
        return booking.booking_id


@pytest.mark.parametrize("served_by", [on_aiohttp, on_flask, on_django])
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_what_the_sandbox_delivers(
    served_by: Callable[..., AbstractContextManager[str]], packed: bool, sandbox: Sandbox
) -> None:
    """From the challenge to the last notification, without a secret known beforehand."""
    got: list[models.BookingNotification] = []
    secrets = [""]
    with (
        served_by(got.append, secret=lambda: secrets[-1]) as url,
        Client(ApiKey(sandbox.api_key), api_url=sandbox.url) as nylas,
    ):
        subscription = nylas.webhooks.create(
            trigger_types=TRIGGERS, webhook_url=url, compressed_delivery=packed
        )
        secrets.append(subscription.webhook_secret or "")
        booking_id = live_through(sandbox)
        sandbox.settle()
    assert sorted(told.type for told in got) == sorted(TRIGGERS)
    created = next(told for told in got if told.type == "booking.created")
    assert created.booking_id == booking_id
    assert created.booking_info.participants[-1].name == "Zoë 🐈"
