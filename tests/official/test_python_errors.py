"""What the sandbox refuses reaches users of the official Python SDK as its own error."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import nylas
import pytest
from nylas.models.errors import NylasApiError, NylasSdkTimeoutError

from nylas_bookings.sandbox import Fault, Sandbox

from ..sandbox.calls import wanted
from ..waiting import until

NOBODY = "00000000-0000-4000-8000-000000000000"
WRONG = "invalid_request_error"
MISSING = "not_found_error"

Call = Callable[[nylas.Client, Sandbox], Any]


def _create(sdk: nylas.Client, configuration_id: str | None, **more: Any) -> Any:
    of = {} if configuration_id is None else {"configuration_id": configuration_id}
    return sdk.scheduler.bookings.create(wanted() | more, of)


def _opened_and_deleted(sdk: nylas.Client, sandbox: Sandbox) -> Any:
    sdk.scheduler.sessions.create({"configuration_id": sandbox.private})
    return sdk.scheduler.configurations.destroy(sandbox.grant_id, sandbox.private)


def _decided(sdk: nylas.Client, sandbox: Sandbox) -> Any:
    booking_id = _create(sdk, sandbox.confirming).data.booking_id
    decision = {"salt": "AAAAAAAAAAAAAA", "status": "confirmed"}
    of = {"configuration_id": sandbox.confirming}
    return sdk.scheduler.bookings.confirm(booking_id, decision, of)


def _cancelled_twice(sdk: nylas.Client, sandbox: Sandbox) -> Any:
    of = {"configuration_id": sandbox.public}
    booking_id = _create(sdk, sandbox.public).data.booking_id
    sdk.scheduler.bookings.destroy(booking_id, {}, of)
    return sdk.scheduler.bookings.destroy(booking_id, {}, of)


def _booked_twice(sdk: nylas.Client, sandbox: Sandbox) -> Any:
    _create(sdk, sandbox.public)
    return _create(sdk, sandbox.public)


REFUSALS: dict[str, tuple[Call, int, str, str]] = {
    "no configuration": (lambda s, _: _create(s, None), 400, WRONG, "configuration_id"),
    "unknown configuration": (lambda s, _: _create(s, NOBODY), 404, MISSING, "Configuration"),
    "private configuration": (lambda s, b: _create(s, b.private), 401, "unauthorized", "Unauth"),
    "slot not offered": (
        lambda s, b: _create(s, b.public, end_time=wanted()["end_time"] + 60),
        *(400, WRONG, "The selected timeslot is unavailable"),
    ),
    "slot taken": (_booked_twice, 400, WRONG, "The selected timeslot is unavailable"),
    "undeclared field": (
        lambda s, b: _create(s, b.public, additional_fields={"shoe_size": "43"}),
        *(400, WRONG, "'shoe_size' not found in configuration"),
    ),
    "no guest": (lambda s, b: _create(s, b.public, guest=None), 400, WRONG, "guest"),
    "unknown booking": (
        lambda s, b: s.scheduler.bookings.find(NOBODY, {"configuration_id": b.public}),
        *(404, MISSING, "not found"),
    ),
    "wrong salt": (_decided, 401, "unauthorized", "salt"),
    "cancelled already": (_cancelled_twice, 404, MISSING, "not found"),
    "session too long": (
        lambda s, b: s.scheduler.sessions.create(
            {"configuration_id": b.private, "time_to_live": 31}
        ),
        *(400, WRONG, "30 at most"),
    ),
    "open sessions": (_opened_and_deleted, 400, WRONG, "active sessions"),
    "unknown grant": (
        lambda s, _: s.scheduler.configurations.list(NOBODY),
        *(404, MISSING, "Grant not found"),
    ),
    "unknown trigger": (
        lambda s, _: s.webhooks.create(
            {"trigger_types": ["booking.dreamt"], "webhook_url": "https://example.com"}
        ),
        *(400, WRONG, "booking.dreamt"),
    ),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_a_refusal_is_its_own_error(sandbox: Sandbox, sdk: nylas.Client, name: str) -> None:
    """Status, type, message and request id are the ones that the sandbox told."""
    call, status, kind, message = REFUSALS[name]
    with pytest.raises(NylasApiError, match=message) as refused:
        call(sdk, sandbox)
    error, last = refused.value, sandbox.requests()[-1]
    assert (error.status_code, error.type) == (status, kind)
    assert (last.status, last.request_id) == (status, error.request_id)
    assert error.headers["X-Request-Id"] == error.request_id


def test_a_key_that_nobody_has(sandbox: Sandbox, sdk_with: Callable[[str], nylas.Client]) -> None:
    """A wrong key is refused where a key is needed, and on public configurations too."""
    stranger = sdk_with("nyk_v0_nobody")
    with pytest.raises(NylasApiError) as refused:
        stranger.webhooks.list()
    assert (refused.value.status_code, refused.value.type) == (401, "unauthorized")
    with pytest.raises(NylasApiError):
        _create(stranger, sandbox.public)


def test_a_session_ends(
    sandbox: Sandbox, sdk: nylas.Client, sdk_with: Callable[[str], nylas.Client]
) -> None:
    """After its five minutes a session is refused, and nothing is booked with it."""
    asked = {"configuration_id": sandbox.private}
    session_id = sdk.scheduler.sessions.create(asked).data.session_id
    sandbox.clock.advance(minutes=6)
    with pytest.raises(NylasApiError, match="Session is expired") as refused:
        sdk_with(session_id).scheduler.bookings.create(wanted())
    assert refused.value.status_code == 401
    assert sandbox.bookings() == []


@pytest.mark.parametrize(
    ("code", "kind"), [(429, "rate_limit_error"), (504, "provider_error"), (500, "internal_error")]
)
def test_it_does_not_try_again(sandbox: Sandbox, sdk: nylas.Client, code: int, kind: str) -> None:
    """The SDK raises at once whatever could be tried again; only its headers say when."""
    sandbox.faults.add("create", Fault.status(code, retry_after=3))
    with pytest.raises(NylasApiError) as refused:
        _create(sdk, sandbox.public)
    assert (refused.value.status_code, refused.value.type) == (code, kind)
    assert refused.value.headers["Retry-After"] == "3"
    assert len(sandbox.requests()) == 1


def test_an_answer_that_comes_too_late(sandbox: Sandbox) -> None:
    """The SDK gives up after its timeout with an error of its own; the booking is made."""
    impatient = nylas.Client(sandbox.api_key, sandbox.url, timeout=0.2)
    sandbox.faults.add("create", Fault.latency(1))
    with pytest.raises(NylasSdkTimeoutError):
        _create(impatient, sandbox.public)
    until(lambda: len(sandbox.bookings()) == 1)
