"""Sessions: opened, read, over."""

from __future__ import annotations

from typing import Any

import pytest
from attrs import evolve

from nylas_bookings import AsyncClient, SessionToken, errors
from nylas_bookings.sandbox import Sandbox

from .calls import JANE, ONCE, Raw, dump, slot

PATH = "/v3/scheduling/sessions"


@pytest.mark.parametrize(("given", "minutes"), [(None, 5), (0, 5), (1, 1), (30, 30), (1.5, 1.5)])
async def test_a_session_lasts_minutes(
    raw: Raw, sandbox: Sandbox, given: float | None, minutes: float
) -> None:
    """A session lasts as many minutes as were asked for, 5 if none were, and is then refused."""
    body = {"slug": "introduction", "time_to_live": given}
    session = (await raw("POST", PATH, body, key=sandbox.api_key)).told["data"]["session_id"]
    known = await raw("GET", f"{PATH}/{session}", key=sandbox.api_key)
    assert known.told["data"]["expires_at"] == sandbox.clock.now() + minutes * 60
    async with AsyncClient(SessionToken(session), send=sandbox.send, retry=ONCE) as client:
        sandbox.clock.advance(seconds=minutes * 60 - 1)
        booking = await client.bookings.create(**slot(), guest=JANE)
        sandbox.clock.advance(seconds=1)
        with pytest.raises(errors.Unauthorized, match="expired"):
            await client.bookings.get(booking.booking_id)
    assert (await raw("GET", f"{PATH}/{session}", key=sandbox.api_key)).status == 404


async def test_a_session_can_be_ended(admin: AsyncClient, sandbox: Sandbox) -> None:
    """An ended session is no credential; ending it again is fine."""
    session = await admin.sessions.create(configuration_id=sandbox.private)
    for _ in range(2):
        await admin.sessions.destroy(str(session.session_id))
    async with AsyncClient(SessionToken(session.session_id), send=sandbox.send) as client:
        with pytest.raises(errors.Unauthorized):
            await client.bookings.create(**slot(), guest=JANE)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"configuration_id": ""},
        {"configuration_id": "nothing"},
        {"configuration_id": {}},
        {"slug": "nothing"},
        {"slug": "introduction", "time_to_live": 31},
        {"slug": "introduction", "time_to_live": -1},
        {"slug": "introduction", "time_to_live": "5"},
        {"slug": "introduction", "time_to_live": True},
    ],
)
async def test_a_wrong_session_is_refused(raw: Raw, sandbox: Sandbox, body: dict[str, Any]) -> None:
    """Without a configuration, or for longer than half an hour, there is no session."""
    before = dump(sandbox)
    assert (await raw("POST", PATH, body, key=sandbox.api_key)).status == 400
    assert dump(sandbox) == before


async def test_public_configurations_may_need_none(admin: AsyncClient, sandbox: Sandbox) -> None:
    """With that switch sessions are for private configurations alone."""
    sandbox.behaviour = evolve(sandbox.behaviour, sessions_for_public=False)
    await admin.sessions.create(configuration_id=sandbox.private)
    with pytest.raises(errors.BadRequest, match="session"):
        await admin.sessions.create(configuration_id=sandbox.public)
