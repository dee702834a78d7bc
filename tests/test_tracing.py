"""OpenTelemetry: a span for each call, a child for each attempt, and nothing at all without it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from nylas_bookings import MintedSession, Response
from nylas_bookings.errors import BookingsError, NoAnswer, NotFound, ServerError, UnexpectedAnswer

from .calls import CASES, Case, yes_to
from .samples import PUBLIC
from .stage import YES, Stage, create, no, session
from .traced import traced

ROOT = Path(__file__).resolve().parent.parent
PATH = "/v3/scheduling/bookings"
OF_A_CREATE = {
    "http.request.method": "POST",
    "url.template": PATH,
    "server.address": "api.us.nylas.com",
    "server.port": 443,
}


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    """The spans that were ended."""
    with traced() as exporter:
        yield exporter


def tree(exporter: InMemorySpanExporter) -> list[tuple[ReadableSpan, list[ReadableSpan]]]:
    """Each span that has no parent, with its children, in the order in which they began."""
    found = sorted(exporter.get_finished_spans(), key=lambda span: span.start_time or 0)
    return [
        (top, [s for s in found if s.parent and s.parent.span_id == top.context.span_id])
        for top in found
        if top.parent is None
    ]


def attributes(span: ReadableSpan) -> dict[str, Any]:
    """What a span says."""
    return dict(span.attributes or {})


async def test_a_call_that_succeeds(spans: InMemorySpanExporter) -> None:
    """A call is a client span with the names of the HTTP conventions, and so is its attempt."""
    await create(Stage().client())
    ((call, (attempt,)),) = tree(spans)
    for span in (call, attempt):
        assert span.kind is SpanKind.CLIENT
        assert span.status.status_code is StatusCode.UNSET
        assert attributes(span) == OF_A_CREATE | {
            "http.response.status_code": 200,
            "nylas.request_id": "req-1",
        }
    assert (call.name, attempt.name) == ("bookings.create", f"POST {PATH}")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.operation.name)
async def test_every_operation_is_a_span(case: Case, spans: InMemorySpanExporter) -> None:
    """Each operation has its own name, and its path without ids."""
    await case.call(Stage([yes_to(case)]).client(case.auth))
    ((call, (attempt,)),) = tree(spans)
    row = case.operation
    assert (call.name, attempt.name) == (row.name, f"{row.method} {row.path}")
    assert attributes(call)["url.template"] == attributes(attempt)["url.template"] == row.path


async def test_attempts_are_children(
    spans: InMemorySpanExporter, caplog: pytest.LogCaptureFixture
) -> None:
    """Each attempt is a child of the call, and says how often the request was sent before."""
    await Stage([NoAnswer("lost"), no(503), YES]).client().bookings.get("b-1")
    ((call, attempts),) = tree(spans)
    told = [
        (
            attributes(one).get("http.request.resend_count"),
            attributes(one).get("error.type"),
            attributes(one).get("http.response.status_code"),
            one.status.status_code,
        )
        for one in attempts
    ]
    assert told == [
        (None, "NoAnswer", None, StatusCode.ERROR),
        (1, "ServerError", 503, StatusCode.ERROR),
        (2, None, 200, StatusCode.UNSET),
    ]
    assert call.status.status_code is StatusCode.UNSET
    assert "http.request.resend_count" not in attributes(call)
    assert caplog.messages == []


@pytest.mark.parametrize(
    ("answer", "kind", "more"),
    [
        (no(404), NotFound, {"http.response.status_code": 404, "nylas.request_id": "req-404"}),
        (no(503), ServerError, {"http.response.status_code": 503, "nylas.request_id": "req-503"}),
        (Response(200, {}, b"?"), UnexpectedAnswer, {"http.response.status_code": 200}),
        (NoAnswer("lost"), NoAnswer, {}),
    ],
)
async def test_a_call_that_fails(
    answer: Any, kind: type[BookingsError], more: dict[str, Any], spans: InMemorySpanExporter
) -> None:
    """A failure is told by its kind, its status and its outcome, and never by its text."""
    with pytest.raises(kind) as caught:
        await create(Stage([answer]).client())
    ((call, (attempt,)),) = tree(spans)
    for span in (call, attempt):
        assert span.status.status_code is StatusCode.ERROR
        assert span.status.description is None
        assert span.events == ()
        assert attributes(span) == OF_A_CREATE | more | {
            "error.type": kind.__name__,
            "nylas.outcome": caught.value.outcome.value,
        }


async def test_a_session_is_a_call_of_its_own(spans: InMemorySpanExporter) -> None:
    """Opening a session is traced below the call that needs it."""
    stage = Stage([session("s-1"), YES])
    await create(stage.client(MintedSession("nyk", "cfg-1")))
    ((call, children),) = tree(spans)
    assert call.name == "bookings.create"
    assert [child.name for child in children] == ["sessions.create", f"POST {PATH}"]
    assert len(spans.get_finished_spans()) == 4


async def test_an_address_of_ones_own(spans: InMemorySpanExporter) -> None:
    """The spans say which server was asked."""
    await create(Stage().client(api_url="http://127.0.0.1:8080/eu"))
    ((call, _),) = tree(spans)
    assert attributes(call)["server.address"] == "127.0.0.1"
    assert attributes(call)["server.port"] == 8080


async def test_spans_of_the_caller(spans: InMemorySpanExporter) -> None:
    """A call is a child of the span that the program has open, and leaves it as it was."""
    with trace.get_tracer_provider().get_tracer("program").start_as_current_span("visit") as visit:
        await create(Stage().client(PUBLIC))
        assert trace.get_current_span() is visit
    ((top, (call,)),) = tree(spans)
    assert (top.name, call.name) == ("visit", "bookings.create")


WITHOUT = """
import asyncio, sys
{before}
from nylas_bookings import AsyncClient, PublicConfiguration, Response, _tracing

async def send(request):
    return Response(200, {{}}, b"{{}}")

made = []
_tracing.CallTrace = lambda *facts: made.append(facts)
asyncio.run(AsyncClient(PublicConfiguration("c"), send=send).bookings.cancel("b-1"))
print(made, "opentelemetry" in sys.modules, "opentelemetry.sdk" in sys.modules)
"""


@pytest.mark.parametrize(
    ("before", "printed"),
    [("", "[] False False"), ("import opentelemetry.trace", "[] True False")],
    ids=["not imported", "imported, but no provider set"],
)
def test_nothing_without_a_provider(before: str, printed: str) -> None:
    """A program that does not trace imports no OpenTelemetry, and has no span."""
    script = WITHOUT.format(before=before)
    command = [sys.executable, "-W", "error", "-c", script]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False
    )
    assert (done.stdout.strip(), done.stderr) == (printed, "")
