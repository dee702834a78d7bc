"""Requests, responses and timeouts: the plain values between the arguments and the network."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from nylas_bookings import Request, Response, Timeout, errors
from nylas_bookings.models._secret import Secret


@pytest.mark.parametrize("value", [0, -1, float("nan"), float("inf"), True, "5", [1]])
@pytest.mark.parametrize("name", ["connect", "total"])
def test_a_timeout_that_is_refused(name: str, value: Any) -> None:
    """A timeout is a number of seconds above zero, or None."""
    with pytest.raises(errors.InvalidRequest, match="a timeout is a number of seconds"):
        Timeout(**{name: value})


@pytest.mark.parametrize(
    ("total", "left", "expected"),
    [(10, 20.0, 10), (10, 10.0, 10), (10, 5.0, 5.0), (None, 5.0, 5.0), (10, 0.0, 0.001)],
)
def test_a_timeout_within_a_deadline(total: float | None, left: float, expected: float) -> None:
    """The shorter of the two holds; what is over already is as short as can be."""
    timeout = Timeout(connect=3, total=total).within(left)
    assert timeout == Timeout(connect=3, total=expected)


def test_a_timeout_that_is_short_enough_stays() -> None:
    """Nothing new is made where the deadline changes nothing."""
    timeout = Timeout(total=10)
    assert timeout.within(20.0) is timeout


def test_a_request_does_not_show_its_credential_nor_its_body() -> None:
    """The repr of a request is fit for a log."""
    headers = {"Authorization": Secret("Bearer nyk_secret"), "Accept": "application/json"}
    shown = repr(Request("POST", "https://api.us.nylas.com/v3", headers, b"jane@example.com"))
    assert "application/json" in shown
    assert "nyk_secret" not in shown
    assert "jane" not in shown


def test_a_secret_is_the_text_that_it_is() -> None:
    """A secret hides in a repr only; it goes over the wire, and into a pickle, as it is."""
    secret = Secret("nyk_secret")
    assert secret == f"{secret}" == "nyk_secret"
    assert pickle.loads(pickle.dumps(secret)) == "nyk_secret"
    assert repr(secret) == repr({"key": secret})[8:-1] == "'•••'"


def test_a_response_does_not_show_what_is_in_it() -> None:
    """The repr of a response tells its status only."""
    shown = repr(Response(200, {"Set-Cookie": "hush"}, b"hush"))
    assert "200" in shown
    assert "hush" not in shown


@pytest.mark.parametrize("name", ["Retry-After", "retry-after", "RETRY-AFTER"])
def test_a_header_in_any_case(name: str) -> None:
    """The headers of a response are found whatever the case of their names."""
    assert Response(429, {"Retry-After": "5"}, b"").header(name) == "5"
    assert Response(429, {name: ""}, b"").header("Retry-After") == ""
    assert Response(429, {"Other": "5"}, b"").header(name) is None
