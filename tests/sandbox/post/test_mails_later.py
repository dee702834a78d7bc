"""Mails that are written when somebody looks say what was so when the meeting was changed."""

from __future__ import annotations

import asyncio
from pathlib import Path

from nylas_bookings.sandbox import Behaviour, Sandbox

from ..calls import BOOKINGS, MONDAY, Raw, slot
from .mail_server import MailServer


async def test_a_configuration_that_has_changed_since(sandbox: Sandbox) -> None:
    """What was booked before the configuration got other pages has the links of then."""
    raw = Raw(sandbox)
    await raw.book()
    path = f"/v3/grants/{sandbox.grant_id}/scheduling/configurations/{sandbox.public}"
    page = {"cancellation_url": "https://example.com/off/:booking_ref"}
    changed = await raw("PUT", path, {"scheduler": page}, key=sandbox.api_key)
    assert changed.status == 200
    assert all("Cancel: http://127.0.0.1/book/cancel" in m["body"] for m in sandbox.outbox())
    assert len(sandbox.outbox()) == 2


async def test_a_booking_that_has_another_id_since(sandbox: Sandbox) -> None:
    """The first mail has the first id and its links, although the booking has another id now."""
    sandbox.behaviour = Behaviour(reschedule_changes_id=True)
    raw = Raw(sandbox)
    booked = await raw.book()
    first = booked.told["data"]
    path = f"{BOOKINGS}/{first['booking_id']}"
    moved = await raw("PATCH", path, slot(2), configuration_id=sandbox.public)
    assert moved.told["data"]["booking_id"] != first["booking_id"]
    mails = sandbox.outbox()
    assert [mail["booking_id"] == first["booking_id"] for mail in mails] == [True] * 2 + [False] * 2
    assert all(first["booking_ref"] in mail["body"] for mail in mails[:2])


async def test_mails_of_a_process_that_is_gone(tmp_path: Path) -> None:
    """Whoever opens the file reads the mails of bookings that another process made, once."""
    one = Sandbox(tmp_path / "sandbox.db", now=MONDAY)
    await Raw(one).book()
    other = Sandbox(tmp_path / "sandbox.db", now=MONDAY)
    assert [mail["state"] for mail in other.outbox()] == ["kept", "kept"]
    assert one.outbox() == other.outbox()
    one.close()
    other.close()


async def test_mails_of_before_there_was_a_server(tmp_path: Path) -> None:
    """A mail server gets the mails of what happens with it, and none of what happened before."""
    path = tmp_path / "sandbox.db"
    one = Sandbox(path, now=MONDAY)
    await Raw(one).book()
    with MailServer() as server:
        posting = Sandbox(path, now=MONDAY, smtp=f"127.0.0.1:{server.port}")
        await Raw(posting).book(2)
        await asyncio.to_thread(posting.settle)
        assert [mail["state"] for mail in posting.outbox()] == ["kept"] * 2 + ["sent"] * 2
    one.close()
    posting.close()


async def test_looking_changes_nothing(sandbox: Sandbox) -> None:
    """Whoever looks twice sees the same, and a reset takes what nobody has looked at along."""
    await Raw(sandbox).book()
    assert sandbox.outbox() == sandbox.outbox()
    sandbox.reset()
    await Raw(sandbox).book()
    sandbox.reset()
    assert sandbox.outbox() == []
