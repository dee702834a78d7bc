"""Takes secrets out of what a response may have echoed, in whatever form it did."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from html.entities import html5
from typing import Any, Final, TypeAlias

from .errors import APIError, BookingsError, UnexpectedAnswer

Span: TypeAlias = tuple[int, int]

_HIDDEN: Final = "•••"
_HIDDEN_BYTES: Final = _HIDDEN.encode()

_DEEPEST: Final = 40
"""How many levels of a JSON value are kept: an answer may nest deeper than Python can walk."""

_MOST_VALUES: Final = 10_000
_LONGEST: Final = 256 * 1024
"""How many values and how many bytes of texts an error keeps: to search them takes time."""

_SHORT: Final = 16 * 1024

_MOST_LAYERS: Final = 4
"""How often one encoding may be wrapped in another, such as JSON in HTML."""

_LEAST: Final = 4
"""Shorter secrets are replaced where they are as they are, and nowhere else."""

# Letters in either case are the same, and so are the two alphabets of base64 and what a form makes
# of a plus.
_FOLD: Final = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ+/ ", b"abcdefghijklmnopqrstuvwxyz-_-")

_ESCAPE: Final = re.compile(
    rb"%(?:25)*([0-9a-f]{2})|\\u00([0-9a-f]{2})|\\x([0-9a-f]{2})|&#x0*([0-9a-f]{1,2});?"
    rb"|&#0*([0-9]{1,3});?|&([a-z]{2,8});|\\([!-~])",
    re.IGNORECASE,
)
_MARKS: Final = re.compile(rb"[%&\\]")
_HEXADECIMAL: Final = 4
_DECIMAL: Final = 5
_NAMED: Final = 6
"""Which groups of the pattern are what."""
_ENTITIES: Final = {
    name[:-1].lower().encode(): text.encode()
    for name, text in html5.items()
    if name.endswith(";") and len(text) == 1 and text.isascii()
}


def redact(error: BookingsError, secrets: Sequence[str]) -> None:
    """Remove the secrets from everything that the error holds."""
    redactor = Redactor(secrets)
    refusal = error if isinstance(error, APIError) else None
    texts = [*error.args, error.request_id]
    if refusal is not None:
        texts += refusal.type, *refusal.headers, *refusal.headers.values()
        if refusal.provider_error is not None:
            refusal.provider_error = redactor.redact(refusal.provider_error)
    if isinstance(error, UnexpectedAnswer):
        error.body = redactor.redact(error.body)
    # One look at all of them takes a tenth of the time, and nearly always there is nothing.
    if redactor.is_clean("\n".join([text for text in texts if text])):
        return
    error.args = tuple(map(redactor.redact, error.args))
    error.request_id = redactor.redact(error.request_id)
    if refusal is not None:
        refusal.type = redactor.redact(refusal.type)
        refusal.headers = redactor.redact(refusal.headers)


class Redactor:
    """Replaces secrets in JSON values, texts and bytes.

    A secret is found in either case, percent-encoded, escaped for HTML or JSON, and in several of
    these at once. Where a text was cut in a secret, the part of it at the end is found.
    """

    __slots__ = ("_exact", "_folded", "_room", "_values")

    def __init__(self, secrets: Iterable[str]) -> None:
        raw = sorted((s.encode(errors="replace") for s in secrets if s), key=len, reverse=True)
        self._exact = [secret for secret in raw if len(secret) < _LEAST]
        # One that looks encoded itself is decoded together with what it is in.
        forms = (form for secret in raw if len(secret) >= _LEAST for form in _layers_of(secret))
        self._folded = [form.translate(_FOLD) for form in forms]
        self._values = _MOST_VALUES
        self._room = _LONGEST

    def is_clean(self, text: str) -> bool:
        """Tell whether a text certainly holds nothing to replace: no beginning of a secret."""
        raw = text.encode(errors="surrogatepass")
        if len(raw) > _SHORT or _MARKS.search(raw) is not None:
            return False
        folded = raw.translate(_FOLD)
        beginnings = (secret[:_LEAST] in folded for secret in self._folded)
        return not any(beginnings) and not any(secret in raw for secret in self._exact)

    def redact(self, value: Any, levels: int = _DEEPEST) -> Any:
        """Return the same value without the secrets, and without what is too long or too deep."""
        self._values -= 1
        if not levels or self._values < 0:
            return _HIDDEN
        if isinstance(value, str):
            return self._redact_text(value)
        if isinstance(value, bytes):
            return self._redact_bytes(value)
        if isinstance(value, dict):
            return {
                self._redact_text(key): self.redact(item, levels - 1)
                for key, item in value.items()
                if self._values > 0
            }
        if isinstance(value, list):
            return [self.redact(item, levels - 1) for item in value if self._values > 0]
        return value

    def _redact_text(self, text: str) -> str:
        raw = text.encode(errors="surrogatepass")
        clean = self._redact_bytes(raw)
        # Where a long text was cut, a part of a character may be left.
        return text if clean is raw else clean.decode(errors="replace")

    def _redact_bytes(self, raw: bytes) -> bytes:
        """Return the bytes themselves where there is nothing to replace."""
        if len(raw) > self._room:
            raw = raw[: self._room]
        self._room -= len(raw)
        for secret in self._exact:
            if secret in raw:
                raw = raw.replace(secret, _HIDDEN_BYTES)
        spans = sorted(self._find_all(raw)) if self._folded else ()
        return _replace(raw, spans) if spans else raw

    def _find_all(self, raw: bytes) -> Iterator[Span]:
        """Yield where the secrets are, in the text itself and under each layer of encoding."""
        text, layers = raw, list[_Layer]()
        while True:
            for span in self._find(text.translate(_FOLD)):
                for layer in reversed(layers):
                    span = layer.locate(*span)  # noqa: PLW2901 - seen from one layer further out
                yield span
            if len(layers) == _MOST_LAYERS or _MARKS.search(text) is None:
                return
            layers.append(_Layer(text))
            text = layers[-1].decoded

    def _find(self, text: bytes) -> Iterator[Span]:
        for secret in self._folded:
            start = text.find(secret)
            while start >= 0:
                yield start, start + len(secret)
                start = text.find(secret, start + len(secret))
            end = text.find(secret[:_LEAST], max(len(text) - len(secret) + 1, 0))
            while end >= 0:
                if secret.startswith(text[end:]):
                    yield end, len(text)
                end = text.find(secret[:_LEAST], end + 1)


class _Layer:
    """A text with its escapes decoded, and where in it each part of the decoded text comes from."""

    __slots__ = ("_from", "_starts", "decoded")

    def __init__(self, text: bytes) -> None:
        self._starts = [0]
        self._from = [0]
        parts: list[bytes] = []
        size = done = 0
        for escape in _ESCAPE.finditer(text):
            start, end = escape.span()
            parts += text[done:start], _decode(escape)
            size += start - done
            # The character, and what comes after it.
            self._starts += size, size + 1
            self._from += start, end
            size += 1
            done = end
        parts.append(text[done:])
        self.decoded = b"".join(parts)

    def locate(self, start: int, end: int) -> Span:
        """Return where in the text a place in the decoded text comes from."""
        return self._locate(start), self._locate(end)

    def _locate(self, position: int) -> int:
        part = bisect_right(self._starts, position) - 1
        return self._from[part] + position - self._starts[part]


def _layers_of(secret: bytes) -> Iterator[bytes]:
    """Yield a secret, and what is left of it as its escapes are decoded, if it has some."""
    yield secret
    while _MARKS.search(secret) is not None:
        decoded = _Layer(secret).decoded
        if decoded == secret:
            return
        secret = decoded
        yield secret


def _decode(escape: re.Match[bytes]) -> bytes:
    """Return the one byte that an escape stands for, or something that is in no secret."""
    kind = escape.lastindex or 0
    digits = escape[kind]
    if kind <= _HEXADECIMAL:
        return bytes((int(digits, 16),))
    if kind == _DECIMAL:
        return bytes((int(digits) % 256,))
    return _ENTITIES.get(digits.lower(), b" ") if kind == _NAMED else digits


def _replace(raw: bytes, spans: Sequence[Span]) -> bytes:
    """Return the bytes with each of the places replaced; where they overlap, once."""
    parts: list[bytes] = []
    done = 0
    for start, end in spans:
        if start >= done:
            parts += raw[done:start], _HIDDEN_BYTES
        done = max(done, end)
    parts.append(raw[done:])
    return b"".join(parts)
