"""One call from start to end: credential, pause, exchange, decoding, repetition."""

from __future__ import annotations

import asyncio
import copy
import random
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import nullcontext
from itertools import starmap
from types import TracebackType
from typing import Any, TypeVar

from ._call import Call
from ._expiry import Expiry
from ._frames import detach
from ._minting import Mint
from ._observing import Observer, Watch
from ._pace import PROBE_SECONDS, Gate, Pacer
from ._retry import Retry, spread
from ._tracing import CallTrace, trace_of
from ._waits import Waits
from ._wire.messages import (
    Request,
    Response,
    Send,
    Timeout,
)
from .auth import (
    ApiKey,
    Auth,
    MintedSession,
    SessionToken,
    StaticAuth,
    asks_for,
    key_of,
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
    ServerError,
    Unauthorized,
)
from .models.bookings import copy_of
from .operations import CREATE_BOOKING, CREATE_SESSION, Operation, parameter

Result = TypeVar("Result")
Setting = TypeVar("Setting")

_NOBODY_TRACES = nullcontext()
_MAYBE_BOOKED = (Outcome.UNKNOWN, Outcome.DONE)


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
        pace: Pacer | None = None,
        waits: Waits | None = None,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        clock: Callable[[], float] = time.monotonic,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._send = send
        self._api_url = api_url
        self._auth = auth
        self._retry = _checked(retry, Retry)
        self._timeout = self._in_time(_checked(timeout, Timeout))
        self._observer = observer
        self.pace = pace
        self._waits = Waits() if waits is None else waits
        self._sleep = sleep
        self._clock = clock
        self._chance = chance
        # cattrs and orjson load with the first client, not with the package.
        from ._wire import answers, converter, results

        self._to_json = converter.to_json
        self._decode = answers.decode
        self._few_bytes = answers.FEW_BYTES
        self._is_much = answers.is_much
        self._already_gone = results.already_gone
        self._closed = False
        self._gate = Gate(clock)
        self._mint = Mint(clock)

    @property
    def auth(self) -> Auth | None:
        """Who is asking, where a call does not say it."""
        return self._auth

    @property
    def api_url(self) -> str:
        """Where the API is."""
        return self._api_url

    def close(self) -> None:
        """Refuse every call from now on, and end those that wait."""
        self._closed = True
        self._waits.close()
        self._mint.close()

    def observed(self, hear: Callable[[Response], object]) -> Transport:
        """Return the same transport, but with a function that is handed each response.

        For the few who read headers: the calls of everybody else do no work for them.
        """
        send = self._send

        async def heard(request: Request) -> Response:
            if self._closed:
                raise InvalidRequest("this client is closed")
            response = await send(request)
            hear(response)
            return response

        observed = copy.copy(self)
        observed._send = heard  # noqa: SLF001 - of the same class
        return observed

    def run(
        self,
        operation: Operation[Result],
        *ids: str,
        body: Callable[[], object] | None = None,
        query: Callable[[], Mapping[str, str]] | None = None,
        encoded: bytes | None = None,
        secret: str | None = None,
        auth: Auth | None = None,
        timeout: Timeout | None = None,
        pace: Pacer | None = None,
        begun: Callable[[Call], object] | None = None,
        expires: Expiry | None = None,
    ) -> Coroutine[Any, Any, Result]:
        """Carry out one operation. What can never work is refused before anything is awaited.

        Args:
            operation: Which one.
            ids: The ids in its path.
            body: Makes the model that goes along, and may refuse to.
            query: Makes what the query says besides the configuration.
            encoded: The bytes of that model, where they are known already.
            secret: What among its arguments must not be told, whatever the API echoes.
            auth: Who is asking, if not the client.
            timeout: How long each attempt may take, if not as long as the client's.
            pace: How fast its attempts may leave, if not as fast as the client's.
            begun: Is handed the call, which knows how often it was sent.
            expires: When the permission to send it ends, if it does.
        """
        try:
            call = self._call(operation, ids, body, query, encoded, secret, auth, timeout)
            if pace is not None:
                call.pace = pace
            if begun is not None:
                begun(call)
            call.expires = expires
            call.trace = trace_of(operation, self._api_url)
        except BookingsError as error:
            failure = error
        except Exception as error:  # noqa: BLE001 - an argument may be anything, and fail at anything
            failure = InvalidRequest(f"the arguments cannot be used ({type(error).__name__})")
            failure.__cause__ = detach(error)
        else:
            return self._finished(call) if call.trace is None else self._traced(call, call.trace)
        failure.operation = operation.name
        # The frames, of which this is one, hold what the call was given.
        del ids, body, query, encoded, secret, auth
        try:
            raise detach(failure)
        finally:
            del failure

    async def _traced(self, call: Call, trace: CallTrace) -> Any:
        with trace.call():
            return await self._finished(call)

    async def _finished(self, call: Call) -> Any:
        """What the call comes to, after as many attempts as that takes."""
        try:
            try:
                return await self._attempt(call)
            except BookingsError as error:
                return await self._again(call, error)
        except BookingsError:
            raise
        except Exception as error:  # noqa: BLE001 - nobody foresaw it, and the call needs an outcome
            failure = _unforeseen(call, error)
        except BaseException as error:
            # The frames of aiohttp know the URL, and error trackers show them.
            error.__traceback__ = None
            raise
        self._describe(call, failure)
        try:
            raise failure
        finally:
            del failure

    def _call(
        self,
        operation: Operation[Any],
        ids: tuple[str, ...],
        body: Callable[[], object] | None,
        query: Callable[[], Mapping[str, str]] | None,
        encoded: bytes | None,
        secret: str | None,
        auth: Auth | None,
        timeout: Timeout | None,
    ) -> Call:
        """Everything about the call that does not change from one attempt to the next."""
        model = None if body is None else body()
        empty = None if operation.method == "GET" else b"{}"
        return Call(
            operation,
            key_of(self._auth if auth is None else auth, operation),
            self._api_url + operation.path_to(*ids),
            "&".join(starmap(parameter, query().items())) if query is not None else "",
            ids[-1] if ids else None,
            model,
            empty if model is None else encoded or self._to_json(model),
            self._timeout if timeout is None else self._in_time(_checked(timeout, Timeout)),
            self._clock(),
            secret,
            self.pace,
        )

    def _attempt(self, call: Call) -> Awaitable[Any]:
        """Send a call once."""
        if self._closed:
            raise InvalidRequest("this client is closed")
        auth = call.auth
        if call.pace is not None or self._gate.held_back or isinstance(auth, MintedSession):
            return self._prepared(call)
        return self._exchange(call, auth)

    async def _prepared(self, call: Call) -> Any:
        """Send a call once, when its turn comes; with a session that the API refuses, once more."""
        await self._wait_for_gate(call)
        if self._gate.is_closed(call.auth):
            return await self._probe(call)
        return await self._prepared_for(call)

    async def _probe(self, call: Call) -> Any:
        """Send the one call that leaves in a pause, to see whether the others have to wait."""
        try:
            result = await self._prepared_for(call)
        except APIError as error:
            # If it is a 429, its own `Retry-After` counts from now on.
            if not isinstance(error, ServerError):
                self._gate.open(call.auth)
            raise
        self._gate.open(call.auth)
        return result

    async def _prepared_for(self, call: Call) -> Any:
        self._shorten(call)
        auth = call.auth
        if not isinstance(auth, MintedSession):
            return await self._paced(call, auth)
        token = await self._session(call, auth)
        try:
            return await self._paced(call, token)
        except Unauthorized:
            self._mint.refused(auth, token)
        return await self._paced(call, await self._session(call, auth))

    async def _paced(self, call: Call, auth: StaticAuth) -> Any:
        """One exchange, when the pace allows it, which then hears how it went."""
        pace = call.pace
        if pace is None:
            return await self._exchange(call, auth)
        await self._turn(call, pace)
        started = self._clock()
        try:
            result = await self._exchange(call, auth)
        except BaseException as error:
            pace.release(self._clock() - started, error)
            raise
        pace.release(self._clock() - started, None)
        return result

    async def _turn(self, call: Call, pace: Pacer) -> None:
        """Wait until the pace allows an exchange, if the call's deadline does."""
        deadline = self._retry.deadline
        left = None if deadline is None else deadline - self._elapsed(call)
        try:
            async with self._waits.within(left):
                await pace.acquire()
        except TimeoutError:
            raise NotSent("the pace did not let the call leave in time") from None

    async def _exchange(self, call: Call, auth: StaticAuth) -> Any:
        """One request and what its answer says."""
        call.sent += 1
        request = call.request(auth)
        try:
            if call.expires is not None:
                # The client's own connections check it again, right before they write.
                call.expires.check()
            if call.trace is not None:
                with call.trace.attempt(call.sent):
                    return await self._watched(call, request)
            if self._observer.is_listening():
                return await self._watched(call, request)
            response = await self._send(request)
            if len(response.body) > self._few_bytes:
                return await self._decode_much(call, response)
            return self._decode(response, call.operation.result, call.subject)
        except BookingsError as error:
            self._retry.cap(error)
            if isinstance(error, NotSent):
                call.unsent += 1
            raise

    async def _decode_much(self, call: Call, response: Response) -> Any:
        """Decode a large response, in a thread if that takes so long that others would wait."""
        result, subject = call.operation.result, call.subject
        if self._is_much(response):
            return await asyncio.to_thread(self._decode, response, result, subject)
        return self._decode(response, result, subject)

    async def _watched(self, call: Call, request: Request) -> Any:
        watch = Watch(self._observer, call.operation, call.sent)
        try:
            response = await self._send(request)
            watch.status = response.status
            if len(response.body) > self._few_bytes:
                result = await self._decode_much(call, response)
            else:
                result = self._decode(response, call.operation.result, call.subject)
        except BaseException as error:
            if isinstance(error, BookingsError):
                call.label(error)
            watch.ended(error, None)
            raise
        request_id = call.hide(result.request_id)
        watch.ended(None, request_id)
        if call.trace is not None:
            call.trace.answered(response.status, request_id)
        return result

    def _elapsed(self, call: Call) -> float:
        return self._clock() - call.started

    def _in_time(self, timeout: Timeout, elapsed: float = 0.0) -> Timeout:
        """A timeout, or what the deadline of all attempts leaves of it."""
        deadline = self._retry.deadline
        return timeout if deadline is None else timeout.within(deadline - elapsed)

    def _shorten(self, call: Call) -> None:
        """Leave the call no more time than its deadline does, after a wait."""
        call.timeout = self._in_time(call.timeout, self._elapsed(call))

    async def _again(self, call: Call, error: BookingsError) -> Any:
        """What follows a failed attempt: others, until one succeeds or none is left."""
        attempt = 0
        while True:
            attempt += 1
            self._learn(call, error)
            if call.lost and call.operation.method == "DELETE" and isinstance(error, NotFound):
                return self._already_gone(call.operation.result, call.subject, error.request_id)
            pause = self._retry.pause(
                error,
                repeatable=call.operation.repeatable,
                attempt=attempt,
                elapsed=self._elapsed(call),
                chance=self._chance(),
            )
            if pause is None or self._waits.is_closed:
                self._describe(call, error)
                try:
                    raise error
                finally:
                    # Its traceback holds this frame, which must not hold it.
                    del error
            try:
                await self._wait(pause)
                self._shorten(call)
                return await self._attempt(call)
            except BookingsError as failure:
                error = failure

    def _describe(self, call: Call, error: BookingsError) -> None:
        """Say in an error what it takes to find out later whether there is a booking."""
        if call.operation is CREATE_BOOKING and error.outcome in _MAYBE_BOOKED:
            error.request = copy_of(call.model)
            error.sent_at = time.time() - self._elapsed(call)
            error.asked_for = asks_for(call.auth)

    def _learn(self, call: Call, error: BookingsError) -> None:
        """What a failed attempt says about the call, and about others with the same auth."""
        call.label(error)
        # The frames of the attempt hold what was sent and what came, and error trackers show them.
        detach(error)
        self._heed(error, call.auth)
        if call.lost and error.outcome is not Outcome.DONE:
            # This attempt did nothing, but an earlier one may have.
            error.outcome = Outcome.UNKNOWN
        call.lost = error.outcome is Outcome.UNKNOWN and not error.reads

    def _heed(self, error: BookingsError, asker: Auth) -> None:
        """Hold back all calls of an asker whom the API has told to wait."""
        if isinstance(error, RateLimited) and error.retry_after:
            self._gate.close(asker, error.retry_after)

    async def _wait_for_gate(self, call: Call) -> None:
        """Wait as long as the API has asked this auth to, if the call's deadline allows it."""
        deadline = self._retry.deadline
        while (wait := self._gate.wait(call.auth)) > 0:
            whole = spread(wait, self._chance())
            # In between it looks whether a probe has succeeded.
            pause = min(whole, PROBE_SECONDS)
            if deadline is not None and self._elapsed(call) + whole >= deadline:
                raise NotSent(
                    f"the API has asked for a pause of {wait:.0f} s more, and this call has not "
                    "that long",
                    retry_after=wait,
                )
            await self._wait(pause)

    async def _wait(self, seconds: float) -> None:
        async with self._waits.within(None):
            await self._sleep(seconds)

    async def _session(self, call: Call, auth: MintedSession) -> SessionToken:
        """The session to use for a call; without one, the call is not sent."""
        token = self._mint.current(auth)
        if token is None:
            self._shorten(call)
            try:
                async with self._waits.within(call.timeout.total):
                    token = await self._mint.session(auth, self._open_session, self._timeout.total)
            except TimeoutError:
                raise NotSent("the API did not open a session in time") from None
            self._shorten(call)
        call.session = token
        return token

    async def _open_session(self, auth: MintedSession) -> SessionToken:
        def body() -> object:
            from .models.sessions import NewSession

            return NewSession(
                configuration_id=auth.configuration_id, time_to_live=auth.time_to_live
            )

        call = self._call(CREATE_SESSION, (), body, None, None, None, ApiKey(auth.key), None)
        try:
            call.trace = trace_of(call.operation, self._api_url)
            with _NOBODY_TRACES if call.trace is None else call.trace.call():
                session = await self._attempt(call)
        except BookingsError as error:
            call.label(error)
            self._heed(error, auth)
            raise
        return SessionToken(session.session_id)


def _checked(value: Setting, kind: type[Setting]) -> Setting:
    if not isinstance(value, kind):
        raise InvalidRequest(f"a {kind.__name__} is needed here, not {type(value).__name__}")
    return value


def _unforeseen(call: Call, error: Exception) -> BookingsError:
    """An exception that is not one of ours, as what it means for the call that it ended."""
    text = f"the call failed in an unexpected way ({type(error).__name__})"
    failure = NoAnswer(text) if call.sent > call.unsent else NotSent(text)
    frames = _frames_of_caller(error)
    failure.__cause__ = detach(error).with_traceback(frames)
    call.label(failure)
    return failure


def _frames_of_caller(error: Exception) -> TracebackType | None:
    """The frames of a sender or a pace that the caller wrote, if the exception comes from there."""
    inner = frame = error.__traceback__
    while frame is not None:
        if str(frame.tb_frame.f_globals.get("__name__")).startswith(__package__):
            inner = frame
        frame = frame.tb_next
    is_from_here = inner is not None and inner.tb_frame.f_globals is globals()
    return inner.tb_next if inner is not None and is_from_here else None


def bounded(send: Send) -> Send:
    """A sender that somebody else wrote, held to the request's timeout and to our errors."""

    async def send_in_time(request: Request) -> Response:
        try:
            async with asyncio.timeout(request.timeout.total):
                return await send(request)
        except TimeoutError:
            raise NoAnswer(f"no answer {request.timeout}") from None
        except OSError as error:
            raise NoAnswer(f"no answer ({type(error).__name__})") from error

    return send_in_time
