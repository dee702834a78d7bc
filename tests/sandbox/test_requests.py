"""What came in: requests as they were, for whoever wants to check them, without credentials."""

from __future__ import annotations

import sys
from typing import Any

import orjson
import pytest
from attrs import evolve

from nylas_bookings import AsyncClient, Request, errors
from nylas_bookings.sandbox import Fault, Sandbox
from nylas_bookings.sandbox.seen import LIMIT, Seen

from ..leaks import CALLS, CREDENTIALS
from .calls import BOOKINGS, ONCE, Raw, wanted

HOOK = "/v3/webhooks"
SECRET = "planted-secret-0815"


def _last(sandbox: Sandbox) -> Seen:
    return sandbox.requests()[-1]


async def test_what_was_sent_can_be_checked(sandbox: Sandbox, raw: Raw) -> None:
    """A request has its query and its body, as data."""
    await raw.book(timezone="Europe/Berlin", additional_fields={})
    seen = _last(sandbox)
    assert (seen.method, seen.path, seen.operation) == ("POST", BOOKINGS, "bookings.create")
    assert seen.query == {"configuration_id": sandbox.public}
    assert seen.body == wanted(timezone="Europe/Berlin", additional_fields={})
    assert (seen.status, seen.cut) == (200, False)


@pytest.mark.parametrize(
    ("sent", "told"),
    [(None, None), (b"", None), (b"{", "{"), (b"\xff", "�"), (b"[1]", [1]), (b"null", None)],
)
async def test_a_body_may_be_anything(
    sandbox: Sandbox, raw: Raw, sent: bytes | None, told: Any
) -> None:
    """What is no JSON is a text."""
    await raw("POST", BOOKINGS, sent, page_token="", x="1 2")
    assert _last(sandbox).body == told
    assert _last(sandbox).query == {"page_token": "", "x": "1 2"}


@pytest.mark.parametrize("levels", [300, 900, 1500])
async def test_a_body_that_is_nested_deep(sandbox: Sandbox, raw: Raw, levels: int) -> None:
    """A body deeper than the sandbox takes is told as a text, without its secrets, to everybody."""
    sent = b"[" * levels + orjson.dumps({"session_id": SECRET}) + b"]" * levels
    assert (await raw("POST", BOOKINGS, sent)).status == 400
    told = _last(sandbox).body
    assert told.startswith("[" * levels)
    assert SECRET not in told
    assert (await raw("GET", "/_sandbox/requests")).status == 200


async def test_what_is_long_is_cut(sandbox: Sandbox, raw: Raw) -> None:
    """Of a long body and of a long query the beginning is kept, and no more held in memory."""
    await raw("POST", BOOKINGS, wanted(note="x" * 100_000))
    seen = _last(sandbox)
    assert seen.cut
    assert len(seen.body) == LIMIT
    assert seen.body.startswith('{"start_time"')
    await raw("GET", HOOK, q="x" * 100_000)
    assert (_last(sandbox).cut, len(_last(sandbox).query["q"])) == (True, LIMIT - 2)
    whole = orjson.dumps({"note": "x" * (LIMIT - len('{"note":""}'))})
    await raw("POST", BOOKINGS, whole)
    assert (_last(sandbox).cut, _last(sandbox).body) == (False, orjson.loads(whole))
    held = sum(sys.getsizeof(one.body) + sys.getsizeof(one.url) for one in sandbox._api._seen)
    assert held < 6 * LIMIT


async def test_a_fault_does_not_hide_a_request(sandbox: Sandbox, raw: Raw) -> None:
    """What was refused on purpose, or not answered at all, can be checked too."""
    sandbox.faults.add("create", Fault.status(503))
    sandbox.faults.add("create", Fault.drop_before())
    await raw.book(1)
    with pytest.raises(errors.NoAnswer):
        await raw.book(2)
    assert [(one.status, one.body) for one in sandbox.requests()] == [
        (503, wanted(1)),
        (None, wanted(2)),
    ]


@pytest.fixture
async def planted(sandbox: Sandbox) -> str:
    """All that can be seen of calls that carry what must not be seen."""
    for call in CALLS.values():
        async with AsyncClient(call.auth, send=sandbox.send, retry=ONCE) as client:
            with pytest.raises(errors.BookingsError):
                await call.make(client)
    return repr(sandbox.requests()) + repr(sandbox._api.__dict__)


async def test_no_credential_is_shown(planted: str) -> None:
    """Neither keys nor sessions nor salts are in the record, wherever a client puts them."""
    assert "bookings.create" in planted
    assert [one for one in CREDENTIALS if one in planted] == []


@pytest.mark.parametrize(
    ("method", "path", "body", "query"),
    [
        ("GET", BOOKINGS, None, {"session_id": SECRET}),
        ("GET", BOOKINGS, None, {"client_secret": SECRET, "Access_Token": SECRET}),
        ("DELETE", f"/v3/scheduling/sessions/{SECRET}", {}, {}),
        ("GET", f"/v3//scheduling//sessions/{SECRET}/", None, {}),
        ("PATCH", HOOK, {"webhook_secret": SECRET, "a": [{"secret": SECRET}]}, {}),
        ("PATCH", HOOK, {"session_id": [SECRET], "api_key": {"x": SECRET}}, {}),
        ("PATCH", HOOK, f'{{"salt": "{SECRET}", "x": {" " * LIMIT}}}'.encode(), {}),
        ("PATCH", HOOK, f'{{"salt": "{SECRET}'.encode(), {}),
        ("PATCH", HOOK, f"{{'client_secret' : '{SECRET}'".encode(), {}),
        ("PATCH", HOOK, {"note": f"nyk_{SECRET}", f"nyk_{SECRET}": f"Bearer {SECRET}"}, {}),
        ("POST", "/v3/connect/token", f"grant_type=x&client_secret={SECRET}".encode(), {}),
        ("PATCH", HOOK, rf'{{"salt": "\"{SECRET}"'.encode(), {}),
        ("GET", f"/v3/nyk_{SECRET}", None, {"x": f"nyk_{SECRET}"}),
    ],
)
async def test_credentials_are_redacted(
    sandbox: Sandbox, raw: Raw, method: str, path: str, body: Any, query: dict[str, str]
) -> None:
    """Of a credential in a path, a query or a body there is only that it was there."""
    await raw(method, path, body, **query)
    assert SECRET not in repr(_last(sandbox))
    assert "[redacted]" in repr(_last(sandbox))


async def test_what_is_no_credential_is_told(sandbox: Sandbox, raw: Raw) -> None:
    """Words that look a little like it are left alone, and so is that nothing was given."""
    body = {"monkey": "x", "tokens": "y", "session_id": None, "key5": "z", "secretary": "Ann"}
    await raw("PATCH", HOOK, body, page_token="3")
    assert (_last(sandbox).body, _last(sandbox).query) == (body, {"page_token": "3"})


async def test_nothing_is_read_before_somebody_looks(
    sandbox: Sandbox, raw: Raw, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A request costs no more than its bytes, until it is looked at, and is read once."""
    read: list[bytes] = []
    loads = orjson.loads
    monkeypatch.setattr(
        "nylas_bookings.sandbox.seen.orjson.loads", lambda text: read.append(text) or loads(text)
    )
    sandbox.behaviour = evolve(sandbox.behaviour, key_on_bookings=False)
    await sandbox.send(Request("GET", f"http://sandbox{HOOK}", {}, b'{"not": "read"}'))
    assert b'{"not": "read"}' not in read
    assert sandbox.requests() == sandbox.requests()
    assert read.count(b'{"not": "read"}') == 1
