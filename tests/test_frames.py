"""Every error of every operation, with planted credentials: no frame of the package shows one."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

import aiohttp
import orjson
import pytest
from starlette.requests import Request as StarletteRequest

from nylas_bookings import (
    ApiKey,
    AsyncClient,
    Client,
    MintedSession,
    PostgresPace,
    PublicConfiguration,
    RedisPace,
    Request,
    Response,
    Retry,
    SessionToken,
    Timeout,
    models,
    references,
    webhooks,
)
from nylas_bookings.auth import Auth
from nylas_bookings.batch import CalendarSettler
from nylas_bookings.errors import BookingsError, NoAnswer, NotSent, UnexpectedAnswer
from nylas_bookings.webhooks import starlette

from .calls import CASES, Case
from .leaks import CREDENTIALS, ECHOES, HOOK, KEY, MINTED, SALT, TOKEN, half, success, unreadable
from .waiting import soon
from .wire_server import Answer, Received, WireServer

TWICE = Retry(attempts=2, first_wait=1e-6)
REFERENCE = references.encode(
    configuration_id="11111111-2222-3333-4444-555555555555",
    booking_id="aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
    salt=SALT,
)
PLANTED = (*CREDENTIALS, REFERENCE)


def frames_of(error: BaseException) -> Iterator[FrameType]:
    """The frames of an error, and of all errors that it still holds, shown or not."""
    known: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop()
        if one is None or any(one is other for other in known):
            continue
        known.append(one)
        waiting += one.__cause__, one.__context__
        yield from (frame for frame, _ in traceback.walk_tb(one.__traceback__))


def shown(frame: FrameType) -> Iterator[str]:
    """What an error tracker makes of the variables of a frame."""
    for name, value in frame.f_locals.items():
        try:
            yield f"{frame.f_code.co_qualname}: {name} = {value!r}"
        except AttributeError:
            yield f"{name} is half made"


def hits(error: BaseException) -> list[str]:
    """The variables outside of the tests that show something planted."""
    return [
        text
        for frame in frames_of(error)
        if not str(frame.f_globals.get("__name__")).startswith("tests.")
        for text in shown(frame)
        if any(one in text for one in PLANTED)
    ]


def raised(function: Callable[[], object]) -> BaseException:
    """What a function raises."""
    with pytest.raises(BookingsError) as caught:
        function()
    return caught.value


async def raised_by(call: Any) -> BaseException:
    """What an awaitable raises."""
    with pytest.raises((BookingsError, asyncio.CancelledError)) as caught:
        await call
    return caught.value


async def ended(call: Any) -> BaseException | None:
    """The error that an awaitable ends in, if it does."""
    try:
        await call
    except BookingsError as error:
        return error
    return None


def ended_blocking(call: Callable[[Any], Any], nylas: Client) -> list[BaseException]:
    """The error that a blocking call ends in, if it does."""
    try:
        call(nylas)
    except BookingsError as error:
        return [error]
    return []


PROXY = f"ftp://me:{KEY}@proxy.example"
URL = f"https://me:{KEY}@api.example/\n"
ENTRIES: dict[str, Callable[[], object]] = {
    "a key with a space": lambda: ApiKey(f"{KEY} "),
    "a key of bytes": lambda: ApiKey(KEY.encode()),  # type: ignore[arg-type] - that is the point
    "a key of a list": lambda: ApiKey([KEY]),  # type: ignore[arg-type] - that is the point
    "a bad configuration": lambda: ApiKey(KEY, 5),  # type: ignore[arg-type] - that is the point
    "a token": lambda: SessionToken(f"é{TOKEN}"),
    "a token of bytes": lambda: SessionToken(TOKEN.encode()),  # type: ignore[arg-type] - the point
    "a minted key": lambda: MintedSession(f"{KEY}\n", "c"),
    "a minted configuration": lambda: MintedSession(KEY, ""),
    "a minted time": lambda: MintedSession(KEY, "c", time_to_live=99),
    "a proxy": lambda: AsyncClient(proxy=PROXY),
    "a blocking proxy": lambda: Client(proxy=PROXY),
    "a proxy of a list": lambda: AsyncClient(proxy=[PROXY]),  # type: ignore[arg-type] - the point
    "a port": lambda: AsyncClient(proxy=f"http://me:{KEY}@proxy.example:99999"),
    "an address": lambda: AsyncClient(api_url=URL),
    "a blocking address": lambda: Client(api_url=URL),
    "an address of a tuple": lambda: AsyncClient(api_url=(URL,)),  # type: ignore[arg-type] - the point
    "a text for an auth": lambda: AsyncClient(KEY),  # type: ignore[arg-type] - that is the point
    "a blocking text": lambda: Client(KEY),  # type: ignore[arg-type] - that is the point
    "a session": lambda: models.Session(session_id=[TOKEN]),  # type: ignore[arg-type] - the point
    "a subscription": lambda: models.WebhookSubscription(id="w", webhook_secret=[HOOK]),  # type: ignore[arg-type] - the point
    "a reference": lambda: references.decode(f"{REFERENCE}!"),
    "a reference of bytes": lambda: references.decode(REFERENCE.encode()),  # type: ignore[arg-type] - the point
    "a long reference": lambda: references.decode(REFERENCE * 30),
    "a salt": lambda: references.encode(
        configuration_id="c", booking_id="b", salt=f"{SALT}!"
    ),
    "a text of bytes": lambda: references.found_in(REFERENCE.encode()),  # type: ignore[arg-type] - the point
    "a salt of bytes": lambda: references.BookingReference(
        configuration_id="c", booking_id="b", salt=SALT.encode()  # type: ignore[arg-type] - the point
    ),
    "a pace on Redis": lambda: RedisPace(f"redis://:{KEY}@127.0.0.1:1", per_second=-1),
    "a pace on PostgreSQL": lambda: PostgresPace(f"postgresql://me:{KEY}@127.0.0.1:1/x", 0),
    "a settler": lambda: CalendarSettler(f"{KEY} ", "g"),
    "a settler's limit": lambda: CalendarSettler(KEY, "g", limit=-1),
    "a delivery": lambda: webhooks.receive(b"{}", {}, secret=HOOK),
    "a large delivery": lambda: webhooks.receive(b"{}", {}, secret=HOOK, limit=1),
    "a signature": lambda: webhooks.verify(b"{}", "no", secret=HOOK),
    "a secret of bytes": lambda: webhooks.verify(b"{}", "no", secret=HOOK.encode()),  # type: ignore[arg-type] - the point
}  # fmt: skip


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES)
def test_what_is_rejected(entry: Callable[[], object]) -> None:
    """A credential that is refused, or given next to what is, is in no frame."""
    assert hits(raised(entry)) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("NYLAS_API_KEY", f"{KEY}\n{KEY}"),
        ("NYLAS_SESSION_ID", f"é{TOKEN}"),
        ("NYLAS_API_URI", f"https://me:{KEY}@api.example"),
    ],
)
@pytest.mark.parametrize("client", [AsyncClient, Client])
def test_what_is_rejected_of_the_environment(
    client: Any, name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same for a variable, and for those next to it."""
    monkeypatch.setenv("NYLAS_API_KEY", KEY)
    monkeypatch.setenv("UNRELATED_PASSWORD", TOKEN)
    monkeypatch.setenv(name, value)
    assert hits(raised(client.from_env)) == []


SECRET_ARGUMENTS: dict[str, Callable[[Any, Any], Any]] = {
    "confirm": lambda nylas, value: nylas.bookings.confirm("b", salt=value),
    "decline": lambda nylas, value: nylas.bookings.decline("b", salt=value),
    "destroy": lambda nylas, value: nylas.sessions.destroy(value),
}


@pytest.mark.parametrize("call", SECRET_ARGUMENTS.values(), ids=SECRET_ARGUMENTS)
@pytest.mark.parametrize(
    "value", [SALT.encode(), [SALT], {"salt": SALT}, f"{SALT}\ud800"], ids=range(4)
)
async def test_arguments_that_are_rejected(call: Any, value: Any) -> None:
    """A salt or a session id that is refused is not in the frames of the call either."""

    async def send(_: Request) -> Response:
        raise AssertionError

    assert hits(await raised_by(call(AsyncClient(ApiKey(KEY), send=send), value))) == []
    with Client(ApiKey(KEY), send=send) as nylas:
        assert hits(await asyncio.to_thread(raised, lambda: call(nylas, value))) == []


OPERATIONS = pytest.mark.parametrize("case", CASES, ids=lambda case: case.operation.name)
ANSWERS: dict[str, Callable[[Received], Answer]] = {
    **ECHOES,
    **{
        f"status {status}": lambda r, status=status: Answer(  # type: ignore[misc] - a fixed default
            status=status, body={"error": {"message": f"{r.headers} {r.target} {r.body!r}"}}
        )
        for status in (400, 401, 403, 404, 408, 409, 418, 422, 429, 500, 503, 504)
    },
    "unreadable": unreadable,
    "half": half,
    "dropped": lambda _: Answer(drop=True),
    "late": lambda _: Answer(delay=5),
    "upgrade": lambda _: Answer(status=101),
}


def secret_call(case: Case) -> Callable[[Any], Any]:
    """The call of a case, with planted credentials where it takes some."""
    name = case.operation.name.rpartition(".")[2]
    call = SECRET_ARGUMENTS.get(name)
    if call is None:
        return case.call
    value = TOKEN if name == "destroy" else SALT
    return lambda nylas: call(nylas, value)


def auths(case: Case) -> list[Auth]:
    """Who may ask, with planted credentials."""
    key = ApiKey(KEY, "cfg-1")
    return [SessionToken(TOKEN), key] if case.operation.for_visitors else [key]


@OPERATIONS
async def test_every_error_of_every_operation(case: Case, server: WireServer) -> None:
    """However a call fails, no frame that its error came through shows a credential."""
    call = secret_call(case)
    for name, failure in ANSWERS.items():
        server.default = failure
        timeout = Timeout(total=0.02 if name == "late" else 5)
        for auth in auths(case):
            async with AsyncClient(auth, api_url=server.url, retry=TWICE, timeout=timeout) as nylas:
                error = await ended(call(nylas))
                assert error is None or hits(error) == [], name


@OPERATIONS
def test_every_error_of_every_blocking_operation(case: Case, server: WireServer) -> None:
    """The same for a blocking call, whose frames are in two threads."""
    call = secret_call(case)
    for name in ("status 400", "status 503", "dropped", "half", "not json"):
        server.default = ANSWERS[name]
        with Client(auths(case)[0], api_url=server.url, retry=TWICE) as nylas:
            assert [hit for error in ended_blocking(call, nylas) for hit in hits(error)] == [], name


@pytest.mark.parametrize("own", [False, True], ids=["direct", "session"])
@pytest.mark.parametrize("lost", [0, 1, 2])
@pytest.mark.parametrize("name", ["get", "confirm", "destroy", "minted"])
async def test_cancelled_in_any_attempt(
    name: str, lost: int, own: bool, server: WireServer
) -> None:
    """The frames of aiohttp are not in a cancellation, whichever attempt it meets."""
    calls = {
        **{key: lambda n, call=call: call(n, TOKEN) for key, call in SECRET_ARGUMENTS.items()},  # type: ignore[misc] - a fixed default
        "get": lambda nylas: nylas.bookings.get("b"),
        "minted": lambda nylas: nylas.bookings.get("b"),
    }
    auth = MintedSession(KEY, "c") if name == "minted" else ApiKey(KEY)
    server.default = lambda _: Answer(delay=600)
    if name == "minted":
        server.answer(success(Received("POST", "/sessions", (), b"", 0)))
    server.answer(*[Answer(status=503, body={})] * lost)
    async with aiohttp.ClientSession() as session:
        settings: Any = {"session": session} if own else {}
        nylas = AsyncClient(
            auth, api_url=server.url, retry=Retry(attempts=9, first_wait=1e-6), **settings
        )
        task = asyncio.create_task(calls[name](nylas))
        await soon(lambda: len(server.received) == lost + 1 + (name == "minted"))
        task.cancel()
        error = await raised_by(task)
        await nylas.close()
    assert isinstance(error, asyncio.CancelledError)
    assert hits(error) == []
    assert not [f for f in frames_of(error) if "aiohttp" in f.f_code.co_filename]


@pytest.mark.parametrize("failure", [NotSent("no"), NoAnswer("no"), KeyError("x"), OSError("x")])
async def test_failures_of_a_sender(failure: Exception) -> None:
    """The frames around a sender of one's own show none either."""

    async def send(_: Request) -> Response:
        raise failure

    for call in SECRET_ARGUMENTS.values():
        nylas = AsyncClient(ApiKey(KEY), send=send, retry=TWICE)
        assert hits(await raised_by(call(nylas, TOKEN))) == []


async def test_an_upgrade_that_nobody_asked_for(
    server: WireServer, caplog: pytest.LogCaptureFixture
) -> None:
    """Aiohttp has no response left to complain of, with its URL, in asyncio's debug mode."""
    asyncio.get_running_loop().set_debug(True)
    server.default = lambda _: Answer(status=101)
    async with aiohttp.ClientSession() as session:
        nylas = AsyncClient(ApiKey(KEY), api_url=server.url, session=session)
        error = await raised_by(nylas.sessions.destroy(TOKEN))
    assert isinstance(error, UnexpectedAnswer)
    del error
    assert "Unclosed" not in caplog.text
    assert not any(one in record.getMessage() for record in caplog.records for one in PLANTED)


async def test_a_receiver_whose_handler_fails() -> None:
    """The secret of a webhook is not in the frame of a receiver that calls a handler."""

    def handle(_: object) -> None:
        raise NotSent("no")

    async def read() -> dict[str, Any]:
        return {"type": "http.request", "body": body}

    body = b'{"id":"n","type":"x","data":{}}'
    signature = webhooks.sign(body, secret=HOOK).encode()
    headers = [(webhooks.SIGNATURE_HEADER.lower().encode(), signature)]
    scope = {"type": "http", "method": "POST", "headers": headers, "query_string": b""}
    endpoint = starlette.receiver(handle, secret=HOOK)
    assert hits(await raised_by(endpoint(StarletteRequest(scope, read)))) == []


def test_the_search_finds_what_is_shown() -> None:
    """The search is worth something: a function of the package that shows its argument is found."""

    def fails(secret: str) -> None:
        raise NotSent(orjson.dumps(len(secret)).decode())

    outside: dict[str, Any] = {"__name__": "elsewhere", "NotSent": NotSent, "orjson": orjson}
    fails = type(fails)(fails.__code__, outside)
    assert len(hits(raised(lambda: fails(MINTED)))) == 1
    assert PublicConfiguration("c").configuration_id
