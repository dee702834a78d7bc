"""Credentials and guests stay out of everything that is printed, logged, traced or kept."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias
from urllib.parse import quote

import orjson
import pytest
from attrs import asdict, define, evolve, field
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from nylas_bookings import AsyncClient, Client, Exchange, Request, Response, Retry, Timeout
from nylas_bookings.auth import from_environment
from nylas_bookings.errors import BookingsError, InvalidRequest

from .leaks import (
    CALLS,
    CREDENTIALS,
    ECHOES,
    HOOK,
    KEY,
    MINTED,
    PERSONAL,
    SALT,
    TOKEN,
    Call,
    bearer,
    half,
    of_error,
    of_traceback,
    success,
    unreadable,
)
from .stage import Stage
from .traced import traced
from .wire_server import Answer, Received, WireServer

Failure: TypeAlias = Callable[[Received], Answer]

QUICKLY = Retry(attempts=2, first_wait=0.001)
FAILURES: dict[str, Failure] = {
    **ECHOES,
    "unreadable": unreadable,
    "half": half,
    "dropped": lambda _: Answer(drop=True),
    "late": lambda _: Answer(delay=5),
}
each_call = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())


@define
class Watchers:
    """All that listens to a client."""

    logs: pytest.LogCaptureFixture
    spans: InMemorySpanExporter
    exchanges: list[Exchange] = field(factory=list)

    def texts(self) -> Iterator[str]:
        """Everything that they have heard."""
        for record in self.logs.records:
            yield f"{record.getMessage()} {record.args!r} {record.exc_info!r} {record.__dict__!r}"
        yield self.logs.text
        for exchange in self.exchanges:
            yield f"{exchange!r} {asdict(exchange)!r}"
        for span in self.spans.get_finished_spans():
            yield span.to_json()


@pytest.fixture
def watchers(caplog: pytest.LogCaptureFixture) -> Iterator[Watchers]:
    """A log at its most talkative, traces, and a hook."""
    caplog.set_level(logging.DEBUG)
    with traced() as spans:
        yield Watchers(caplog, spans)


def found(texts: Iterator[str], planted: Sequence[str]) -> list[str]:
    """The planted things that are somewhere in the texts."""
    everything = "\n".join(texts)
    return [one for one in planted if one in everything]


def check(error: BaseException, watchers: Watchers) -> None:
    """Search for what was planted, wherever it might have got to."""
    assert found(of_error(error), CREDENTIALS) == []
    assert found(of_traceback(error), CREDENTIALS) == []
    assert found(watchers.texts(), (*CREDENTIALS, *PERSONAL)) == []
    assert watchers.exchanges
    assert watchers.logs.records
    assert watchers.spans.get_finished_spans()


async def awaited(call: Call, nylas: AsyncClient) -> Any:
    """What becomes of a call."""
    try:
        return await call.make(nylas)
    except (BookingsError, asyncio.CancelledError) as error:
        return error


def blocked(call: Call, nylas: Client) -> Any:
    """What becomes of a blocking call."""
    try:
        return call.make(nylas)
    except BookingsError as error:
        return error


def after_minting(call: Call, failure: Failure) -> Callable[[Received], Answer]:
    """A server that fails at everything but the session that a call needs first."""
    mints = call is CALLS["minted"]
    return lambda r: success(r) if mints and "/sessions" in r.target else failure(r)


@pytest.mark.parametrize(
    ("call", "failure"),
    [
        pytest.param(call, failure, id=f"{what}-{how}")
        for what, call in CALLS.items()
        for how, failure in FAILURES.items()
        if (what, how) != ("destroy", "unreadable")
    ],
)
async def test_failures(
    call: Call, failure: Failure, server: WireServer, watchers: Watchers
) -> None:
    """Whatever a server says back, and however it fails, no credential is in what is left of it."""
    server.default = after_minting(call, failure)
    quick = Timeout(total=0.03 if failure is FAILURES["late"] else 5)
    async with AsyncClient(
        call.auth,
        api_url=server.url,
        retry=QUICKLY,
        timeout=quick,
        on_exchange=watchers.exchanges.append,
    ) as nylas:
        error = await awaited(call, nylas)
    assert isinstance(error, BookingsError)
    check(error, watchers)


@each_call
@pytest.mark.parametrize("failure", ["message", "html", "half", "dropped"])
def test_failures_of_blocking_calls(
    call: Call, failure: str, server: WireServer, watchers: Watchers
) -> None:
    """The same for a blocking call, whose error comes through another thread."""
    server.default = after_minting(call, FAILURES[failure])
    with Client(
        call.auth, api_url=server.url, retry=QUICKLY, on_exchange=watchers.exchanges.append
    ) as nylas:
        error = blocked(call, nylas)
    assert isinstance(error, BookingsError)
    check(error, watchers)


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES.keys())
async def test_failures_to_open_a_session(
    failure: Failure, server: WireServer, watchers: Watchers
) -> None:
    """The same when the session that a call needs cannot be opened."""
    server.default = failure
    quick = Timeout(total=0.03 if failure is FAILURES["late"] else 5)
    async with AsyncClient(
        CALLS["minted"].auth,
        api_url=server.url,
        retry=QUICKLY,
        timeout=quick,
        on_exchange=watchers.exchanges.append,
    ) as nylas:
        error = await awaited(CALLS["minted"], nylas)
    assert isinstance(error, BookingsError)
    check(error, watchers)


@pytest.mark.parametrize("failure", ["message", "html", "unreadable", "half"])
async def test_failures_that_nobody_watches(failure: str, server: WireServer) -> None:
    """The same when there is neither a hook nor a log nor a trace."""
    server.default = FAILURES[failure]
    for name in ("open", "subscribe", "minted"):
        async with AsyncClient(CALLS[name].auth, api_url=server.url, retry=QUICKLY) as nylas:
            error = await awaited(CALLS[name], nylas)
        assert found(of_error(error), CREDENTIALS) == []
        assert found(of_traceback(error), CREDENTIALS) == []


@each_call
async def test_no_connection(call: Call, server: WireServer, watchers: Watchers) -> None:
    """The same when nobody is there."""
    server.__exit__()
    async with AsyncClient(
        call.auth, api_url=server.url, retry=QUICKLY, on_exchange=watchers.exchanges.append
    ) as nylas:
        error = await awaited(call, nylas)
    server.__enter__()
    check(error, watchers)


@each_call
async def test_cancelled(call: Call, server: WireServer, watchers: Watchers) -> None:
    """The same for a call that is cancelled on its way."""
    loop, arrived = asyncio.get_running_loop(), asyncio.Event()

    def hang(_: Received) -> Answer:
        loop.call_soon_threadsafe(arrived.set)
        return Answer(delay=30)

    server.default = after_minting(call, hang)
    async with AsyncClient(
        call.auth, api_url=server.url, on_exchange=watchers.exchanges.append
    ) as nylas:
        task = asyncio.ensure_future(awaited(call, nylas))
        await arrived.wait()
        task.cancel()
        error = await task
    assert isinstance(error, asyncio.CancelledError)
    check(error, watchers)


@each_call
async def test_successes(call: Call, server: WireServer, watchers: Watchers) -> None:
    """No text that is made of a client, an auth or a result shows a credential."""
    server.default = success
    hook = watchers.exchanges.append
    async with AsyncClient(call.auth, api_url=server.url, on_exchange=hook) as nylas:
        result = await call.make(nylas)
        things = [nylas, nylas._transport, nylas.bookings, call.auth, result, nylas._http]
        texts = [text for thing in things for text in (repr(thing), str(thing), f"{thing}")]
    assert found(iter(texts), CREDENTIALS) == []
    assert found(watchers.texts(), (*CREDENTIALS, *PERSONAL)) == []
    assert len(watchers.exchanges) == len(server.received)


@each_call
@pytest.mark.parametrize("place", ["body", "header"])
@pytest.mark.parametrize("said", [str, str.upper, lambda text: quote(text, safe="")], ids=range(3))
async def test_a_request_id_that_is_a_credential(
    call: Call, place: str, said: Callable[[str], str], server: WireServer, watchers: Watchers
) -> None:
    """A request id that is the credential of the call is in no log, span or hook."""

    def echo(received: Received) -> Answer:
        good = success(received)
        echoed = said(f"{bearer(received)} {SALT}")
        if place == "body":
            return evolve(good, body={**good.body, "request_id": echoed})
        return evolve(good, body={"data": good.body["data"]}, headers={"X-Request-Id": echoed})

    server.default = echo
    async with AsyncClient(
        call.auth, api_url=server.url, on_exchange=watchers.exchanges.append
    ) as nylas:
        await call.make(nylas)
    known = [one for one in CREDENTIALS if one != SALT or "salt" in str(server.received)]
    spoken = [form for one in known for form in (one, one.upper(), quote(one, safe=""))]
    assert found(watchers.texts(), spoken) == []
    assert watchers.exchanges


def test_what_is_planted_arrives(server: WireServer) -> None:
    """The search is worth something: what is searched for was sent, and was given out."""
    server.default = success
    results = []
    for call in CALLS.values():
        with Client(call.auth, api_url=server.url) as nylas:
            results.append(call.make(nylas))
    sent = repr(server.received)
    assert [one for one in (KEY, TOKEN, MINTED, SALT, *PERSONAL) if one not in sent] == []
    given = orjson.dumps([asdict(result) for result in results]).decode()
    assert [one for one in (MINTED, HOOK, SALT) if one not in given] == []


@each_call
async def test_requests(call: Call) -> None:
    """A request, which a sender of one's own may print, shows no credential."""
    stage = Stage()
    await awaited(call, stage.client(call.auth))
    assert stage.requests
    assert found(map(repr, stage.requests), (*CREDENTIALS, *PERSONAL)) == []


async def test_the_error_of_a_sender() -> None:
    """A lost connection in a sender of one's own keeps its cause, which shows none either."""

    async def send(request: Request) -> Response:
        raise OSError("pipe")

    call = CALLS["session"]
    error = await awaited(call, AsyncClient(call.auth, send=send, retry=QUICKLY))
    assert isinstance(error.__cause__, OSError)
    assert found(of_traceback(error), CREDENTIALS) == []


def test_a_bad_environment() -> None:
    """The refusal of a variable shows neither it nor the others, not even to an error tracker."""
    with pytest.raises(InvalidRequest) as key:
        from_environment({"NYLAS_API_KEY": f"{KEY}\n{KEY}", "UNRELATED_PASSWORD": TOKEN})
    with pytest.raises(InvalidRequest) as session:
        from_environment({"NYLAS_SESSION_ID": f"é{TOKEN}", "NYLAS_API_KEY": KEY})
    for error in (key.value, session.value):
        assert found(of_error(error), CREDENTIALS) == []
        assert found(of_traceback(error), CREDENTIALS) == []
