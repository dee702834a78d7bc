"""OpenTelemetry spans, when somebody traces: one for each call, with a child for each attempt.

Tracing is on when the program has set a tracer provider. Spans carry the names of the HTTP semantic
conventions, never an id of the path, a body, a credential or the text of an error.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ._version import VERSION
from .errors import APIError, BookingsError, UnexpectedAnswer
from .operations import Operation

if TYPE_CHECKING:
    from opentelemetry.trace import Span, Tracer


def trace_of(operation: Operation[Any], api_url: str) -> CallTrace | None:
    """The trace of one call, or `None` when the program has no tracer provider."""
    api = sys.modules.get("opentelemetry.trace")
    if api is None:
        return None
    provider = api.get_tracer_provider()
    if isinstance(provider, api.ProxyTracerProvider):
        return None
    return CallTrace(provider.get_tracer("nylas_bookings", VERSION), operation, api_url)


class CallTrace:
    """The spans of one call."""

    def __init__(self, tracer: Tracer, operation: Operation[Any], api_url: str) -> None:
        self._tracer = tracer
        self._operation = operation
        self._attributes = _of_request(operation, api_url)
        self._open: list[Span] = []

    @contextmanager
    def call(self) -> Iterator[None]:
        """The span around all attempts."""
        with self._span(self._operation.name, {}):
            yield

    @contextmanager
    def attempt(self, number: int) -> Iterator[None]:
        """The span around one of them."""
        again = {"http.request.resend_count": number - 1} if number > 1 else {}
        with self._span(f"{self._operation.method} {self._operation.path}", again):
            yield

    def answered(self, status: int, request_id: str | None) -> None:
        """Note what came back, on the attempt and on the call."""
        for span in self._open:
            _answered(span, status, request_id)

    @contextmanager
    def _span(self, name: str, more: dict[str, Any]) -> Iterator[None]:
        from opentelemetry.trace import SpanKind

        with self._tracer.start_as_current_span(
            name,
            kind=SpanKind.CLIENT,
            attributes={**self._attributes, **more},
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            self._open.append(span)
            try:
                yield
            except BaseException as error:
                _describe(span, error)
                raise
            finally:
                self._open.pop()


def _answered(span: Span, status: int, request_id: str | None) -> None:
    span.set_attribute("http.response.status_code", status)
    if request_id is not None:
        span.set_attribute("nylas.request_id", request_id)


def _of_request(operation: Operation[Any], api_url: str) -> dict[str, Any]:
    server = urlsplit(api_url)
    return {
        "http.request.method": operation.method,
        "url.template": operation.path,
        "server.address": server.hostname or "",
        "server.port": server.port or (443 if server.scheme == "https" else 80),
    }


def _describe(span: Span, error: BaseException) -> None:
    """The kind of failure; its text might hold something personal."""
    from opentelemetry.trace import Status, StatusCode

    span.set_status(Status(StatusCode.ERROR))
    span.set_attribute("error.type", type(error).__name__)
    if isinstance(error, BookingsError):
        span.set_attribute("nylas.outcome", error.outcome.value)
    if isinstance(error, APIError | UnexpectedAnswer):
        _answered(span, error.status, error.request_id)
