"""The API itself: from a request to a response, without a network.

Every call is one transaction. What is refused has changed nothing.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Mapping
from email.utils import formatdate
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

import orjson

from .._wire.messages import Request, Response
from . import handlers
from .access import identify
from .behaviour import success_status
from .faults import Fault
from .given import is_too_deep
from .handlers import Call
from .notices import catch_up
from .refusals import (
    Refusal,
    bad_request,
    not_found,
    of_status,
    rate_limited,
    told,
    unprocessable,
)
from .routes import Route, find
from .seen import Kept, Seen, kept
from .subscriptions import Proof, Unproven
from .world import World

logger: Final = logging.getLogger("nylas_bookings.sandbox")

BODY_LIMIT: Final = 1024 * 1024
_HEADERS: Final = {"Content-Type": "application/json"}


class Api:
    """Answers requests. What scripted faults do to an answer is told apart from the answer."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._seen: deque[Kept] = deque(maxlen=1000)
        self._late: list[threading.Timer] = []
        self._allowance = 0.0
        self._counted_at = 0.0

    def fault(self, request: Request) -> Fault | None:
        """What goes wrong with this request, if anything was scripted."""
        if not self.world.faults:
            return None
        operation = _operation(request)
        return None if operation is None else self.world.faults.next(operation)

    def answer(self, request: Request, proof: Proof | None = None) -> Response:
        """Do what a request asks, and say how it went.

        Raises `Unproven`, and has done nothing, when an address has to be asked first.
        """
        parts = urlsplit(request.url)
        route = find(request.method, parts.path)
        try:
            query = _query(parts.query)
            answer = self._carry_out(request, route, query, proof)
            status = success_status(request.method, self.world.behaviour)
        except Unproven:
            raise
        except Refusal as refusal:
            status, answer = refusal.status, {"error": told(refusal, self.world.behaviour)}
        except Exception:
            logger.exception("the sandbox failed at %s", _named(request, route))
            bug = of_status(500, "The sandbox has a bug; see its log")
            status, answer = 500, {"error": told(bug, self.world.behaviour)}
        request_id = self.world.identifiers.uuid("request")
        self._note(request, _named(request, route), status, request_id)
        return self._response(status, {"request_id": request_id, **answer}, request_id)

    def refuse(self, request: Request, fault: Fault) -> Response:
        """The answer to a request that a fault refuses."""
        request_id = self.world.identifiers.uuid("request")
        code = fault.code or 500
        refusal = of_status(code, f"A fault of the sandbox: status {code}")
        error = told(refusal, self.world.behaviour)
        self._note(request, _operation(request), code, request_id)
        wait = {} if fault.retry_after is None else {"Retry-After": f"{fault.retry_after:g}"}
        return self._response(code, {"request_id": request_id, "error": error}, request_id, **wait)

    def overlook(self, request: Request) -> None:
        """Do nothing of what a request asks, and do not answer."""
        request_id = self.world.identifiers.uuid("request")
        self._note(request, _operation(request), None, request_id)

    def newest(self) -> list[Kept]:
        """The last request that came in, as it is kept, if there was one."""
        return list(self._seen)[-1:]

    def requests(self) -> list[Seen]:
        """The last requests that came in, without the credentials in them."""
        return [one.seen for one in list(self._seen)]

    def later(self, seconds: float, step: Callable[[], object]) -> None:
        """Do it when the caller has long gone, whatever has become of the caller's event loop."""
        timer = threading.Timer(seconds, step)
        timer.daemon = True
        self._late = [waiting for waiting in self._late if waiting.is_alive()] + [timer]
        timer.start()

    def forget(self) -> None:
        """Forget the requests that came in, and those that are still to be answered."""
        for timer in self._late:
            timer.cancel()
        self._late.clear()
        self._seen.clear()

    def _carry_out(
        self,
        request: Request,
        route: Route | None,
        query: Mapping[str, str],
        proof: Proof | None,
    ) -> dict[str, Any]:
        """What the answer tells besides the request id."""
        if route is None:
            raise not_found("invalid path")
        if proof is None:
            self._count()
        headers = {name.lower(): value for name, value in request.headers.items()}
        with self.world.store.transaction():
            asker = identify(self.world, headers)
            body = self._body(request)
            call = Call(
                world=self.world, asker=asker, ids=route.ids, query=query, body=body, proof=proof
            )
            if request.method != "GET" and route.operation != "bookings.create":
                catch_up(self.world)
            return handlers.HANDLERS[route.operation](call)

    def _response(self, status: int, answer: Any, request_id: str, **headers: str) -> Response:
        """Build a response. Its date is the sandbox's, which dates the events too."""
        date = _http_date(self.world.clock.now())
        if status == 204:
            return Response(status, {"X-Request-Id": request_id, "Date": date}, b"")
        headers = {**_HEADERS, "X-Request-Id": request_id, "Date": date, **headers}
        return Response(status, headers, orjson.dumps(answer))

    def _body(self, request: Request) -> Any:
        """The JSON that came along; a GET has none, whatever it carries."""
        if request.method == "GET":
            return {}
        raw = request.body or b""
        if len(raw) > BODY_LIMIT:
            raise of_status(413, "the request body is too large")
        if not raw.strip():
            if request.method == "DELETE" and self.world.behaviour.bodyless_delete == "refused":
                raise unprocessable("a JSON body is required")
            return {}
        try:
            body = orjson.loads(raw)
        except ValueError:
            raise bad_request("error parsing request body") from None
        if is_too_deep(raw, body):
            raise bad_request("the request body is nested too deep")
        return body

    def _note(
        self, request: Request, operation: str | None, status: int | None, request_id: str
    ) -> None:
        self._seen.append(
            kept(
                request,
                at=self.world.clock.now(),
                operation=operation,
                status=status,
                request_id=request_id,
            )
        )

    def _count(self) -> None:
        """Refuse what is more than the rate: a bucket holds the calls of one second."""
        rate = self.world.behaviour.rate_limit
        if rate is None:
            return
        now = self.world.clock.exact()
        refilled = self._allowance + max(0.0, now - self._counted_at) * rate
        self._allowance = min(max(rate, 1.0), refilled)
        self._counted_at = now
        if self._allowance < 1:
            raise rate_limited()
        self._allowance -= 1


@lru_cache(maxsize=256)
def _query(text: str) -> Mapping[str, str]:
    return MappingProxyType(dict(parse_qsl(text)))


def _operation(request: Request) -> str | None:
    """What a request asks for."""
    return _named(request, find(request.method, urlsplit(request.url).path))


def _named(request: Request, route: Route | None) -> str | None:
    """What a request asks for; whether a decision is a yes or a no is in its body."""
    if route is None:
        return None
    if route.operation == "bookings.confirm":
        try:
            decision = orjson.loads(request.body or b"")
        except ValueError:
            decision = None
        if isinstance(decision, dict) and decision.get("status") == "cancelled":
            return "bookings.decline"
    return route.operation


@lru_cache(maxsize=4)
def _http_date(seconds: int) -> str:
    return formatdate(seconds, usegmt=True)
