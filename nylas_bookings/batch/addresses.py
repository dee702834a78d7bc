"""E-mail addresses in the one form in which they can be compared."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Final

_PUNYCODE: Final = "xn--"
_MAX_LABEL: Final = 63
"""How many letters a label of a domain has at most (RFC 1035). Decoding long ones takes long."""

_FULL_STOP: Final = "\u3002"
"""The ideographic full stop, which separates labels too (RFC 3490, section 3.1)."""


def comparable(address: str) -> str:
    """Return an address so that all forms in which a provider may return it are equal.

    Case does not count, nor does the Unicode normalization (NFC, NFD), nor whether an
    international domain is written in Unicode or in punycode.
    """
    address = address.strip()
    if address.isascii() and _PUNYCODE not in address.casefold():
        return address.casefold()
    local, at, domain = _folded(address).replace(_FULL_STOP, ".").rpartition("@")
    return local + at + ".".join(map(_unicode_label, domain.split(".")))


def comparable_set(addresses: Iterable[str | None]) -> frozenset[str]:
    """Return those addresses that are there, each in its comparable form."""
    return frozenset(comparable(address) for address in addresses if address)


def _folded(text: str) -> str:
    # Folding can undo a normalization, so the text is normalized before and after.
    folded = unicodedata.normalize("NFKC", text).casefold()
    return unicodedata.normalize("NFKC", folded)


def _unicode_label(label: str) -> str:
    """Return a label of a domain in Unicode: punycode keeps letters that folding maps to others."""
    if not label.startswith(_PUNYCODE) or len(label) > _MAX_LABEL:
        return label
    try:
        return _folded(label.removeprefix(_PUNYCODE).encode("ascii").decode("punycode"))
    except UnicodeError:
        return label
