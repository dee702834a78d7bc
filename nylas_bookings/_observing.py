"""What others may see of an exchange, in a hook and in the log: never a body or a credential."""

from __future__ import annotations

import inspect
import logging
import time
from collections.abc import Callable
from functools import partial
from typing import TypeAlias

from attrs import frozen

from .errors import BookingsError, InvalidRequest, Outcome, printable
from .operations import Operation

logger = logging.getLogger("nylas_bookings")


@frozen(kw_only=True)
class Exchange:
    """One HTTP exchange, without anything that is secret or personal.

    Attributes:
        operation: What was asked, such as `bookings.create`.
        method: The HTTP method.
        path: The path as the documentation writes it, with the names of ids in place of the ids.
        status: The HTTP status, when there was an answer.
        request_id: What the API called this exchange, when it said so.
        attempt: Which exchange of the call this was, from 1.
        elapsed: How many seconds it took.
        outcome: Whether it may have taken effect.
        error: The name of the error that it ended in, if it did.
    """

    operation: str
    method: str
    path: str
    status: int | None
    request_id: str | None
    attempt: int
    elapsed: float
    outcome: Outcome
    error: str | None


OnExchange: TypeAlias = Callable[[Exchange], object]
"""A function that is told of every exchange."""


class Observer:
    """Tells the hook and the log about exchanges."""

    __slots__ = ("_on_exchange", "is_listening")

    def __init__(self, on_exchange: OnExchange | None) -> None:
        if inspect.iscoroutinefunction(on_exchange):
            raise InvalidRequest("on_exchange is called, not awaited: give it a plain function")
        if on_exchange is not None and not callable(on_exchange):
            raise InvalidRequest("on_exchange must be a function that takes an Exchange")
        self._on_exchange = on_exchange
        self.is_listening: Callable[[], bool] = partial(logger.isEnabledFor, logging.DEBUG)
        """Tell whether a hook or the log takes exchanges; called for each."""
        if on_exchange is not None:
            self.is_listening = lambda: True

    def tell(self, exchange: Exchange) -> None:
        """Report one exchange. A hook that fails is reported too, and changes nothing else."""
        logger.debug(
            "%s %s %s -> %s in %.3f s, attempt %d, request id %s",
            exchange.operation,
            exchange.method,
            exchange.path,
            exchange.error or exchange.status,
            exchange.elapsed,
            exchange.attempt,
            exchange.request_id,
        )
        if self._on_exchange is None:
            return
        try:
            self._on_exchange(exchange)
        except Exception:
            # The call has happened: a broken hook must not take its result away.
            logger.exception("on_exchange failed")


class Watch:
    """Times one exchange, and tells the observer how it ended."""

    __slots__ = ("_attempt", "_observer", "_operation", "_started", "status")

    def __init__(self, observer: Observer, operation: Operation[object], attempt: int) -> None:
        self._observer = observer
        self._operation = operation
        self._attempt = attempt
        self._started = time.perf_counter()
        self.status: int | None = None

    def ended(self, error: BaseException | None, request_id: str | None) -> None:
        """The exchange is over: well, with an error, or cancelled."""
        failed = error if isinstance(error, BookingsError) else None
        outcome = Outcome.DONE if error is None else Outcome.UNKNOWN
        told = failed.request_id if failed else request_id
        self._observer.tell(
            Exchange(
                operation=self._operation.name,
                method=self._operation.method,
                path=self._operation.path,
                status=self.status,
                request_id=None if told is None else printable(told),
                attempt=self._attempt,
                elapsed=time.perf_counter() - self._started,
                outcome=failed.outcome if failed else outcome,
                error=type(error).__name__ if error else None,
            )
        )
