"""One call from start to end: credential, pause, exchange, decoding, repetition."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote, urlencode

from attrs import define

from ._minting import Mint
from ._observing import Observer, Watch
from ._pace import Gate
from ._redaction import redact
from ._retry import Retry, spread
from ._tracing import CallTrace, answered, trace_of
from ._version import VERSION
from ._wire.messages import Request, Response, Send, Timeout
from .auth import (
    ApiKey,
    Auth,
    MintedSession,
    SessionToken,
    StaticAuth,
    bearer,
    configuration,
    key_of,
    secrets,
)
from .errors import (
    APIError,
    BookingsError,
    InvalidRequest,
    NoAnswer,
    NotFound,
    NotSent,
    Outcome,
    RateLimited,
    Unauthorized,
)
from .operations import CREATE_SESSION, Operation

if TYPE_CHECKING:
    from opentelemetry.trace import Span

Result = TypeVar("Result")

_HEADERS = {"Accept": "application/json", "User-Agent": f"nylas-bookings/{VERSION}"}
_JSON = {**_HEADERS, "Content-Type": "application/json"}


@define(eq=False)
class _Call:
    """One call of a user, with all that its attempts share."""

    operation: Operation[Any]
    auth: StaticAuth | MintedSession
    path: str
    query: str
    subject: str | None
    body: bytes | None
    timeout: Timeout
    started: float
    sent: int = 0
    trace: CallTrace | None = None

    def label(self, error: BookingsError) -> None:
        """Say in an error which call it is about, and nothing that is secret."""
        operation = self.operation
        error.operation = operation.name
        error.reads = operation.reads
        error.attempts = max(self.sent, 1)
        if operation.reads and isinstance(error, APIError):
            error.outcome = Outcome.REFUSED
        redact(error, secrets(self.auth))


class Transport:
    """Carries out operations. `sleep`, `clock` and `chance` are here to be replaced in tests."""

    def __init__(
        self,
        send: Send,
        *,
        api_url: str,
        auth: Auth | None,
        timeout: Timeout,
        retry: Retry,
        observer: Observer,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        clock: Callable[[], float] = time.monotonic,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._send = send
        self._api_url = api_url
        self._auth = auth
        self._timeout = timeout
        self._retry = retry
        self._observer = observer
        self._sleep = sleep
        self._clock = clock
        self._chance = chance
        # cattrs and orjson load with the first client, not with the package.
        from ._wire import answers, converter, results

        self._to_json = converter.to_json
        self._decode = answers.decode
        self._already_gone = results.already_gone
        self._closed = False
        self._gate = Gate(clock)
        self._mint = Mint(self._open_session, clock)

    def close(self) -> None:
        """Refuse every call from now on."""
        self._closed = True

    async def run(
        self,
        operation: Operation[Result],
        *ids: str,
        body: Callable[[], object] | None = None,
        query: Callable[[], Mapping[str, str]] | None = None,
        auth: Auth | None = None,
        timeout: Timeout | None = None,
    ) -> Result:
        """Carry out one operation.

        Args:
            operation: Which one.
            ids: The ids in its path.
            body: Makes the model that goes along, and may refuse to.
            query: Makes what the query says besides the configuration.
            auth: Who is asking, if not the client.
            timeout: How long each attempt may take, if not as long as the client's.
        """
        try:
            call = self._call(operation, ids, body, query, auth or self._auth, timeout)
        except InvalidRequest as error:
            error.operation = operation.name
            raise
        call.trace = trace_of(operation, self._api_url)
        if call.trace is None:
            result: Result = await self._carry_out(call)
        else:
            with call.trace.call():
                result = await self._carry_out(call)
        return result

    async def _carry_out(self, call: _Call) -> Any:
        try:
            return await self._attempt(call)
        except BookingsError as error:
            return await self._again(call, error)

    def _call(
        self,
        operation: Operation[Any],
        ids: tuple[str, ...],
        body: Callable[[], object] | None,
        query: Callable[[], Mapping[str, str]] | None,
        auth: Auth | None,
        timeout: Timeout | None,
    ) -> _Call:
        """Everything about the call that does not change from one attempt to the next."""
        if self._closed:
            raise InvalidRequest("this client is closed")
        empty = None if operation.method == "GET" else b"{}"
        return _Call(
            operation,
            key_of(auth, operation),
            self._api_url + operation.path_to(*ids),
            urlencode(query(), quote_via=quote) if query is not None else "",
            ids[-1] if ids else None,
            self._to_json(body()) if body is not None else empty,
            timeout or self._timeout,
            self._clock(),
        )

    async def _attempt(self, call: _Call) -> Any:
        """Send a call once; with a minted session that the API refuses, once more."""
        if self._gate:
            await self._wait_for_gate(call)
        auth = call.auth
        if not isinstance(auth, MintedSession):
            return await self._exchange(call, auth)
        token = await self._session(call, auth)
        try:
            return await self._exchange(call, token)
        except Unauthorized:
            self._mint.refused(auth, token)
        return await self._exchange(call, await self._session(call, auth))

    async def _exchange(self, call: _Call, auth: StaticAuth) -> Any:
        """One request and what its answer says."""
        call.sent += 1
        request = self._request(call, auth)
        if call.trace is not None:
            with call.trace.attempt(call.sent) as span:
                return await self._watched(call, request, span)
        if self._observer:
            return await self._watched(call, request)
        response = await self._send(request)
        return self._decode(response, call.operation.result, call.subject)

    async def _watched(self, call: _Call, request: Request, span: Span | None = None) -> Any:
        watch = Watch(self._observer, call.operation, call.sent)
        try:
            response = await self._send(request)
            watch.status = response.status
            result = self._decode(response, call.operation.result, call.subject)
        except BaseException as error:
            if isinstance(error, BookingsError):
                call.label(error)
            watch.ended(error, None)
            raise
        watch.ended(None, result.request_id)
        if span is not None:
            answered(span, response.status, result.request_id)
        return result

    def _request(self, call: _Call, auth: StaticAuth) -> Request:
        named = configuration(auth, call.operation)
        query = f"{call.query}&{named}" if call.query and named else call.query or named
        headers = _HEADERS if call.body is None else _JSON
        token = bearer(auth)
        return Request(
            call.operation.method,
            f"{call.path}?{query}" if query else call.path,
            headers if token is None else {**headers, "Authorization": token},
            call.body,
            self._timeout_left(call),
        )

    def _elapsed(self, call: _Call) -> float:
        return self._clock() - call.started

    def _timeout_left(self, call: _Call) -> Timeout:
        """The call's timeout, or what its deadline leaves of it."""
        deadline = self._retry.deadline
        return (
            call.timeout
            if deadline is None
            else call.timeout.within(deadline - self._elapsed(call))
        )

    async def _again(self, call: _Call, error: BookingsError) -> Any:
        """What follows a failed attempt: others, until one succeeds or none is left."""
        lost = False
        attempt = 1
        while True:
            call.label(error)
            if isinstance(error, RateLimited) and error.retry_after:
                self._gate.close(call.auth, error.retry_after)
            if lost and call.operation.method == "DELETE" and isinstance(error, NotFound):
                return self._already_gone(call.operation.result, call.subject, error.request_id)
            if lost and error.outcome is not Outcome.DONE:
                # This attempt did nothing, but an earlier one may have.
                error.outcome = Outcome.UNKNOWN
            pause = self._retry.pause(
                error,
                repeatable=call.operation.repeatable,
                attempt=attempt,
                elapsed=self._elapsed(call),
                chance=self._chance(),
            )
            if pause is None:
                raise error
            lost = lost or (error.outcome is Outcome.UNKNOWN and not error.reads)
            await self._sleep(pause)
            attempt += 1
            try:
                return await self._attempt(call)
            except BookingsError as failure:
                error = failure

    async def _wait_for_gate(self, call: _Call) -> None:
        """Wait as long as the API has asked this auth to, if the call's deadline allows it."""
        deadline = self._retry.deadline
        while (wait := self._gate.wait(call.auth)) > 0:
            if deadline is not None and self._elapsed(call) + wait >= deadline:
                raise NotSent(
                    f"the API has asked for a pause of {wait:.0f} s more, and this call has not "
                    "that long",
                    retry_after=wait,
                )
            await self._sleep(spread(wait, self._chance()))

    async def _session(self, call: _Call, auth: MintedSession) -> SessionToken:
        """The session to use for a call; without one, the call is not sent."""
        try:
            async with asyncio.timeout(self._timeout_left(call).total):
                return await self._mint.session(auth)
        except TimeoutError:
            raise NotSent("no session could be opened in time") from None

    async def _open_session(self, auth: MintedSession) -> SessionToken:
        def body() -> object:
            from .models.sessions import NewSession

            return NewSession(
                configuration_id=auth.configuration_id, time_to_live=auth.time_to_live
            )

        call = self._call(CREATE_SESSION, (), body, None, ApiKey(auth.key), None)
        try:
            session = await self._attempt(call)
        except BookingsError as error:
            call.label(error)
            raise
        return SessionToken(session.session_id)


def bounded(send: Send) -> Send:
    """A sender that somebody else wrote, held to the request's timeout and to our errors."""

    async def send_in_time(request: Request) -> Response:
        try:
            async with asyncio.timeout(request.timeout.total):
                return await send(request)
        except TimeoutError:
            raise NoAnswer(f"no answer within {request.timeout.total} s") from None
        except OSError as error:
            raise NoAnswer(f"no answer ({type(error).__name__})") from error

    return send_in_time
