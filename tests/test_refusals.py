"""Refusals as errors: every documented shape, and every undocumented one."""

from __future__ import annotations

from email.utils import formatdate
from typing import Any

import pytest

from nylas_bookings import Response, errors
from nylas_bookings._wire.answers import decode
from nylas_bookings.errors import Outcome

from .documented_answers import answer

DATE = "Fri, 20 Nov 2026 10:00:00 GMT"


def refused(body: Any, status: int = 400, **headers: str) -> errors.APIError:
    """The error that an answer means."""
    with pytest.raises(errors.APIError) as caught:
        decode(answer(body, status, **headers), "Booking")
    return caught.value


def told(kind: str | None, message: str = "no", **more: Any) -> dict[str, Any]:
    """A failure in the documented shape."""
    return {"request_id": "req-1", "error": {"type": kind, "message": message, **more}}


@pytest.mark.parametrize(
    ("status", "kind", "message", "cls", "outcome"),
    [
        (400, "invalid_request_error", "error parsing request body", "BadRequest", "REFUSED"),
        (400, "invalid_session", "no", "Unauthorized", "REFUSED"),
        (401, "unauthorized", "Unauthorized", "Unauthorized", "REFUSED"),
        (403, "insufficient_scopes", "no", "Forbidden", "REFUSED"),
        (404, "not_found_error", "requested object not found", "NotFound", "REFUSED"),
        (408, "timeout", "no", "APIError", "UNKNOWN"),
        (409, "conflict", "no", "Conflict", "REFUSED"),
        (422, "general_error", "no", "Unprocessable", "REFUSED"),
        (423, "resource_blocked", "no", "APIError", "REFUSED"),
        (429, "rate_limit_error", "Too many requests", "RateLimited", "REFUSED"),
        (429, "nylas_rate_limit_exceeded", "no", "RateLimited", "REFUSED"),
        (500, "internal_error", "no", "ServerError", "UNKNOWN"),
        (504, "provider_error", "Provider request timed out.", "ProviderFailure", "UNKNOWN"),
    ],
)
@pytest.mark.parametrize("prefix", ["", "api."])
def test_documented_failures(
    prefix: str, status: int, kind: str, message: str, cls: str, outcome: str
) -> None:
    """The status says the class, and the type loses the prefix that some answers carry."""
    error = refused(told(prefix + kind, message), status)
    assert type(error).__name__ == cls
    assert error.outcome is Outcome[outcome]
    assert (error.status, error.type, error.message) == (status, kind, message)
    assert error.request_id == "req-1"


@pytest.mark.parametrize(
    ("status", "kind", "message"),
    [
        (400, "timeslot_not_available", "no"),
        (400, "api.timeslot_not_available", "no"),
        (409, "timeslot_not_available", "no"),
        (400, "invalid_request_error", "The selected timeslot is unavailable. Try another"),
        (422, None, "the selected time slot\nis not available"),
        (400, None, "This time is no longer available"),
        (400, None, "Not available for booking"),
    ],
)
def test_a_slot_that_is_gone(status: int, kind: str | None, message: str) -> None:
    """A slot that is not on offer has an error of its own, told by the type or by the message."""
    error = refused(told(kind, message), status)
    assert type(error) is errors.SlotUnavailable
    assert error.outcome is Outcome.REFUSED


def test_a_server_that_fails_is_not_a_slot_that_is_gone() -> None:
    """After a 5xx the booking may exist, whatever the message says."""
    error = refused(told("timeslot_not_available", "timeslot is unavailable"), 503)
    assert type(error) is errors.ServerError
    assert error.outcome is Outcome.UNKNOWN


def test_an_error_with_status_200() -> None:
    """An error counts as one whatever the status, as in the vendor's own browser component."""
    error = refused(told("invalid_request_error", "Event is full"), 200)
    assert (type(error), error.message) == (errors.APIError, "Event is full")
    assert error.outcome is Outcome.UNKNOWN


PROVIDER_ERRORS = [
    {"code": "429", "message": "quota"},
    {"error": {"message": "quota", "title": "Too many"}},
    "quota",
    ["quota"],
    5,
    None,
]


@pytest.mark.parametrize("provider_error", PROVIDER_ERRORS, ids=str)
def test_the_provider_says_anything(provider_error: Any) -> None:
    """What the provider said is kept as it came."""
    error = refused(told("provider_error", provider_error=provider_error), 504)
    assert error.provider_error == provider_error


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"error": "no"}, "no"),
        ({"error": "invalid_grant", "error_description": "expired"}, "expired"),
        ({"error": "invalid_grant", "message": "expired"}, "expired"),
        ({"message": "flat", "type": "x"}, "flat"),
        ("just a text", "just a text"),
        ({"error": {"message": "no", "type": 5}}, "no"),
    ],
    ids=str,
)
def test_undocumented_shapes_that_tell_something(body: Any, message: str) -> None:
    """The message is found in each of the shapes that clients have met."""
    assert refused(body).message == message


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "an empty answer"),
        (b" \n", "an empty answer"),
        (b"<html><style>p{}</style><h1>Bad  Gateway</h1>\n", "“Bad Gateway” (text/html, 46 bytes)"),
        (b"<html><script>", "an answer of text/html, 14 bytes"),
        (b"\xff\x00\x1b[31mred", "“� [31mred” (text/html, 10 bytes)"),
        (b'{"error":{"message":"n', '“{"error":{"message":"n” (text/html, 22 bytes)'),
        ({"error": ["no"]}, '“{"error":["no"]}” (text/html, 16 bytes)'),
        ({"error": {"message": 5}}, '“{"error":{"message":5}}” (text/html, 23 bytes)'),
        ([], "“[]” (text/html, 2 bytes)"),
        (b"null", "“null” (text/html, 4 bytes)"),
    ],
    ids=str,
)
def test_bodies_that_tell_nothing(body: Any, message: str) -> None:
    """A body without a message is described: its first words, its type, its size."""
    error = refused(body, 502, Content_Type="text/html; charset=utf-8")
    assert (type(error), error.message) == (errors.ServerError, message)


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"error":' * 5_000,
        b"word " * 100_000,
        b"x" * 1_000_000,
        b"<" * 100_000,
        b"<script>" * 10_000,
    ],
    ids=["list", "object", "words", "one word", "tags", "scripts"],
)
def test_deep_and_huge_bodies(body: bytes) -> None:
    """However deep or large a body is, the text of the error stays short."""
    assert len(str(refused(body, 500))) < 400


def test_a_message_of_megabytes() -> None:
    """Looking into a message takes no longer than reading it, whatever is in it."""
    message = "timeslot" * 500_000
    error = refused(told(None, message))
    assert (type(error), error.message) == (errors.BadRequest, message)


@pytest.mark.parametrize("cut", [None, "stopped in the middle"])
@pytest.mark.parametrize("before", range(180, 215, 7))
def test_no_part_of_a_credential_is_shown(before: int, cut: str | None) -> None:
    """The text ends between words: half a credential could not be blotted out any more."""
    credential = "nyk-" + "0123456789-" * 60
    body = b"x" * (before - 1) + f" {credential}{'' if cut else ' end'}".encode()
    with pytest.raises(errors.ServerError) as caught:
        decode(Response(500, {}, body[:600] if cut else body, cut), "Booking")
    assert "nyk" not in str(caught.value)


def test_an_answer_that_was_cut_off() -> None:
    """A refusal whose body is not complete is still a refusal."""
    with pytest.raises(errors.NotFound, match="40 bytes, cut off"):
        decode(Response(404, {}, b"<h1>Not found</h1> and " + b"x" * 17, "is too large"), "Booking")


@pytest.mark.parametrize("names", [("X-Request-Id",), ("x-request-id",), ("X-REQUEST-ID",)])
def test_the_request_id_of_a_header(names: tuple[str]) -> None:
    """Where the body does not tell the request id, the header does, in any case."""
    error = refused({"request_id": 5, "error": {}}, **{names[0]: "req-2"})
    assert error.request_id == "req-2"
    assert refused(told("x"), **{names[0]: "req-2"}).request_id == "req-1"


def test_headers_have_lower_case_names() -> None:
    """The headers of the answer are there, with names in one case."""
    assert refused(told("x"), X_Fastly_Id="f-1").headers == {"x-fastly-id": "f-1"}


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        ("0", 0.0),
        ("30", 30.0),
        (" 2.5 ", 2.5),
        ("0030", 30.0),
        ("Sun Nov 22 10:00:07 2026", 172807.0),
        ("Fri, 20 Nov 2026 10:00:07 GMT", 7.0),
        ("Fri, 20 Nov 2026 10:00:07", 7.0),
        ("Fri, 20 Nov 2026 12:00:07 +0200", 7.0),
        ("Friday, 20-Nov-26 10:00:07 GMT", 7.0),
        ("Fri, 20 Nov 2026 09:00:00 GMT", 0.0),
        ("Fri, 20 Nov 99999 10:00:00 GMT", None),
        ("Fri, 31 Feb 2026 10:00:00 GMT", None),
        ("Fri, 31 Dec 9999 23:00:00 -2300", None),
        ("", None),
        ("soon", None),
        ("nan", None),
        ("inf", None),
        ("1e999", None),
        ("30 seconds", None),
        ("-5", None),
        ("+5", None),
        ("1_0", None),
        ("1e3", None),
        ("5.", None),
        (".5", None),
        ("5,5", None),
        ("0x10", None),
        ("5\x0030", None),
        ("9" * 400, None),
        ("20 Nov 2026 10:00:07 GMT", None),
        ("٣٠", None),
    ],
)
def test_retry_after(asked: str, seconds: float | None) -> None:
    """`Retry-After` is read as seconds and as a date, by the clock of the server; else ignored."""
    error = refused(told("rate_limit_error"), 429, retry_after=asked, Date=DATE)
    assert error.retry_after == seconds


@pytest.mark.parametrize("date", [{}, {"Date": "yesterday"}])
def test_retry_after_without_a_clock(date: dict[str, str]) -> None:
    """A date is compared with the clock of this machine when the server tells no time."""
    asked = formatdate(4_000_000_000, usegmt=True)
    seconds = refused(told("rate_limit_error"), 429, Retry_After=asked, **date).retry_after
    assert seconds is not None
    assert 1e9 < seconds < 4e9


@pytest.mark.parametrize(
    ("status", "kind", "cls"),
    [
        (403, "forbidden", errors.Forbidden),
        (404, "not_found_error", errors.NotFound),
        (429, "rate_limit_error", errors.RateLimited),
    ],
)
def test_a_clear_status_counts_more_than_the_words(
    status: int, kind: str, cls: type[errors.APIError]
) -> None:
    """Words about something that is no longer available do not make a slot out of it."""
    said = told(kind, "This booking is no longer available")
    assert type(refused(said, status)) is cls


def test_one_line_of_a_readable_length() -> None:
    """What the API says cannot forge lines of a log, colour a terminal, or fill a screen."""
    said = {"request_id": "r\nforged", "error": {"message": "\x1b[31mred " + "x" * 10_000}}
    error = refused(said)
    assert str(error).isprintable()
    assert len(str(error)) < 1100
    assert str(error).endswith("Nothing was changed.")
    assert error.request_id == "r\nforged"
