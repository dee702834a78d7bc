"""Whatever goes wrong in a call, a `BookingsError` says whether it may have taken effect."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import aiohttp
import attrs
import orjson
import pytest

from nylas_bookings import (
    AsyncClient,
    NewBooking,
    Request,
    Response,
    models,
    references,
)
from nylas_bookings.errors import (
    BookingsError,
    InvalidRequest,
    NoAnswer,
    NotSent,
    Outcome,
)

from .calls import CASES, Case, yes_to
from .conftest import ONCE
from .samples import A_CONFIGURATION, FROM, JANE, KEY, PUBLIC, UNTIL
from .stage import Stage, create
from .wire_server import Answer, WireServer

OPERATIONS = pytest.mark.parametrize("case", CASES, ids=lambda case: case.operation.name)
DEEP: Any = orjson.loads(b"[" * 1000 + b"]" * 1000)


class Hostile:
    """An object that fails at everything."""

    def _fail(self, *_: object) -> Any:
        raise ZeroDivisionError

    __str__ = __repr__ = __bool__ = __iter__ = __len__ = __eq__ = __hash__ = _fail
    __getattr__ = __index__ = __int__ = __float__ = _fail


@pytest.mark.parametrize("appearance", ["dark", 5, ["a"], {"color": 5}, {5: "red"}], ids=str)
async def test_an_appearance_that_is_no_mapping(appearance: Any) -> None:
    """A configuration whose texts are not texts by name is refused by that name."""
    nylas = Stage().client(KEY)
    with pytest.raises(InvalidRequest, match=r"configurations.update: appearance"):
        await nylas.configurations.update("g", "c", appearance=appearance)
    with pytest.raises(InvalidRequest, match="appearance"):
        await nylas.configurations.create("g", attrs.evolve(A_CONFIGURATION, appearance=appearance))


@pytest.mark.parametrize("proxy", [5, b"http://proxy:3128", ["http://proxy:3128"], object()])
def test_a_proxy_that_is_no_text(proxy: Any) -> None:
    """A proxy is a str."""
    with pytest.raises(InvalidRequest, match="a proxy must be a str"):
        AsyncClient(PUBLIC, proxy=proxy)


@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize("method", ["get", "cancel"])
async def test_a_host_name_without_addresses(
    method: str, own: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name server that knows the name and no address of it: nothing was sent."""

    async def nothing(*_: Any, **__: Any) -> list[Any]:
        return []

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", nothing)
    async with aiohttp.ClientSession() as session:
        settings: Any = {"session": session} if own else {}
        async with AsyncClient(KEY, retry=ONCE, **settings) as nylas:
            with pytest.raises(NotSent, match="cannot be resolved"):
                await getattr(nylas.bookings, method)("b-1")


@pytest.mark.parametrize(
    "name", ["X-Echo", "X-Request-Id", "Retry-After", "Content-Type", "Date", "Server"]
)
async def test_a_header_that_is_not_utf_8(name: str, server: WireServer, tmp_path: Path) -> None:
    """Bytes that are no text, in any header, end one row and not its batch."""

    class Raw(Answer):
        def head(self) -> bytes:
            return super().head().replace(b"RAW", b"\xff\xfe")

    refusal = Raw(status=400, body={"error": {"message": "no"}}, headers={name: "RAW"})
    server.answer(refusal, refusal)
    async with AsyncClient(PUBLIC, api_url=server.url, retry=ONCE) as nylas:
        with pytest.raises(BookingsError) as caught:
            await nylas.bookings.get("b-1")
        rows = [NewBooking(start_time=FROM, end_time=UNTIL, guest=JANE) for _ in range(2)]
        report = await nylas.bookings.create_many(
            [rows[0], attrs.evolve(rows[1], guest=attrs.evolve(JANE, email="j@example.com"))],
            concurrency=1,
            journal=tmp_path / "batch.sqlite3",
        )
    assert f"{vars(caught.value)} {caught.value}".encode()
    assert (report.created, report.failed, report.unknown) == (1, 1, 0)


@pytest.mark.parametrize("key", ["\ud800", "a\udfffb"])
async def test_a_key_with_half_of_a_surrogate_pair(key: str, tmp_path: Path) -> None:
    """A key that no journal can write is refused as such."""
    nylas = Stage().client()
    row = NewBooking(start_time=FROM, end_time=UNTIL, guest=JANE, key=key)
    with pytest.raises(InvalidRequest, match="bad key"):
        await nylas.bookings.create_many([row], journal=tmp_path / "batch.sqlite3")


@pytest.mark.parametrize("value", [DEEP, 5, None, b"secret", Hostile()], ids=range(5))
def test_a_secret_that_is_no_text(value: Any) -> None:
    """A model whose credential is not a text is refused, whatever its repr does."""
    with pytest.raises(InvalidRequest, match="session_id must be a str"):
        models.Session(session_id=value)
    if value is not None:
        with pytest.raises(InvalidRequest, match="webhook_secret must be a str"):
            models.WebhookSubscription(id="w", webhook_secret=value)
        with pytest.raises(InvalidRequest, match="salt must be a str"):
            references.BookingReference(configuration_id="c", booking_id="b", salt=value)


async def test_a_response_that_nests_deeply() -> None:
    """Wherever a response nests as deep as JSON may, the call ends in one of our errors."""
    for place in (b'{"data":{"session_id":%s}}', b'{"data":{"id":"w","webhook_secret":%s}}'):
        for levels in (100, 900, 990, 1010, 100_000):
            body = place % (b"[" * levels + b"]" * levels)
            stage = Stage([Response(200, {}, body)] * 2)
            nylas = stage.client(KEY)
            for call in (nylas.sessions.create(slug="s"), nylas.webhooks.rotate_secret("w")):
                with pytest.raises(BookingsError):
                    await call


BAD_VALUES = [
    None,
    5,
    -1,
    float("nan"),
    2**70,
    b"bytes",
    "",
    "\ud800",
    "\x00",
    [],
    [5],
    {},
    {"a": 1},
    {5: {}},
    object(),
    DEEP,
    Hostile(),
    [Hostile()],
    {"a": Hostile()},
    str,
]


@OPERATIONS
async def test_arguments_of_any_kind(case: Case) -> None:
    """Any value for any argument of any operation is sent, or refused before anything is."""
    nylas = Stage([yes_to(case)] * 10**4).client(case.auth)
    resource, _, name = case.operation.name.partition(".")
    recorded: list[tuple[tuple[Any, ...], dict[str, Any]]] = []

    class Recorder:
        def __getattr__(self, _: str) -> Any:
            return lambda *args, **named: recorded.append((args, named))

    case.call(type("Recorders", (), {resource: Recorder()}))
    args, named = recorded[0]
    method = getattr(getattr(nylas, resource), name)
    for value in BAD_VALUES:
        for place in range(len(args)):
            await refused_or_sent(method, (*args[:place], value, *args[place + 1 :]), named)
        for argument in [*named, "auth", "timeout"]:
            await refused_or_sent(method, args, {**named, argument: value})


async def refused_or_sent(method: Any, args: tuple[Any, ...], named: dict[str, Any]) -> None:
    """Call; what is raised is one of our errors, and says that nothing was sent."""
    try:
        await method(*args, **named)
    except BookingsError as error:
        outcome = error.outcome
    else:
        return
    assert outcome is Outcome.NOT_SENT, (method, args, named)


@pytest.mark.parametrize(
    "failure",
    [ValueError("x"), RecursionError(), MemoryError(), KeyError("x"), UnicodeError(), OSError()],
    ids=lambda failure: type(failure).__name__,
)
async def test_a_sender_that_fails(failure: Exception) -> None:
    """What a sender of one's own raises is a lost response, with its cause."""

    async def send(_: Request) -> Response:
        raise failure

    with pytest.raises(NoAnswer, match=type(failure).__name__) as caught:
        await create(AsyncClient(PUBLIC, send=send))
    assert (caught.value.outcome, caught.value.attempts) == (Outcome.UNKNOWN, 1)
    assert caught.value.__cause__ is failure


@pytest.mark.parametrize(
    "response",
    [
        None,
        5,
        Response(None, {}, b""),  # type: ignore[arg-type] - that is the point
        Response(200, None, b"x"),  # type: ignore[arg-type] - that is the point
        Response(200, {}, None),  # type: ignore[arg-type] - that is the point
        Response(200, {}, "text"),  # type: ignore[arg-type] - that is the point
        Response(400, {5: None}, b"x"),  # type: ignore[dict-item] - that is the point
    ],
    ids=range(7),
)
@pytest.mark.parametrize("watched", [False, True])
async def test_a_sender_that_returns_something_else(response: Any, watched: bool) -> None:
    """After a response that is none, the call may have taken effect."""

    async def send(_: Request) -> Response:
        return response

    hook: Any = (lambda _: None) if watched else None
    with pytest.raises(BookingsError) as caught:
        await create(AsyncClient(PUBLIC, send=send, on_exchange=hook))
    assert caught.value.outcome in {Outcome.UNKNOWN, Outcome.DONE, Outcome.REFUSED}
    assert (caught.value.operation, caught.value.attempts) == ("bookings.create", 1)


@pytest.mark.parametrize("fails", ["acquire", "release"])
async def test_a_pace_that_fails(fails: str) -> None:
    """A pace that fails before a call keeps it back; after one, the call may have happened."""

    class Pace:
        async def acquire(self) -> None:
            if fails == "acquire":
                raise ZeroDivisionError

        def release(self, seconds: float, error: BaseException | None) -> None:
            if fails == "release":
                raise ZeroDivisionError

    stage = Stage()
    with pytest.raises(BookingsError, match="ZeroDivisionError") as caught:
        await create(stage.client(pace=Pace()))
    expected = Outcome.NOT_SENT if fails == "acquire" else Outcome.UNKNOWN
    assert (caught.value.outcome, len(stage.requests)) == (
        expected,
        expected is not Outcome.NOT_SENT,
    )


@pytest.mark.parametrize("leaving", [KeyboardInterrupt, SystemExit, asyncio.CancelledError])
async def test_what_ends_the_program_goes_through(leaving: type[BaseException]) -> None:
    """Cancellation and the end of the interpreter are nobody's error."""
    task = asyncio.create_task(_raise_in_call(leaving))
    await task


async def _raise_in_call(leaving: type[BaseException]) -> None:
    async def send(_: Request) -> Response:
        raise leaving

    with pytest.raises(leaving):
        await create(AsyncClient(PUBLIC, send=send))
