"""Addresses compare in all the forms in which providers return them."""

from __future__ import annotations

import pytest

from nylas_bookings.batch.addresses import comparable, comparable_set


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jane@Example.COM", "jane@example.com"),
        (" jane@example.com", "jane@example.com "),
        ("jane@b\u00fccher.example", "jane@xn--bcher-kva.example"),
        ("jane@b\u00fccher.example", "JANE@XN--BCHER-KVA.EXAMPLE"),
        ("jane@bu\u0308cher.example", "jane@b\u00fccher.example"),
        ("ren\u00e9@example.com", "RENE\u0301@example.com"),
        ("jane@stra\u00dfe.example", "jane@xn--strae-oqa.example"),
        ("jane@stra\u00dfe.example", "jane@strasse.example"),
        ("jane@b\u00fccher\u3002example", "jane@xn--bcher-kva.example"),
        ("jane@\uff42\u00fccher.example", "jane@b\u00fccher.example"),
    ],
)
def test_the_same_address(one: str, other: str) -> None:
    """Case, normalization, and how an international domain is written do not count."""
    assert comparable(one) == comparable(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("jane@example.com", "jane@example.org"),
        ("jane@example.com", "jane+1@example.com"),
        ("rene@example.com", "ren\u00e9@example.com"),
        ("jane@bucher.example", "jane@xn--bcher-kva.example"),
        ("xn--bcher-kva@example.com", "b\u00fccher@example.com"),
    ],
)
def test_other_addresses(one: str, other: str) -> None:
    """What is another mailbox for some mail server stays another address."""
    assert comparable(one) != comparable(other)


@pytest.mark.parametrize(
    "odd", ["", "@", "xn--", "jane@xn--\u00fc", "jane@xn--99999999999", "jane@xn--" + "a" * 100_000]
)
def test_what_is_no_address(odd: str) -> None:
    """A text that is no address, or no punycode, is compared as it is."""
    assert comparable(odd) == comparable(odd.upper())


def test_nobody() -> None:
    """People without an address have none."""
    assert comparable_set([None, "", "Jane@example.com"]) == {"jane@example.com"}
