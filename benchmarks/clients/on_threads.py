"""The same call on blocking clients: the official SDK, requests, urllib3 and httpx."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

from .. import create
from ..server import Endpoint
from .kinds import Blocking, BlockingCreate

_BUNDLE = "REQUESTS_CA_BUNDLE"


@contextmanager
def _official(endpoint: Endpoint, connections: int) -> Iterator[BlockingCreate]:
    """The vendor's SDK. It opens a connection for each call, so the number is of no use to it."""
    client = import_module("nylas").Client(api_key="benchmark", api_uri=endpoint.url)
    create_booking = client.scheduler.bookings.create
    query = {"configuration_id": create.CONFIGURATION}
    with _trusted_by_requests(endpoint):
        yield lambda: create_booking(request_body=create.body(), query_params=query)


@contextmanager
def _trusted_by_requests(endpoint: Endpoint) -> Iterator[None]:
    """By the environment: the SDK takes no certificates, and requests prefers it to `verify`."""
    before = os.environ.get(_BUNDLE)
    if endpoint.authority is not None:
        os.environ[_BUNDLE] = str(endpoint.authority)
    try:
        yield
    finally:
        os.environ.pop(_BUNDLE, None)
        os.environ.update({} if before is None else {_BUNDLE: before})


@contextmanager
def _requests(endpoint: Endpoint, connections: int) -> Iterator[BlockingCreate]:
    requests = import_module("requests")
    url = endpoint.url + create.PATH
    with _trusted_by_requests(endpoint), requests.Session() as session:
        session.mount(endpoint.url, requests.adapters.HTTPAdapter(pool_maxsize=connections))
        yield lambda: session.post(url, json=create.body()).json()


@contextmanager
def _urllib3(endpoint: Endpoint, connections: int) -> Iterator[BlockingCreate]:
    urllib3 = import_module("urllib3")
    url = endpoint.url + create.PATH
    with urllib3.PoolManager(maxsize=connections, ssl_context=endpoint.tls()) as pool:
        yield lambda: pool.request("POST", url, json=create.body()).json()


@contextmanager
def _httpx(endpoint: Endpoint, connections: int) -> Iterator[BlockingCreate]:
    httpx = import_module("httpx")
    url = endpoint.url + create.PATH
    limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections)
    with httpx.Client(verify=endpoint.tls() or True, limits=limits) as client:
        yield lambda: client.post(url, json=create.body()).json()


OFFICIAL = Blocking(name="official SDK", needs="nylas", open=_official)
REQUESTS = Blocking(name="requests", needs="requests", open=_requests, most=32)
CLIENTS = (
    OFFICIAL,
    REQUESTS,
    Blocking(name="urllib3", needs="urllib3", open=_urllib3, most=32),
    Blocking(name="httpx, blocking", needs="httpx", open=_httpx, most=32),
)
