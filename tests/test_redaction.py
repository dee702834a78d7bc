"""Secrets that an answer echoes: gone from everything that an error holds."""

from __future__ import annotations

import copy
import html
import pickle
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, quote_plus

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nylas_bookings import errors
from nylas_bookings._redaction import Redactor, redact
from nylas_bookings._wire.refusals import refusal

from .documented_answers import answer
from .examples import examples

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
    assert Redactor(SECRETS).redact(value) == expected


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


ENCODINGS: dict[str, Callable[[str], str]] = {
    "as it is": lambda text: text,
    "lower case": str.lower,
    "upper case": str.upper,
    "percent": lambda text: quote(text, safe=""),
    "percent in lower case": lambda text: quote(text, safe="").lower(),
    "percent, all of it": lambda text: "".join(f"%{ord(c):02x}" for c in text),
    "percent twice": lambda text: quote(quote(text, safe=""), safe=""),
    "form": quote_plus,
    "html": html.escape,
    "html by number": lambda text: "".join(f"&#{ord(c)};" for c in text),
    "html by hex number": lambda text: "".join(f"&#x{ord(c):X};" for c in text),
    "html by name": lambda text: text.replace("+", "&plus;").replace("/", "&sol;"),
    "json": lambda text: orjson.dumps(text).decode()[1:-1],
    "json with slashes": lambda text: text.replace("/", "\\/"),
    "json by number": lambda text: "".join(f"\\u{ord(c):04x}" for c in text),
    "json in json": lambda text: orjson.dumps(orjson.dumps(text).decode()).decode(),
    "html in json": lambda text: orjson.dumps(html.escape(text)).decode(),
    "percent in html in json": lambda text: "".join(
        f"\\u{ord(c):04x}" for c in html.escape(quote(text, safe=""))
    ),
    "the other alphabet": lambda text: text.replace("+", "-").replace("/", "_"),
}
AWKWARD = "nyk_Ab+c/d=%41&amp;<\"'\\~end"


@pytest.mark.parametrize("encode", ENCODINGS.values(), ids=ENCODINGS)
@pytest.mark.parametrize("secret", ["nyk_v0_Secret", AWKWARD, "cGxh+bnRl/ZC1z=="])
@pytest.mark.parametrize("around", ["", " ünd ", "%20&lt;\\n"])
def test_a_secret_in_another_form(secret: str, encode: Callable[[str], str], around: str) -> None:
    """However a secret was encoded, all of it is replaced, and nothing next to it."""
    said = f"{around}{encode(secret)}{around}"
    quotes = '"' if encode(secret).startswith('"') else ""
    expected = f"{around}{quotes}•••{quotes}{around}"
    if encode is ENCODINGS["json in json"]:
        expected = f'{around}"\\"•••\\""{around}'
    for value in (said, said.encode()):
        found = Redactor([secret]).redact(value)
        assert found == (expected if isinstance(value, str) else expected.encode())


@pytest.mark.parametrize("encode", [str, ENCODINGS["percent, all of it"], ENCODINGS["upper case"]])
@pytest.mark.parametrize("kept", range(4, 14))
def test_a_secret_that_was_cut(kept: int, encode: Callable[[str], str]) -> None:
    """The beginning of a secret at the end of a text is replaced."""
    said = f"the key {encode('nyk_v0_planted'[:kept])}"
    assert Redactor(["nyk_v0_planted"]).redact(said) == "the key •••"


@given(
    secret=st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=4, max_size=40),
    encodings=st.lists(st.sampled_from(list(ENCODINGS.values())), max_size=2),
    around=st.text("xyz.: \u00fc\n", max_size=10),
)
@examples(200)
def test_any_secret_in_any_form(secret: str, encodings: list[Any], around: str) -> None:
    """Whatever the secret and its encodings are, nothing of it is left."""
    said = secret
    for encode in encodings:
        said = encode(said)
    found = Redactor([secret]).redact(f"{around}{said}{around}")
    assert secret not in found.replace(around, "")
    assert "•••" in found


@given(
    value=st.recursive(
        st.none() | st.integers() | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    )
)
@examples(100)
def test_what_holds_no_secret_stays(value: Any) -> None:
    """A value without a secret is not changed."""
    assert Redactor(["nyk_v0_planted"]).redact(value) == value


@pytest.mark.parametrize("secret", ["a", "ab", "abc"])
def test_a_secret_of_few_letters(secret: str) -> None:
    """A secret that is in every other word is replaced only where it is as it is."""
    upper = secret.upper()
    assert Redactor([secret]).redact(f"{upper} x {secret} x") == f"{upper} x ••• x"


def test_how_much_is_kept() -> None:
    """An error keeps so many values and so many bytes of what the API said, and no more."""
    many = Redactor(["secret"]).redact([["a"] * 50_000, {"b": "c"}])
    assert len(many[0]) < 11_000
    long = Redactor(["secret"]).redact(["ü" * 200_000, "later", b"x" * 9])
    assert sum(len(text.encode() if isinstance(text, str) else text) for text in long) < 263_000
