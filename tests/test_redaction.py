"""Secrets that an answer echoes: gone from everything that an error holds."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest

from nylas_bookings import errors
from nylas_bookings._redaction import redact, without
from nylas_bookings._wire.refusals import refusal

from .documented_answers import answer

SECRETS = ("nyk_secret", "session-secret")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("the key nyk_secret, twice: nyk_secret", "the key •••, twice: •••"),
        (b'{"key": "session-secret"}', '{"key": "•••"}'.encode()),
        ({"nyk_secret": ["session-secret", 5, None]}, {"•••": ["•••", 5, None]}),
        ("nothing here", "nothing here"),
        (5, 5),
        (None, None),
    ],
)
def test_secrets_are_blotted_out(value: Any, expected: Any) -> None:
    """Wherever a secret is in a text, in bytes or in JSON, it is replaced, and nothing else is."""
    assert without(value, SECRETS) == expected


def test_an_error_of_the_api() -> None:
    """The message, the type, the provider's words, the headers and the request id are cleaned."""
    error = errors.Unauthorized(
        "the key nyk_secret is wrong",
        status=401,
        type="nyk_secret",
        provider_error={"key": ["nyk_secret"]},
        headers={"www-authenticate": "Bearer nyk_secret"},
        request_id="nyk_secret",
    )
    redact(error, SECRETS)
    assert "nyk_secret" not in f"{vars(error)} {error!r} {error}"
    assert str(error).startswith("401 •••: the key ••• is wrong (request id •••)")


def test_an_answer_that_cannot_be_read() -> None:
    """The body that is kept is cleaned too."""
    error = errors.UnexpectedAnswer("no", status=200, body=b"echo: session-secret")
    redact(error, SECRETS)
    assert error.body == "echo: •••".encode()


def test_json_that_is_too_deep_to_walk_through() -> None:
    """What the provider said is cut where it nests deeper than anybody means."""
    deep = b'{"error":{"provider_error":' + b"[" * 900 + b'"nyk_secret"' + b"]" * 900 + b"}}"
    error = refusal(answer(deep, 400))
    redact(error, SECRETS)
    assert "nyk_secret" not in repr(vars(error))
    assert str(pickle.loads(pickle.dumps(copy.deepcopy(error)))) == str(error)
