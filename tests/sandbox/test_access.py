"""Who may ask for what."""

from __future__ import annotations

import pytest
from attrs import evolve

from nylas_bookings import (
    ApiKey,
    AsyncClient,
    MintedSession,
    PublicConfiguration,
    PublicPage,
    SessionToken,
    errors,
)
from nylas_bookings.auth import Auth
from nylas_bookings.sandbox import Sandbox

from .calls import BOOKINGS, JANE, ONCE, Raw, dump, slot, wanted


async def _session(raw: Raw, configuration_id: str) -> str:
    path, body = "/v3/scheduling/sessions", {"configuration_id": configuration_id}
    answer = await raw("POST", path, body, key=raw.sandbox.api_key)
    return str(answer.told["data"]["session_id"])


@pytest.mark.parametrize("way", ["id", "page", "key", "minted", "session", "public session"])
async def test_every_way_in_books(sandbox: Sandbox, raw: Raw, way: str) -> None:
    """All five ways to ask lead to a booking."""
    ways: dict[str, Auth] = {
        "id": PublicConfiguration(sandbox.public),
        "page": PublicPage("introduction", sandbox.client_id),
        "key": ApiKey(sandbox.api_key, sandbox.public),
        "minted": MintedSession(sandbox.api_key, sandbox.private),
        "session": SessionToken(await _session(raw, sandbox.private)),
        "public session": SessionToken(await _session(raw, sandbox.public)),
    }
    async with AsyncClient(ways[way], send=sandbox.send, retry=ONCE) as client:
        assert (await client.bookings.create(**slot(), guest=JANE)).status == "booked"


@pytest.mark.parametrize(
    ("query", "key", "status", "says"),
    [
        ({}, None, 400, "configuration_id"),
        ({"configuration_id": "nobody"}, None, 404, "Configuration not found"),
        ({"configuration_id": "{private}"}, None, 401, "Unauthorized"),
        ({"configuration_id": "{private}"}, "{key}", 401, "Unauthorized"),
        ({"configuration_id": "{public}"}, "wrong", 401, "Unauthorized"),
        ({"configuration_id": "{public}"}, "wr\u00f6ng", 401, "Unauthorized"),
        ({"configuration_id": "{public}"}, "", 401, "Unauthorized"),
        ({"configuration_id": "{public}"}, "\udcff", 401, "Unauthorized"),
        ({"configuration_id": "{private}"}, "{session}", 404, "Configuration not found"),
        ({"slug": "introduction"}, None, 404, "Configuration not found"),
        ({"slug": "nothing", "client_id": "{client}"}, None, 404, "Configuration not found"),
        ({"session_id": "{session}"}, None, 400, "invalid path"),
        ({"configuration_id": "{public}"}, "{token}", 401, "Unauthorized"),
    ],
)
async def test_a_stranger_is_refused(
    sandbox: Sandbox, raw: Raw, query: dict[str, str], key: str | None, status: int, says: str
) -> None:
    """Without the right credential nothing is booked, and the answer is the documented one."""
    token = sandbox._world.store.rows("SELECT access_token FROM grants")[0][0]
    names = {
        "public": sandbox.public,
        "private": sandbox.private,
        "key": sandbox.api_key,
        "client": sandbox.client_id,
        "session": await _session(raw, sandbox.private),
        "token": token,
    }
    filled = {name: value.format_map(names) for name, value in query.items()}
    before = dump(sandbox)
    credential = None if key is None else key.format_map(names)
    answer = await raw("POST", BOOKINGS, wanted(), key=credential, **filled)
    assert (answer.status, answer.message.startswith(says)) == (status, True)
    assert answer.told["request_id"] == answer.headers["X-Request-Id"]
    assert dump(sandbox) == before


async def test_keys_can_be_kept_from_bookings(sandbox: Sandbox) -> None:
    """With that switch a key does not book."""
    sandbox.behaviour = evolve(sandbox.behaviour, key_on_bookings=False)
    auth = ApiKey(sandbox.api_key, sandbox.public)
    async with AsyncClient(auth, send=sandbox.send, retry=ONCE) as client:
        with pytest.raises(errors.Unauthorized):
            await client.bookings.create(**slot(), guest=JANE)


async def test_a_booking_belongs_to_its_configuration(sandbox: Sandbox, raw: Raw) -> None:
    """Through another configuration a booking is not there."""
    booked = (await raw.book()).told["data"]["booking_id"]
    other = await raw("GET", f"{BOOKINGS}/{booked}", configuration_id=sandbox.confirming)
    assert other.status == 404


async def test_errors_may_carry_the_prefix(sandbox: Sandbox, raw: Raw) -> None:
    """With that switch error types begin as on the vendor's error pages."""
    sandbox.behaviour = evolve(sandbox.behaviour, error_prefix=True)
    assert (await raw("GET", "/nowhere")).told["error"]["type"] == "api.not_found_error"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v3/webhooks"),
        ("POST", "/v3/scheduling/sessions"),
        ("GET", "/v3/grants/{grant}/scheduling/configurations"),
        ("GET", "/v3/grants/{grant}/calendars"),
        ("GET", "/v3/grants/{grant}/events/nothing"),
        ("POST", "/v3/scheduling/configurations/{public}/import-group-events"),
    ],
)
@pytest.mark.parametrize("who", ["visitor", "session"])
async def test_visitors_do_not_administer(
    sandbox: Sandbox, raw: Raw, method: str, path: str, who: str
) -> None:
    """What needs a key is refused to visitors and sessions, whether it exists or not."""
    key = await _session(raw, sandbox.private) if who == "session" else None
    path = path.format(grant=sandbox.grant_id, public=sandbox.public)
    assert (await raw(method, path, {}, key=key)).status == 401


async def test_an_access_token_is_good_for_its_own_grant(sandbox: Sandbox, raw: Raw) -> None:
    """With an access token `me` and its own grant work, and no other."""
    token = sandbox._world.store.rows("SELECT access_token FROM grants")[0][0]
    for grant, status in (("me", 200), (sandbox.grant_id, 200), ("other", 401)):
        assert (await raw("GET", f"/v3/grants/{grant}/calendars", key=token)).status == status


async def test_a_grant_is_also_called_by_its_address(sandbox: Sandbox, raw: Raw) -> None:
    """The key finds a grant by its id or its address, and no grant that is not there."""
    for grant, status in ((sandbox.organizer_email, 200), ("me", 404)):
        path = f"/v3/grants/{grant}/calendars"
        assert (await raw("GET", path, key=sandbox.api_key)).status == status
