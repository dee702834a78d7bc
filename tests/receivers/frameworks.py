"""The four frameworks behind one question: what does a receiver answer to this request?"""

from __future__ import annotations

import asyncio
import io
import types
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import aiohttp.web
import django.conf
import django.test
import django.urls
import fastapi
import flask
from aiohttp.test_utils import TestClient, TestServer
from starlette.testclient import TestClient as StarletteClient

from nylas_bookings.webhooks import aiohttp as on_aiohttp
from nylas_bookings.webhooks import django as on_django
from nylas_bookings.webhooks import flask as on_flask
from nylas_bookings.webhooks import starlette as on_starlette

PATH = "/nylas"

if not django.conf.settings.configured:
    django.conf.settings.configure(
        ALLOWED_HOSTS=["*"],
        MIDDLEWARE=["django.middleware.csrf.CsrfViewMiddleware"],
        DATA_UPLOAD_MAX_MEMORY_SIZE=100,
        ROOT_URLCONF=__name__,
    )
    django.setup()


class Answer(NamedTuple):
    """What a receiver answered."""

    status: int
    body: str
    kind: str


Receiver = Callable[[str, str, bytes, Mapping[str, str]], Answer]
"""Method, address, body and headers of a request, to the answer."""


def awaited(handle: Callable[[Any], object]) -> Callable[[Any], Any]:
    """The same function as a coroutine function."""

    async def waiting(notification: Any) -> object:
        return handle(notification)

    return waiting


def as_it_is(handle: Callable[[Any], object]) -> Callable[[Any], object]:
    """The same function."""
    return handle


def fastapi_receiver(handle: Any, wrap: Any = awaited, **options: Any) -> Receiver:
    """In FastAPI, as one of its own endpoints."""
    app = fastapi.FastAPI()
    hook = on_starlette.receiver(wrap(handle), **options)
    app.add_api_route(PATH, hook, methods=["GET", "POST"])
    client = StarletteClient(app, raise_server_exceptions=False)

    def ask(method: str, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        got = client.request(method, url, content=body, headers=dict(headers))
        return Answer(got.status_code, got.text, got.headers.get("content-type", ""))

    return ask


def aiohttp_app(handle: Any, wrap: Any = awaited, **options: Any) -> aiohttp.web.Application:
    """An application of aiohttp's that receives."""
    app = aiohttp.web.Application(handler_args=on_aiohttp.AS_SENT)
    app.router.add_route("*", PATH, on_aiohttp.receiver(wrap(handle), **options))
    return app


def aiohttp_receiver(handle: Any, **options: Any) -> Receiver:
    """In `aiohttp.web`, over a socket."""
    return asked_over_a_socket(lambda: aiohttp_app(handle, **options))


def asked_over_a_socket(make: Callable[[], aiohttp.web.Application]) -> Receiver:
    """Asks an application of aiohttp's that runs for as long as it answers."""

    async def exchange(method: str, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        async with TestClient(TestServer(make())) as client:
            got = await client.request(method, url, data=io.BytesIO(body), headers=dict(headers))
            return Answer(got.status, await got.text(), got.headers.get("content-type", ""))

    return lambda *request: asyncio.run(exchange(*request))


def flask_app(handle: Any, **options: Any) -> flask.Flask:
    """An application of Flask's that receives."""
    app = flask.Flask(__name__)
    hook = on_flask.receiver(handle, **options)
    app.add_url_rule(PATH, view_func=hook, methods=["GET", "POST"])
    return app


def flask_receiver(handle: Any, **options: Any) -> Receiver:
    """In Flask."""
    client = flask_app(handle, **options).test_client()

    def ask(method: str, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        got = client.open(url, method=method, data=body, headers=dict(headers))
        return Answer(got.status_code, got.text, got.content_type)

    return ask


def django_urls(handle: Any, **options: Any) -> types.ModuleType:
    """The addresses of a Django project that receives."""
    urls = types.ModuleType("urls")
    urls.urlpatterns = [django.urls.path(PATH[1:], on_django.receiver(handle, **options))]
    return urls


def django_receiver(handle: Any, **options: Any) -> Receiver:
    """In Django, with its check for forged requests on and a low limit for uploads."""
    urls = django_urls(handle, **options)
    client = django.test.Client(enforce_csrf_checks=True, raise_request_exception=False)

    def ask(method: str, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        with django.test.override_settings(ROOT_URLCONF=urls):
            got = client.generic(method, url, body, "application/json", headers=headers)
        return Answer(got.status_code, got.text, got.headers["Content-Type"])

    return ask


FRAMEWORKS = [fastapi_receiver, aiohttp_receiver, flask_receiver, django_receiver]
