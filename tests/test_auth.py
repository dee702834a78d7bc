"""Who is asking: what each auth puts on the wire, what it may do, and what it never shows."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import attrs
import pytest

from nylas_bookings import (
    ApiKey,
    AsyncClient,
    Client,
    MintedSession,
    PublicConfiguration,
    PublicPage,
    Request,
    SessionToken,
)
from nylas_bookings.auth import Auth
from nylas_bookings.errors import InvalidRequest, Outcome
from nylas_bookings.models._secret import Secret
from nylas_bookings.operations import VALIDATE_TIMESLOT

from .calls import CASES, Case
from .conftest import ONCE
from .wire_server import Answer, Received, WireServer, data

SECRET = "nyk_v0_never-to-be-seen"

AUTHS = {
    "configuration": (PublicConfiguration("a/b c"), None, "configuration_id=a%2Fb%20c"),
    "page": (PublicPage("my page", "app&1"), None, "slug=my%20page&client_id=app%261"),
    "session": (SessionToken(SECRET), f"Bearer {SECRET}", ""),
    "key": (ApiKey(SECRET), f"Bearer {SECRET}", ""),
    "key with configuration": (
        ApiKey(SECRET, "cfg-2"),
        f"Bearer {SECRET}",
        "configuration_id=cfg-2",
    ),
    "minted session": (MintedSession("nyk", "cfg-3"), f"Bearer {SECRET}", ""),
}
each_auth = pytest.mark.parametrize(
    ("auth", "authorization", "query"), AUTHS.values(), ids=AUTHS.keys()
)
VISITORS = [auth for auth, _, _ in AUTHS.values() if not isinstance(auth, ApiKey | MintedSession)]
FOR_VISITORS = [
    case
    for case in CASES
    if case.operation.resource in {"bookings", "availability"}
    or case.operation == VALIDATE_TIMESLOT
]


def minting(received: Received) -> Answer:
    """A session for who asks for one, and a booking for everybody else."""
    return data({"session_id": SECRET}) if received.target.endswith("/sessions") else Answer()


def check(received: Received, authorization: str | None, query: str) -> None:
    """Hold a call against what its auth shall have put on it."""
    assert received.header("Authorization") == authorization
    assert received.target.partition("?")[2] == query


@each_auth
async def test_the_auth_of_a_client(
    auth: Auth, authorization: str | None, query: str, server: WireServer
) -> None:
    """Each of the five ways is on the wire as the API wants it."""
    server.default = minting
    async with AsyncClient(auth, api_url=server.url, retry=ONCE) as nylas:
        await nylas.bookings.get("b-1")
    check(server.last(), authorization, query)


@each_auth
async def test_the_auth_of_a_call(
    auth: Auth, authorization: str | None, query: str, server: WireServer, nylas: AsyncClient
) -> None:
    """The auth of a call takes the place of the client's, and nothing of that is left."""
    server.default = minting
    await nylas.bookings.get("b-1", auth=auth)
    check(server.last(), authorization, query)
    await nylas.bookings.get("b-1")
    check(server.last(), None, "configuration_id=cfg-1")


@each_auth
def test_the_auth_of_a_blocking_call(
    auth: Auth, authorization: str | None, query: str, server: WireServer, blocking: Client
) -> None:
    """A blocking call takes the same auths."""
    server.default = minting
    blocking.bookings.get("b-1", auth=auth)
    check(server.last(), authorization, query)


@pytest.mark.parametrize("auth", [SessionToken(SECRET), MintedSession("nyk", "cfg-3")])
@pytest.mark.parametrize("case", FOR_VISITORS, ids=lambda case: case.operation.name)
async def test_a_session_goes_alone(auth: Auth, case: Case, server: WireServer) -> None:
    """A session token never travels with a configuration, or the API does not find it."""
    body = {"request_id": "req-1", "data": case.data}
    server.default = lambda received: (
        minting(received) if received.target.endswith("/sessions") else Answer(body=body)
    )
    async with AsyncClient(auth, api_url=server.url, retry=ONCE) as nylas:
        await case.call(nylas)
    assert server.last().header("Authorization") == f"Bearer {SECRET}"
    assert "configuration_id=" not in server.last().target


@pytest.mark.parametrize("auth", VISITORS, ids=lambda auth: type(auth).__name__)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.operation.name)
async def test_what_visitors_may_do(auth: Auth, case: Case, server: WireServer) -> None:
    """Bookings, availability and the check of a slot are for visitors; the rest is refused here."""
    server.default = lambda _: Answer(body={"request_id": "req-1", "data": case.data})
    async with AsyncClient(auth, api_url=server.url, retry=ONCE) as nylas:
        if case in FOR_VISITORS:
            await case.call(nylas)
            return
        with pytest.raises(InvalidRequest, match="needs an ApiKey") as caught:
            await case.call(nylas)
    assert str(caught.value).startswith(f"{case.operation.name}: ")
    assert caught.value.outcome is Outcome.NOT_SENT
    assert server.received == []


async def test_a_minted_session_has_a_key(server: WireServer) -> None:
    """What needs an API key is done with the key of a minted session, and mints none."""
    async with AsyncClient(MintedSession(SECRET, "c"), api_url=server.url, retry=ONCE) as nylas:
        await nylas.sessions.destroy("s-1")
    (received,) = server.received
    check(received, f"Bearer {SECRET}", "")


async def test_no_auth_at_all(server: WireServer) -> None:
    """A client without an auth is fine as long as every call has one."""
    async with AsyncClient(api_url=server.url, retry=ONCE) as nylas:
        await nylas.bookings.get("b-1", auth=PublicConfiguration("cfg-9"))
        with pytest.raises(InvalidRequest, match="give the call one with auth="):
            await nylas.bookings.get("b-1")
    assert len(server.received) == 1


@pytest.mark.parametrize("bad", ["nyk_v0_key", "", 0, object(), ApiKey])
async def test_what_is_no_auth(bad: Any, server: WireServer, nylas: AsyncClient) -> None:
    """Anything else is refused by its type, and never falls back to the client's own auth."""
    with pytest.raises(InvalidRequest, match="auth must be one of PublicConfiguration") as caught:
        await nylas.bookings.get("b-1", auth=bad)
    assert "nyk_v0_key" not in str(caught.value)
    with pytest.raises(InvalidRequest, match="auth must be one of"):
        AsyncClient(bad)
    assert server.received == []


BAD_CREDENTIALS = [
    f"{SECRET}\r\nX-Evil: 1",
    f"{SECRET}\n",
    f" {SECRET}",
    f"Bearer {SECRET}",
    f"é{SECRET}",
]


@pytest.mark.parametrize("bad", [*BAD_CREDENTIALS, f"{SECRET}\x00", "", None, SECRET.encode()])
@pytest.mark.parametrize(
    "make",
    [SessionToken, ApiKey, lambda bad: ApiKey(bad, "c"), lambda bad: MintedSession(bad, "c")],
)
def test_a_bad_credential(make: Any, bad: Any) -> None:
    """A credential that no header can carry is refused, and the refusal does not show it."""
    with pytest.raises(InvalidRequest, match="a credential") as caught:
        make(bad)
    assert SECRET not in repr(caught.value) + str(caught.value)


@pytest.mark.parametrize("bad", ["", None, 7])
@pytest.mark.parametrize(
    "make",
    [
        PublicConfiguration,
        lambda bad: PublicPage(bad, "app"),
        lambda bad: PublicPage("page", bad),
        lambda bad: MintedSession("nyk", bad),
    ],
)
def test_a_bad_id(make: Any, bad: Any) -> None:
    """The ids that name a configuration are texts with something in them."""
    with pytest.raises(InvalidRequest, match="needs ids that are a str and not empty"):
        make(bad)


@pytest.mark.parametrize("minutes", [0, 31, -1, None, 5.0, True, "5"])
def test_a_bad_time_to_live(minutes: Any) -> None:
    """A minted session lasts a known number of minutes, from 1 to 30."""
    with pytest.raises(InvalidRequest, match="in minutes, from 1 to 30"):
        MintedSession("nyk", "c", time_to_live=minutes)


@pytest.mark.parametrize(
    "auth", [SessionToken(SECRET), ApiKey(SECRET), ApiKey(SECRET, "c"), MintedSession(SECRET, "c")]
)
def test_an_auth_does_not_show_its_secret(auth: Any) -> None:
    """No text that is made of an auth has the credential in it; copies are as good and as quiet."""
    for same in (auth, copy.deepcopy(auth), pickle.loads(pickle.dumps(auth)), attrs.evolve(auth)):
        assert same == auth
        assert hash(same) == hash(auth)
        shown = [repr(same), str(same), f"{same}", str([same]), str(attrs.asdict(same))]
        assert SECRET not in "".join(shown)


def test_a_request_does_not_show_its_secret() -> None:
    """Neither does a request, which holds the credential in a header."""
    token = ApiKey(SECRET).authorization
    assert isinstance(token, Secret)
    request = Request("GET", "https://api.us.nylas.com/v3", {"Authorization": token})
    assert SECRET not in repr(request) + str(request) + str(attrs.asdict(request))
    assert request.headers["Authorization"] == f"Bearer {SECRET}"
