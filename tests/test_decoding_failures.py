"""Answers that cannot be used: successes without their result, refusals in any shape."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from nylas_bookings import Response, errors
from nylas_bookings._wire.answers import decode
from nylas_bookings.errors import Outcome

from .documented_answers import BOOKING, CONFIGURATION, SLOT, answer, read, without


@pytest.mark.parametrize(
    ("result", "data", "why"),
    [
        ("Booking", without(BOOKING, "booking_id"), "required field missing @ data.booking_id"),
        ("Booking", None, "expected an object, got null @ data"),
        ("Booking", "gone", "expected an object, got str @ data"),
        ("Booking", BOOKING | {"title": None}, "expected str, got null @ data.title"),
        ("Booking", BOOKING | {"title": 5}, "expected str, got int @ data.title"),
        ("Booking", BOOKING | {"organizer": []}, "expected an object, got list @ data.organizer"),
        ("Session", {}, "required field missing @ data.session_id"),
        (
            "Availability",
            {"time_slots": [SLOT, without(SLOT, "end_time")]},
            "required field missing @ data.time_slots[1].end_time",
        ),
        ("Availability", {"time_slots": {}}, "expected a list, got dict @ data.time_slots"),
        ("BookingReceipt", {"booking_id": 5}, "expected str, got int @ data.booking_id"),
        ("BookingReceipt", [1], "expected an object, got list @ data"),
        ("Page[AnyConfiguration]", {"id": "cfg-1"}, "required field missing @ data"),
        ("Page[WebhookSubscription]", [{}], "required field missing @ data[0].id"),
        (
            "AnyConfiguration",
            without(CONFIGURATION, "participants", 0, "email"),
            "required field missing @ data.participants[0].email",
        ),
        ("AnyConfiguration", [], "expected an object, got list @ data"),
        (
            "AnyConfiguration",
            CONFIGURATION | {"appearance": []},
            "expected an object, got list @ data.appearance",
        ),
        ("GroupEvent", [], "expected an object, got list @ data"),
        ("ImportReport", None, "expected an object, got null @ data"),
    ],
    ids=str,
)
def test_what_is_missing_or_wrong_is_named(result: str, data: Any, why: str) -> None:
    """A success that does not hold what is documented says what is wrong, and where."""
    with pytest.raises(errors.UnexpectedAnswer) as caught:
        read(data, result)
    assert caught.value.message == why
    assert (caught.value.outcome, caught.value.request_id) == (Outcome.DONE, "req-1")


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("capacity", "5", "expected int, got str"),
        ("capacity", 5.0, "expected int, got float"),
        ("capacity", True, "expected int, got bool"),
        ("event_id", {"a": 1}, "expected str, got dict"),
        ("event_id", 5, "expected str, got int"),
        ("start_time", 1.5, "expected epoch seconds, got float"),
        ("start_time", True, "expected epoch seconds, got bool"),
        ("start_time", "2026-01-01T00:00:00Z", "expected epoch seconds, got str"),
        ("start_time", "²", "expected epoch seconds, got str"),
        ("start_time", 10**18, "epoch seconds out of range"),
        ("start_time", "9" * 5000, "epoch seconds out of range"),
        ("start_time", None, "expected epoch seconds, got null"),
        ("emails", "host@example.com", "expected a list, got str"),
        ("emails", [None], "expected str, got null"),
    ],
)
def test_nothing_is_converted_silently(field: str, value: Any, why: str) -> None:
    """A value of another kind than the documented one is not bent until it fits."""
    with pytest.raises(errors.UnexpectedAnswer, match=why):
        read({"time_slots": [SLOT | {field: value}]}, "Availability")


@pytest.mark.parametrize("value", ["false", 0, "", {}])
def test_a_bool_is_a_bool(value: Any) -> None:
    """`"false"` is not True."""
    with pytest.raises(errors.UnexpectedAnswer, match="expected bool"):
        read(CONFIGURATION | {"requires_session_auth": value}, "AnyConfiguration")


def test_many_problems_make_a_short_text() -> None:
    """However much is wrong with an answer, the text of the error stays readable."""
    with pytest.raises(errors.UnexpectedAnswer, match="; and more") as caught:
        read({"time_slots": [1] * 10_000}, "Availability")
    assert len(str(caught.value)) < 600


@pytest.mark.parametrize(
    "body",
    [
        b"<html><body>Welcome</body></html>",
        b'{"data": {"booking_id": "b-',
        b"\xff\xfe",
        b'{"data": NaN}',
        b"[" * 100_000,
        b'{"data":' * 2000 + b"1" + b"}" * 2000,
        b"\xef\xbb\xbf{}",
    ],
    ids=["html", "truncated", "not utf-8", "nan", "deep list", "deep object", "bom"],
)
@pytest.mark.parametrize("result", ["Booking", "Receipt"])
def test_a_success_that_is_not_json(body: bytes, result: str) -> None:
    """The call took effect, but what it led to is unknown; the body is kept, and not shown."""
    with pytest.raises(errors.UnexpectedAnswer, match=r"not JSON \(text/html\)") as caught:
        decode(answer(body, Content_Type="text/html", X_Request_Id="req-1"), result)
    error = caught.value
    assert (error.outcome, error.status, error.body) == (Outcome.DONE, 200, body)
    assert (error.request_id, error.incomplete) == ("req-1", False)
    assert "Welcome" not in str(error)


@pytest.mark.parametrize("body", [b"1", b"null", b'"ok"', b"[]", b"true", b"1.5"])
def test_a_success_that_is_no_object(body: bytes) -> None:
    """An answer is a JSON object, or nothing."""
    with pytest.raises(errors.UnexpectedAnswer, match="instead of an object"):
        decode(answer(body), "Receipt")


@pytest.mark.parametrize("status", [100, 199, 300, 302, 399])
def test_a_redirect_is_not_followed(status: int) -> None:
    """A redirect is an answer that this package cannot use; what became of the call is unknown."""
    with pytest.raises(errors.UnexpectedAnswer, match="does not follow") as caught:
        decode(answer(b"", status, Location="https://example.com", X_Request_Id="r"), "Receipt")
    assert (caught.value.outcome, caught.value.request_id) == (Outcome.UNKNOWN, "r")


def test_a_success_that_was_cut_off() -> None:
    """Of an answer that is not complete nothing is believed, even if it happens to be JSON."""
    body = orjson.dumps({"data": BOOKING})
    with pytest.raises(errors.UnexpectedAnswer, match="stopped in the middle") as caught:
        decode(Response(200, {}, body, "stopped in the middle"), "Booking")
    assert (caught.value.outcome, caught.value.incomplete) == (Outcome.DONE, True)
