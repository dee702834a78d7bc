"""Sessions that are opened as they are needed, shared by all calls, and renewed before they end."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Callable, Coroutine
from typing import Any

from attrs import define

from ._retry import may_repeat
from .auth import MintedSession, SessionToken
from .errors import BookingsError, NotSent, Outcome

_MARGIN = 0.1
"""The part of a session's life that is left unused, so that it does not end under way."""


@define(eq=False)
class _Minted:
    """A session, or the one attempt to open it that is under way."""

    opening: asyncio.Task[SessionToken]
    loop: asyncio.AbstractEventLoop
    ends: float

    def is_usable(self, now: float) -> bool:
        if self.loop is not asyncio.get_running_loop() or now >= self.ends:
            return False
        return self.is_open() or not self.opening.done()

    def is_open(self) -> bool:
        opening = self.opening
        return opening.done() and not opening.cancelled() and opening.exception() is None


class Mint:
    """Holds one session for each `MintedSession`, however many calls ask for it at once."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._minted: dict[MintedSession, _Minted] = {}

    async def session(
        self,
        auth: MintedSession,
        open_session: Callable[[MintedSession], Coroutine[Any, Any, SessionToken]],
    ) -> SessionToken:
        """A session that will last for a while; opens one if there is none."""
        now = self._clock()
        minted = self._minted.get(auth)
        if minted is None or not minted.is_usable(now):
            minted = self._start(auth, open_session(auth), now)
        try:
            # Shielded: a caller who is cancelled must not take the session from the others.
            return await asyncio.shield(minted.opening)
        except BookingsError as error:
            raise _unsent(error) from None

    def refused(self, auth: MintedSession, token: SessionToken) -> None:
        """Forget a session that the API does not accept any more."""
        minted = self._minted.get(auth)
        if minted is not None and minted.is_open() and minted.opening.result() == token:
            del self._minted[auth]

    def _start(
        self, auth: MintedSession, session: Coroutine[Any, Any, SessionToken], now: float
    ) -> _Minted:
        self._minted = {who: held for who, held in self._minted.items() if held.ends > now}
        opening = asyncio.create_task(session)
        opening.add_done_callback(_look_at)
        ends = now + auth.time_to_live * 60 * (1 - _MARGIN)
        minted = _Minted(opening, asyncio.get_running_loop(), ends)
        self._minted[auth] = minted
        return minted


def _look_at(opening: asyncio.Task[SessionToken]) -> None:
    """Mark a failure as seen: everybody who waited for it may have been cancelled."""
    if not opening.cancelled():
        opening.exception()


def _unsent(error: BookingsError) -> BookingsError:
    """The failure to open a session, as what it means for the call that needs one."""
    what = f"no session could be opened: {error.message}"
    if may_repeat(error, repeatable=True):
        return NotSent(what, request_id=error.request_id, retry_after=error.retry_after)
    failure = copy.copy(error)
    failure.args = (what,)
    failure.outcome = Outcome.NOT_SENT
    return failure
