"""The way to the API: through a proxy, or with certificates of one's own."""

from __future__ import annotations

import base64
import socket
import ssl
from collections.abc import Iterator

import pytest
import trustme

from nylas_bookings import AsyncClient, Client, Retry
from nylas_bookings.errors import InvalidRequest, NotSent

from .samples import PUBLIC
from .wire_server import Answer, WireServer

ONCE = Retry(attempts=1)


@pytest.fixture
def proxy() -> Iterator[WireServer]:
    """A proxy that answers by itself what it is asked for."""
    with WireServer() as running:
        yield running


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxies, but for those of the tests."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


async def test_proxy(proxy: WireServer, server: WireServer) -> None:
    """`proxy=` gets every request, with the whole URL."""
    async with AsyncClient(PUBLIC, api_url=server.url, proxy=proxy.url) as nylas:
        await nylas.bookings.get("b-1")
        await nylas.bookings.cancel("b-1")
    url = f"{server.url}/v3/scheduling/bookings/b-1?configuration_id=cfg-1"
    assert [received.target for received in proxy.received] == [url, url]
    assert server.received == []


def test_proxy_of_a_blocking_client(proxy: WireServer, server: WireServer) -> None:
    """The same for the blocking client."""
    with Client(PUBLIC, api_url=server.url, proxy=proxy.url) as nylas:
        nylas.bookings.get("b-1")
    assert len(proxy.received) == 1


async def test_password_of_a_proxy(proxy: WireServer, server: WireServer) -> None:
    """The password in a proxy's URL goes to the proxy."""
    url = proxy.url.replace("http://", "http://me:secret@")
    async with AsyncClient(PUBLIC, api_url=server.url, proxy=url) as nylas:
        await nylas.bookings.get("b-1")
    said = base64.b64encode(b"me:secret").decode()
    assert proxy.last().header("Proxy-Authorization") == f"Basic {said}"


async def test_a_proxy_that_is_not_there(server: WireServer) -> None:
    """Without the proxy nothing is sent; the error says whose fault it is, and no password."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    url = f"http://me:secret@127.0.0.1:{port}"
    async with AsyncClient(PUBLIC, api_url=server.url, proxy=url, retry=ONCE) as nylas:
        with pytest.raises(NotSent) as caught:
            await nylas.bookings.get("b-1")
    host = server.url.removeprefix("http://")
    assert caught.value.message == f"no connection to {host} (proxy: Connection refused)"


async def test_a_proxy_that_refuses(proxy: WireServer) -> None:
    """When the proxy makes no tunnel to the API, nothing was sent."""
    proxy.answer(Answer(status=407), Answer(status=407))
    async with AsyncClient(PUBLIC, proxy=proxy.url, retry=ONCE) as nylas:
        for call in (nylas.bookings.get, nylas.bookings.cancel):
            with pytest.raises(NotSent, match=r"\(the proxy answered 407\)"):
                await call("b-1")
    assert proxy.last().method == "CONNECT"
    assert proxy.last().target == "api.us.nylas.com:443"


async def test_a_proxy_that_hangs_up(proxy: WireServer) -> None:
    """When the proxy hangs up instead of making a tunnel, nothing was sent either."""
    proxy.answer(Answer(drop=True))
    async with AsyncClient(PUBLIC, proxy=proxy.url, retry=ONCE) as nylas:
        with pytest.raises(NotSent):
            await nylas.bookings.cancel("b-1")
    assert [received.method for received in proxy.received] == ["CONNECT"]


@pytest.mark.parametrize(
    "bad", ["", "proxy:3128", "socks5://127.0.0.1:1080", "http://", "http://["]
)
async def test_what_is_no_proxy(bad: str) -> None:
    """A proxy is an http or https URL; its URL is not told, for it may hold a password."""
    with pytest.raises(InvalidRequest, match="a proxy must be a URL such as"):
        AsyncClient(PUBLIC, proxy=bad)


@pytest.mark.parametrize("trust", [False, True])
async def test_proxy_of_the_environment(
    trust: bool, proxy: WireServer, server: WireServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The environment's proxy is used only with `trust_env=True`."""
    monkeypatch.setenv("http_proxy", proxy.url)
    async with AsyncClient(PUBLIC, api_url=server.url, trust_env=trust) as nylas:
        await nylas.bookings.get("b-1")
    assert (len(proxy.received), len(server.received)) == ((1, 0) if trust else (0, 1))


@pytest.mark.parametrize("exempt", ["127.0.0.1", "127.0.0.1:{port}", "*", "example.com, 127.0.0.1"])
async def test_no_proxy_of_the_environment(
    exempt: str, proxy: WireServer, server: WireServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hosts that `NO_PROXY` names are reached directly."""
    monkeypatch.setenv("http_proxy", proxy.url)
    monkeypatch.setenv("no_proxy", exempt.format(port=server.url.rpartition(":")[2]))
    async with AsyncClient(PUBLIC, api_url=server.url, trust_env=True) as nylas:
        await nylas.bookings.get("b-1")
    assert (len(proxy.received), len(server.received)) == (0, 1)


async def test_an_environment_that_is_no_use(
    server: WireServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy of the environment that cannot be used is refused, not passed by."""
    monkeypatch.setenv("http_proxy", "socks5://127.0.0.1:1080")
    async with AsyncClient(PUBLIC, api_url=server.url, trust_env=True) as nylas:
        with pytest.raises(InvalidRequest, match="a proxy must be a URL such as"):
            await nylas.bookings.get("b-1")
    assert server.received == []


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """A certificate authority that nobody knows."""
    return trustme.CA()


@pytest.fixture
def secure(authority: trustme.CA) -> Iterator[WireServer]:
    """A server with a certificate of that authority."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with WireServer(tls=context) as running:
        yield running


async def test_certificates_of_ones_own(authority: trustme.CA, secure: WireServer) -> None:
    """`ssl=` says whom to trust."""
    context = ssl.create_default_context()
    authority.configure_trust(context)
    async with AsyncClient(PUBLIC, api_url=secure.url, ssl=context) as nylas:
        await nylas.bookings.get("b-1")
        await nylas.bookings.get("b-1")
    assert secure.connections == 1


async def test_unknown_certificates(secure: WireServer) -> None:
    """Without it, a server whom nobody vouches for gets nothing, and the error says why."""
    async with AsyncClient(PUBLIC, api_url=secure.url, retry=ONCE) as nylas:
        with pytest.raises(NotSent, match=r"TLS: .*certificate verify failed"):
            await nylas.bookings.get("b-1")
    assert secure.received == []
