"""Whatever an answer holds, decoding it gives a result or a `BookingsError`, and nothing else."""

from __future__ import annotations

import json
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nylas_bookings import Response, errors
from nylas_bookings._redaction import redact
from nylas_bookings._wire.answers import decode

from .documented_answers import DATA
from .examples import examples

THOROUGH = examples(25)
RESULTS = pytest.mark.parametrize("result", sorted(DATA))

LATIN = st.text(st.characters(codec="latin-1"), max_size=20)
DATES = st.from_regex(
    r"\A\w{0,3},? \d{1,5} \w{3} \d{1,5} \d{1,3}:\d{1,2}(:\d{1,2})? ?[\w+-]{0,6}\Z"
)
HEADERS = st.dictionaries(
    st.sampled_from(["Retry-After", "date", "X-Request-Id", "Content-Type"]) | LATIN,
    LATIN | DATES | st.floats().map(str) | st.integers().map(str),
    max_size=4,
)
STATUSES = st.sampled_from([200, 204, 302, 400, 401, 404, 408, 429, 500, 504]) | st.integers(0, 999)
CUTS = st.none() | st.just("stopped in the middle")
WORDS = st.sampled_from(["request_id", "data", "error", "type", "message", "items", "event", "ID"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(WORDS | st.text(max_size=4), inner, max_size=4)
    ),
    max_leaves=12,
)


def check(response: Response, result: str) -> None:
    """Decode; an error that comes out can be shown, cleaned of secrets, and pickled."""
    failure = None
    try:
        decode(response, result, "subject")
    except errors.BookingsError as error:
        failure = error
    if failure is not None:
        redact(failure, ["secret"])
        assert str(pickle.loads(pickle.dumps(failure))) == str(failure)


def as_bytes(value: Any) -> bytes:
    """The JSON as a careless server writes it: with `NaN`, and with numbers of any size."""
    return json.dumps(value).encode()


@RESULTS
@THOROUGH
@given(status=STATUSES, headers=HEADERS, body=st.binary(max_size=60) | JSON.map(as_bytes), cut=CUTS)
def test_any_answer(
    result: str, status: int, headers: dict[str, str], body: bytes, cut: str | None
) -> None:
    """Any status with any headers and any bytes."""
    check(Response(status, headers, body, cut), result)


@RESULTS
@THOROUGH
@given(status=STATUSES, headers=HEADERS, data=JSON, error=JSON, more=JSON)
def test_any_json_in_the_documented_envelope(
    result: str, status: int, headers: dict[str, str], data: Any, error: Any, more: Any
) -> None:
    """Any JSON in the places where the documentation has data or an error."""
    for body in ({"data": data, "next_cursor": more}, {"error": error, "request_id": more}):
        check(Response(status, headers, as_bytes(body)), result)


@RESULTS
@THOROUGH
@given(choices=st.data())
def test_documented_answers_with_something_wrong(result: str, choices: st.DataObject) -> None:
    """A documented answer in which one value, however deep, was replaced by any JSON."""
    spoiled = spoil({"request_id": "req-1", "data": DATA[result]}, choices)
    check(Response(200, {}, as_bytes(spoiled)), result)


def spoil(value: Any, choices: st.DataObject) -> Any:
    """The same JSON with one value replaced."""
    if not value or not isinstance(value, dict | list) or choices.draw(st.integers(0, 4)) == 0:
        return choices.draw(JSON)
    if isinstance(value, list):
        place = choices.draw(st.integers(0, len(value) - 1))
        return [*value[:place], spoil(value[place], choices), *value[place + 1 :]]
    name = choices.draw(st.sampled_from(sorted(value)))
    return {**value, name: spoil(value[name], choices)}
