"""Links that lead nowhere: broken, foreign, too late, decided; each says so, with its status."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import pytest

from nylas_bookings import references
from nylas_bookings.sandbox import Sandbox

from ..calls import BOOKINGS, Raw, wanted
from .browsing import Browser, facts_of

PAGES = ("reschedule", "cancel", "confirm")


async def _open(browse: Browser, name: str, reference: str) -> tuple[int, str]:
    response = await browse(f"/book/{name}?ref={quote(reference, safe='')}")
    return response.status, response.body.decode()


async def _booked(raw: Raw, configuration: str) -> tuple[str, str]:
    """A booking; says its id and its reference."""
    answer = await raw("POST", BOOKINGS, wanted(), configuration_id=configuration)
    return answer.told["data"]["booking_id"], answer.told["data"]["booking_ref"]


async def _configure(raw: Raw, **scheduler: Any) -> None:
    sandbox = raw.sandbox
    path = f"/v3/grants/{sandbox.grant_id}/scheduling/configurations/{sandbox.public}"
    answer = await raw("PUT", path, {"scheduler": scheduler}, key=sandbox.api_key)
    assert answer.status == 200


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("reference", ["", "x", "%%%", "AAAA", "é" * 40, "A" * 2000, "<b>"])
async def test_a_broken_reference(browse: Browser, name: str, reference: str) -> None:
    """What is no reference is 400, and is not shown again."""
    status, page = await _open(browse, name, reference)
    assert (status, "This link is not complete" in page) == (400, True)
    assert "<b>" not in page


@pytest.mark.parametrize("name", PAGES)
async def test_a_foreign_reference(browse: Browser, name: str, raw: Raw, sandbox: Sandbox) -> None:
    """A booking that is not here, or of another configuration, is 404."""
    booking, _ = await _booked(raw, sandbox.public)
    unknown = "00000000-0000-4000-8000-000000000000"
    pairs = [(sandbox.public, unknown), (unknown, booking), (sandbox.confirming, booking)]
    for configuration, other in pairs:
        reference = references.encode(configuration_id=configuration, booking_id=other)
        status, page = await _open(browse, name, reference)
        assert (status, "We do not know this booking" in page) == (404, True)


@pytest.mark.parametrize("name", ["reschedule", "cancel"])
async def test_guests_need_no_salt(browse: Browser, name: str, raw: Raw, sandbox: Sandbox) -> None:
    """A reference without a salt is enough for a guest, in any state that a mail leaves it in."""
    booking, reference = await _booked(raw, sandbox.public)
    plain = references.encode(configuration_id=sandbox.public, booking_id=booking)
    for spelling in (reference, plain, f"{plain}\r\n", quote(quote(reference))):
        assert (await _open(browse, name, spelling))[0] == 200


@pytest.mark.parametrize("name", ["reschedule", "cancel"])
async def test_a_cancelled_booking(browse: Browser, name: str, raw: Raw, sandbox: Sandbox) -> None:
    """Of a cancelled booking nothing can be changed: 410, with a way to book another time."""
    booking, reference = await _booked(raw, sandbox.public)
    await raw("DELETE", f"{BOOKINGS}/{booking}", {}, configuration_id=sandbox.public)
    status, page = await _open(browse, name, reference)
    assert (status, "has been cancelled" in page) == (410, True)
    assert f'href="/book/{sandbox.public}"' in page


@pytest.mark.parametrize("name", ["reschedule", "cancel"])
async def test_a_meeting_that_is_over(
    browse: Browser, name: str, raw: Raw, sandbox: Sandbox
) -> None:
    """A meeting can be changed until it is over, and is 410 from then on."""
    _, reference = await _booked(raw, sandbox.public)
    sandbox.clock.freeze(datetime(2026, 11, 23, 9, 29, 59, tzinfo=UTC))
    assert (await _open(browse, name, reference))[0] == 200
    sandbox.clock.advance(seconds=1)
    assert (await _open(browse, name, reference))[0] == 410


@pytest.mark.parametrize(
    ("name", "setting"),
    [("reschedule", "hide_rescheduling_options"), ("cancel", "hide_cancellation_options")],
)
async def test_what_the_host_does_not_offer(
    browse: Browser, raw: Raw, sandbox: Sandbox, name: str, setting: str
) -> None:
    """A hidden option is 403 even for who has the link, and names whom to write to."""
    _, reference = await _booked(raw, sandbox.public)
    await _configure(raw, **{setting: True})
    status, page = await _open(browse, name, reference)
    assert (status, "Ada Host at host@example.com" in page) == (403, True)
    other = "cancel" if name == "reschedule" else "reschedule"
    assert (await _open(browse, other, reference))[0] == 200


async def test_too_late_to_cancel(browse: Browser, raw: Raw, sandbox: Sandbox) -> None:
    """Within the notice that the host wants, cancelling is 403 and the policy is shown."""
    await _configure(raw, min_cancellation_notice=60, cancellation_policy="An hour before.")
    _, reference = await _booked(raw, sandbox.public)
    sandbox.clock.advance(hours=8)
    assert (await _open(browse, "cancel", reference))[0] == 200
    sandbox.clock.advance(seconds=1)
    status, page = await _open(browse, "cancel", reference)
    assert (status, "An hour before." in page) == (403, True)
    assert (await _open(browse, "reschedule", reference))[0] == 200


async def test_only_the_organizer_decides(browse: Browser, raw: Raw, sandbox: Sandbox) -> None:
    """Without its salt, or with another one, a reference does not open the organizer's page."""
    booking, reference = await _booked(raw, sandbox.confirming)
    ids = {"configuration_id": sandbox.confirming, "booking_id": booking}
    for salt in (None, "AAAAAAAAAAAAAA"):
        status, page = await _open(browse, "confirm", references.encode(**ids, salt=salt))
        assert (status, "cannot confirm" in page) == (403, True)
    response = await browse(f"/book/confirm?ref={reference}")
    assert facts_of(response)["salt"] == sandbox.bookings()[0]["salt"]


@pytest.mark.parametrize(
    ("status", "told"), [("confirmed", "already confirmed"), ("cancelled", "already declined")]
)
async def test_a_decision_is_made_once(
    browse: Browser, raw: Raw, sandbox: Sandbox, status: str, told: str
) -> None:
    """A booking that is decided is 409 for the organizer."""
    booking, reference = await _booked(raw, sandbox.confirming)
    body = {"status": status, "salt": sandbox.bookings()[0]["salt"]}
    await raw("PUT", f"{BOOKINGS}/{booking}", body, configuration_id=sandbox.confirming)
    code, page = await _open(browse, "confirm", reference)
    assert (code, told in page) == (409, True)


async def test_private_links_bring_their_session(
    browse: Browser, raw: Raw, sandbox: Sandbox
) -> None:
    """The page behind a link of a private configuration gets a session that works."""
    asked = {"configuration_id": sandbox.private}
    opened = await raw("POST", "/v3/scheduling/sessions", asked, key=sandbox.api_key)
    key = opened.told["data"]["session_id"]
    booked = (await raw("POST", BOOKINGS, wanted(), key=key)).told["data"]
    facts = facts_of(await browse(f"/book/cancel?ref={booked['booking_ref']}"))
    answer = await raw("DELETE", f"{BOOKINGS}/{booked['booking_id']}", {}, key=facts["session"])
    assert answer.status == 200
    assert facts["session"] != key
