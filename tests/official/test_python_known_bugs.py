"""What the official Python SDK, 6.18.0, gets wrong today: a test fails when it is mended.

Each is in the table of docs/official-clients.md.
"""

from __future__ import annotations

from typing import Any, get_args

import nylas
import pytest
import requests
from nylas.models.errors import NylasApiError
from nylas.models.scheduler import (
    BookingGuest,
    ConfirmBookingStatus,
    CreateBookingQueryParams,
    CreateBookingRequest,
    FindBookingQueryParams,
)

from nylas_bookings.sandbox import Behaviour, Fault, Sandbox

from ..sandbox.calls import slot, wanted
from ..wire_server import Answer, WireServer, data


def _book(sdk: nylas.Client, configuration_id: str) -> Any:
    return sdk.scheduler.bookings.create(wanted(), {"configuration_id": configuration_id}).data


@pytest.fixture
def elsewhere(server: WireServer) -> nylas.Client:
    """The SDK, and a server that answers as a test tells it to."""
    return nylas.Client("nyk_v0_key", server.url, timeout=10)


def test_reschedule_fails_after_it_was_done(sandbox: Sandbox, sdk: nylas.Client) -> None:
    """The documented answer, a request id alone, is a KeyError; the booking has moved."""
    sandbox.behaviour = Behaviour(strict=True)
    booking_id = _book(sdk, sandbox.public).booking_id
    with pytest.raises(KeyError, match="data"):
        sdk.scheduler.bookings.reschedule(booking_id, slot(2), {"configuration_id": sandbox.public})
    assert sandbox.bookings()[0]["start"] == slot(2)["start_time"]


def test_decline_fails_after_it_was_done(sandbox: Sandbox, sdk: nylas.Client) -> None:
    """The documented answer to a decline is a KeyError; the booking is cancelled."""
    sandbox.behaviour = Behaviour(strict=True)
    booking_id = _book(sdk, sandbox.confirming).booking_id
    decision = {"status": "cancelled", "salt": sandbox.bookings()[0]["salt"]}
    with pytest.raises(KeyError, match="data"):
        sdk.scheduler.bookings.confirm(
            booking_id, decision, {"configuration_id": sandbox.confirming}
        )
    assert sandbox.bookings()[0]["status"] == "cancelled"


def test_the_reference_is_dropped(sandbox: Sandbox, sdk: nylas.Client) -> None:
    """The booking reference, and with it the salt, does not reach the caller."""
    booked = _book(sdk, sandbox.public)
    assert not hasattr(booked, "booking_ref")
    assert set(booked.to_dict()) == {
        *("booking_id", "event_id", "title", "organizer", "status", "description")
    }


def test_the_hints_for_a_decision_are_wrong(sandbox: Sandbox, sdk: nylas.Client) -> None:
    """`confirm`, as the type hint has it, is no status; `confirmed` is."""
    assert set(get_args(ConfirmBookingStatus)) == {"confirm", "cancel"}
    booking_id = _book(sdk, sandbox.confirming).booking_id
    decision = {"status": "confirm", "salt": sandbox.bookings()[0]["salt"]}
    with pytest.raises(NylasApiError, match="confirmed or cancelled"):
        sdk.scheduler.bookings.confirm(
            booking_id, decision, {"configuration_id": sandbox.confirming}
        )


def test_its_own_models_cannot_be_sent(sandbox: Sandbox, sdk: nylas.Client) -> None:
    """The models that the signatures name fail before anything is sent; plain dicts work."""
    guest = BookingGuest(name="Jane", email="jane@example.com")
    with pytest.raises(TypeError, match="not JSON serializable"):
        sdk.scheduler.bookings.create(CreateBookingRequest(**slot(), guest=guest))
    query = CreateBookingQueryParams(configuration_id=sandbox.public)
    with pytest.raises(AttributeError, match="items"):
        sdk.scheduler.bookings.create(wanted(), query)
    with pytest.raises(TypeError, match="takes no arguments"):
        FindBookingQueryParams(configuration_id=sandbox.public)
    with pytest.raises(TypeError, match="client_id"):
        CreateBookingQueryParams(slug="introduction", client_id=sandbox.client_id)
    assert sandbox.requests() == []


def test_none_in_the_query_is_sent_as_a_word(sandbox: Sandbox, sdk: nylas.Client) -> None:
    """A configuration id of None becomes the text `None`, which no configuration has."""
    with pytest.raises(NylasApiError) as refused:
        sdk.scheduler.bookings.create(wanted(), {"configuration_id": None})
    assert refused.value.status_code == 404


def test_the_docstring_of_time_to_live_is_wrong(sandbox: Sandbox, sdk: nylas.Client) -> None:
    """The docstring says seconds; the API takes minutes, 30 at most."""
    with pytest.raises(NylasApiError, match="minutes"):
        sdk.scheduler.sessions.create({"configuration_id": sandbox.private, "time_to_live": 300})


def test_a_group_configuration_cannot_be_read(sandbox: Sandbox, sdk: nylas.Client) -> None:
    """Finding one is a KeyError, listing one a warning for each part that it has not."""
    group = {
        "type": "group",
        "name": "Yoga",
        "group_booking": {"calendar_id": "primary", "booking_type": "booking"},
    }
    with pytest.raises(KeyError, match="participants"):
        sdk.scheduler.configurations.create(sandbox.grant_id, group)
    with pytest.warns(RuntimeWarning) as told:
        listed = sdk.scheduler.configurations.list(sandbox.grant_id)
    missing = ("participants", "availability", "event_booking")
    assert all(any(name in str(one.message) for one in told) for name in missing)
    assert listed.data[-1].participants is None
    with pytest.raises(KeyError, match="participants"):
        sdk.scheduler.configurations.find(sandbox.grant_id, listed.data[-1].id)


def test_sending_back_what_was_read_loses_settings(sandbox: Sandbox, sdk: nylas.Client) -> None:
    """Its models drop what they do not know, and an update replaces whole parts without it."""
    configurations, grant_id = sdk.scheduler.configurations, sandbox.grant_id
    titled = {"title": "Hidden", "hide_participants": True}
    configurations.update(grant_id, sandbox.public, {"event_booking": titled})
    read = configurations.find(grant_id, sandbox.public).data.to_dict()
    assert "hide_participants" not in read["event_booking"]


def test_a_page_instead_of_json_is_not_its_own_error(sandbox: Sandbox, sdk: nylas.Client) -> None:
    """A page of HTML, with any status, is a JSONDecodeError; what was asked for may be done."""
    sandbox.faults.add("create", Fault.garbage())
    with pytest.raises(requests.JSONDecodeError):
        _book(sdk, sandbox.public)
    assert len(sandbox.bookings()) == 1


def test_a_lost_connection_is_not_its_own_error(sandbox: Sandbox, sdk: nylas.Client) -> None:
    """A connection that breaks is the error of requests; what was asked for may be done."""
    sandbox.faults.add("create", Fault.drop_after())
    with pytest.raises(requests.ConnectionError):
        _book(sdk, sandbox.public)
    assert len(sandbox.bookings()) == 1


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer(status=502, body=b"<html>Bad gateway</html>"), requests.JSONDecodeError),
        (Answer(status=204, body=b""), requests.JSONDecodeError),
        (Answer(body={"data": {}}), KeyError),
        (Answer(status=400, body={"request_id": "req-1", "error": "no"}), AttributeError),
        (Answer(status=400, body=["no"]), AttributeError),
    ],
    ids=["bad gateway", "no content", "no request id", "error is a text", "error is a list"],
)
def test_unusual_answers_raise_what_comes_to_hand(
    server: WireServer, elsewhere: nylas.Client, answer: Answer, error: type[Exception]
) -> None:
    """Answers that are not as documented end in errors that are not the SDK's own."""
    server.answer(answer)
    with pytest.raises(error) as raised:
        elsewhere.scheduler.bookings.destroy("b-1", {})
    assert not isinstance(raised.value, NylasApiError)


def test_no_list_is_not_an_empty_one(server: WireServer, elsewhere: nylas.Client) -> None:
    """A list that is null is a TypeError."""
    server.answer(data(None))
    with pytest.raises(TypeError):
        elsewhere.scheduler.configurations.list("grant")


def test_ids_go_into_the_path_as_they_are(server: WireServer, elsewhere: nylas.Client) -> None:
    """An id with a slash or a question mark asks for something else."""
    elsewhere.scheduler.bookings.find("b/1?x=1")
    assert server.last().target == "/v3/scheduling/bookings/b/1?x=1"


def test_listing_webhooks_ignores_overrides(server: WireServer, elsewhere: nylas.Client) -> None:
    """Other calls take another key for once; this one does not."""
    server.answer(data([]))
    elsewhere.webhooks.list(overrides={"api_key": "nyk_v0_other"})
    assert server.last().header("Authorization") == "Bearer nyk_v0_key"
