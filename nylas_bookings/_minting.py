"""Sessions that are opened as they are needed, shared by all calls, and renewed before they end."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Callable, Coroutine
from typing import Any, Final, TypeAlias

from ._retry import may_repeat
from ._waits import call_on, closed_in_the_middle
from .auth import MintedSession, SessionToken
from .errors import BookingsError, NotSent, Outcome

OpenSession: TypeAlias = Callable[[MintedSession], Coroutine[Any, Any, SessionToken]]

_MARGIN: Final = 0.1
"""The part of a session's life that is left unused, so that it does not end under way."""

_REQUESTS: Final = 3
"""How many requests for one session there are at most at a time."""

_PATIENCE: Final = 5.0
_PATIENT_PART: Final = 0.25
"""After how many seconds, and what part of the client's timeout, another request is sent.

A session that nobody uses does nothing, so more than one request can do no harm.
"""


class _Minted:
    """A session, or the requests for it that are on their way.

    Args:
        open_session: Sends a request for it.
        ends: Until when it can be used, by the clock of the cache.
        patience: After how many seconds a request that hangs is joined by another one.
    """

    def __init__(
        self,
        open_session: Callable[[], Coroutine[Any, Any, SessionToken]],
        ends: float,
        patience: float,
    ) -> None:
        self.loop = asyncio.get_running_loop()
        self.ends = ends
        self.ready: asyncio.Future[SessionToken] = self.loop.create_future()
        # Everybody who waits for it may be gone when it fails: mark the failure as seen.
        self.ready.add_done_callback(_retrieve)
        # Until there is a session: it refers to the client, which refers to this.
        self._open_session: Callable[[], Coroutine[Any, Any, SessionToken]] | None = open_session
        self._patience = patience
        self._requests: set[asyncio.Task[SessionToken]] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._request()

    def is_usable(self, now: float) -> bool:
        """Whether a call can use it, or wait for it."""
        if self.loop is not asyncio.get_running_loop() or now >= self.ends:
            return False
        return self.is_open() or not self.ready.done()

    def is_open(self) -> bool:
        """Whether there is a session."""
        ready = self.ready
        return ready.done() and not ready.cancelled() and ready.exception() is None

    def close(self) -> None:
        """End the requests. Whoever waits is told that the client is closed."""
        if not self.ready.done():
            self.ready.set_exception(closed_in_the_middle())
        self._end_requests()

    def _request(self) -> None:
        if self._open_session is None:
            return
        request = self.loop.create_task(self._open_session())
        self._requests.add(request)
        request.add_done_callback(self._decide)
        if len(self._requests) < _REQUESTS:
            self._timer = self.loop.call_later(self._patience, self._request)

    def _decide(self, request: asyncio.Task[SessionToken]) -> None:
        """The request that ends first decides, with a session or with an error."""
        self._requests.discard(request)
        error = asyncio.CancelledError() if request.cancelled() else request.exception()
        if self.ready.done():
            return
        if error is None:
            self.ready.set_result(request.result())
        elif isinstance(error, asyncio.CancelledError):
            self.ready.cancel()
        else:
            self.ready.set_exception(error)
        self._end_requests()

    def _end_requests(self) -> None:
        self._open_session = None
        if self._timer is not None:
            self._timer.cancel()
        for request in self._requests:
            request.cancel()


class Mint:
    """Holds one session for each `MintedSession`, however many calls ask for it at once."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._minted: dict[MintedSession, _Minted] = {}

    def current(self, auth: MintedSession) -> SessionToken | None:
        """Return the session that there is, if it will last for a while."""
        minted = self._minted.get(auth)
        if minted is None or not minted.is_usable(self._clock()) or not minted.ready.done():
            return None
        return minted.ready.result()

    async def session(
        self, auth: MintedSession, open_session: OpenSession, timeout: float | None
    ) -> SessionToken:
        """Return a session that will last for a while; open one if there is none.

        Args:
            auth: What it is for.
            open_session: Sends a request for one.
            timeout: How long each such request may take.
        """
        now = self._clock()
        minted = self._minted.get(auth)
        if minted is None or not minted.is_usable(now):
            minted = self._start(auth, open_session, now, timeout)
        try:
            # Shielded: a caller who is cancelled must not take the session from the others.
            return await asyncio.shield(minted.ready)
        except BookingsError as error:
            raise _unsent(error) from None

    def refused(self, auth: MintedSession, token: SessionToken) -> None:
        """Forget a session that the API does not accept any more."""
        minted = self._minted.get(auth)
        if minted is not None and minted.is_open() and minted.ready.result() == token:
            del self._minted[auth]

    def close(self) -> None:
        """End all requests for sessions."""
        for minted in list(self._minted.values()):
            call_on(minted.loop, minted.close)

    def _start(
        self, auth: MintedSession, open_session: OpenSession, now: float, timeout: float | None
    ) -> _Minted:
        self._minted = {who: held for who, held in self._minted.items() if held.ends > now}
        ends = now + auth.time_to_live * 60 * (1 - _MARGIN)
        patience = _PATIENCE if timeout is None else min(_PATIENCE, timeout * _PATIENT_PART)
        self._minted[auth] = minted = _Minted(lambda: open_session(auth), ends, patience)
        return minted


def _retrieve(ready: asyncio.Future[SessionToken]) -> None:
    if not ready.cancelled():
        ready.exception()


def _unsent(error: BookingsError) -> BookingsError:
    """The failure to open a session, as what it means for the call that needs one."""
    what = f"no session could be opened: {error.message}"
    if may_repeat(error, repeatable=True):
        return NotSent(what, request_id=error.request_id, retry_after=error.retry_after)
    failure = copy.copy(error)
    failure.args = (what,)
    failure.outcome = Outcome.NOT_SENT
    return failure
