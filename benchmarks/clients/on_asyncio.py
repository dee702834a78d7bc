"""The same call on other asyncio clients: aiohttp as one would write it, and tuned; httpx."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module

import aiohttp
import orjson
from yarl import URL

from .. import create
from ..server import Endpoint
from .kinds import Awaited, Create


def _connector(endpoint: Endpoint, connections: int) -> aiohttp.TCPConnector:
    return aiohttp.TCPConnector(limit=connections, ssl=endpoint.tls() or True)


@asynccontextmanager
async def _plain_aiohttp(endpoint: Endpoint, connections: int) -> AsyncIterator[Create]:
    url = endpoint.url + create.PATH
    async with aiohttp.ClientSession(connector=_connector(endpoint, connections)) as session:

        async def call() -> object:
            async with session.post(url, json=create.body()) as response:
                return await response.json()

        yield call


@asynccontextmanager
async def _tuned_aiohttp(endpoint: Endpoint, connections: int) -> AsyncIterator[Create]:
    """A parsed URL, no cookies, no timers, orjson both ways, headers given once."""
    url = URL(endpoint.url + create.PATH, encoded=True)
    async with aiohttp.ClientSession(
        connector=_connector(endpoint, connections),
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"Content-Type": "application/json", "Accept": "application/json"},
        timeout=aiohttp.ClientTimeout(total=None),
    ) as session:

        async def call() -> object:
            async with session.post(url, data=orjson.dumps(create.body())) as response:
                return orjson.loads(await response.read())

        yield call


@asynccontextmanager
async def _httpx(endpoint: Endpoint, connections: int) -> AsyncIterator[Create]:
    httpx = import_module("httpx")
    url = endpoint.url + create.PATH
    limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections)
    async with httpx.AsyncClient(verify=endpoint.tls() or True, limits=limits) as client:

        async def call() -> object:
            return (await client.post(url, json=create.body())).json()

        yield call


PLAIN_AIOHTTP = Awaited(name="aiohttp", open=_plain_aiohttp)
HTTPX = Awaited(name="httpx", needs="httpx", open=_httpx, most=32)
CLIENTS = (
    PLAIN_AIOHTTP,
    Awaited(name="aiohttp, tuned", open=_tuned_aiohttp),
    HTTPX,
)
