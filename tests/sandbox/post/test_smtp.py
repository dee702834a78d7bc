"""Mails that are really sent, through a real mail server on this machine."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nylas_bookings.sandbox import Sandbox
from nylas_bookings.sandbox.post import smtp
from nylas_bookings.sandbox.post.smtp import MailServer as Address

from ...waiting import soon
from ..calls import MONDAY, Raw
from .mail_server import MailServer

HOST, JANE = "host@example.com", "jane@example.com"
SECRET = "p@ss:w/rd"


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    """A mail server."""
    with MailServer() as listening:
        yield listening


@pytest.fixture
def posting(mail_server: MailServer) -> Iterator[Sandbox]:
    """A sandbox that sends its mails there."""
    sandbox = Sandbox(seed=1, now=MONDAY, smtp=f"127.0.0.1:{mail_server.port}")
    yield sandbox
    sandbox.close()


async def _settled(sandbox: Sandbox) -> list[dict[str, Any]]:
    await asyncio.to_thread(sandbox.settle)
    return sandbox.outbox()


async def test_a_mail_arrives(posting: Sandbox, mail_server: MailServer) -> None:
    """Each mail of the outbox arrives as it is there, in its order, with an id of its own."""
    await Raw(posting).book(guest={"name": "Jané", "email": JANE})
    outbox = await _settled(posting)
    assert [mail["state"] for mail in outbox] == ["sent", "sent"]
    for sent, kept in zip(mail_server.mails, outbox, strict=True):
        assert sent["To"] == kept["recipient"]
        assert sent["Subject"] == kept["subject"]
        assert sent.get_content().replace("\r\n", "\n") == kept["body"]
        assert sent["Date"].datetime == MONDAY
    assert "Jané" in mail_server.mails[0].get_content()
    assert len({mail["Message-ID"] for mail in mail_server.mails}) == 2


async def test_a_mail_is_tried_three_times(posting: Sandbox, mail_server: MailServer) -> None:
    """A mail that is refused is sent again later with the same id; the third time is the last."""
    mail_server.refusals += ["451 later", "550 never"]
    await Raw(posting).book()
    states = []
    for minutes in (5, 10, 60):
        states.append([mail["state"] for mail in await _settled(posting)])
        mail_server.refusals += [] if minutes == 60 else ["451 later"]
        posting.clock.advance(minutes=minutes)
    states.append([(mail["state"], mail["attempt"]) for mail in await _settled(posting)])
    assert states == [
        ["waiting", "waiting"],
        ["waiting", "sent"],
        ["given up", "sent"],
        [("given up", 3), ("sent", 2)],
    ]
    assert len(mail_server.mails) == 1


async def test_without_a_server_mails_stay_where_they_are(sandbox: Sandbox, tmp_path: Path) -> None:
    """Mails of a sandbox without a mail server are sent by nobody, not when there is one later."""
    path = tmp_path / "sandbox.db"
    first = Sandbox(path, now=MONDAY)
    await Raw(first).book()
    assert [mail["state"] for mail in first.outbox()] == ["kept", "kept"]
    first.close()
    with MailServer() as server:
        again = Sandbox(path, now=MONDAY, smtp=f"127.0.0.1:{server.port}")
        await asyncio.to_thread(again.settle)
        assert server.connections == 0
        again.close()


@pytest.mark.parametrize("password", [SECRET, "another"])
async def test_a_login_is_never_shown(password: str, caplog: pytest.LogCaptureFixture) -> None:
    """User and password are used, and appear in no log, repr or note of a failure."""
    caplog.set_level(logging.DEBUG)
    with MailServer(user=("me@example.com", SECRET)) as server:
        quoted = password.replace("@", "%40").replace(":", "%3A").replace("/", "%2F")
        address = f"smtp://me%40example.com:{quoted}@127.0.0.1:{server.port}"
        sandbox = Sandbox(now=MONDAY, smtp=address)
        await Raw(sandbox).book()
        outbox = await _settled(sandbox)
        is_right = password == SECRET
        assert len(server.mails) == (2 if is_right else 0)
        assert outbox[0]["failure"] == (None if is_right else "SMTPAuthenticationError 535")
        shown = f"{caplog.text} {outbox} {sandbox!r} {sandbox._world!r} {Address.read(address)!r}"
        sandbox.close()
    assert password not in shown
    assert quoted not in shown


@pytest.mark.parametrize(
    ("address", "host", "port"),
    [
        ("localhost:1025", "localhost", 1025),
        ("localhost", "localhost", 25),
        ("smtp://mail.example.com/", "mail.example.com", 25),
        ("smtps://mail.example.com", "mail.example.com", 465),
        ("[::1]:2525", "::1", 2525),
    ],
)
def test_addresses(address: str, host: str, port: int) -> None:
    """A mail server is named by host and port, or by a URL; each scheme has its port."""
    read = Address.read(address)
    assert (read.host, read.port, read.is_encrypted) == (host, port, address.startswith("smtps"))


@pytest.mark.parametrize(
    "address",
    ["", ":25", "http://a:25", "smtp://me:s3cret@", "smtp://me:s3cret@a:port", "smtp://s3cret@a/b"],
)
def test_what_is_no_address(address: str) -> None:
    """What is no address is refused, without repeating what may be a password."""
    with pytest.raises(ValueError, match="smtp is host:port") as refused:
        Sandbox(smtp=address)
    assert "s3cret" not in str(refused.value)


@pytest.mark.parametrize("email", ["jane@example.com,joe@example.com", "Jané@exämple.com"])
async def test_an_address_that_is_none(
    posting: Sandbox, mail_server: MailServer, email: str
) -> None:
    """A mail that cannot be sent to its address is a failure of that mail, and of no other."""
    await Raw(posting).book(additional_guests=[{"name": "X", "email": email}])
    states = {mail["recipient"]: mail["state"] for mail in await _settled(posting)}
    assert states[HOST] == states[JANE] == "sent"
    assert states[email] == "waiting"
    assert {mail["To"] for mail in mail_server.mails} == {HOST, JANE}


async def test_nobody_waits_for_a_mail_server_that_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Closing does not wait for a mail server that does not answer, and hangs up."""
    monkeypatch.setattr(smtp, "SECONDS", 600.0)
    with MailServer(hangs=True) as server:
        sandbox = Sandbox(now=MONDAY, smtp=f"127.0.0.1:{server.port}")
        await Raw(sandbox).book()
        await soon(lambda: server.connections == 1)
        with pytest.raises(TimeoutError, match=r"booking\.created to host@example\.com"):
            await asyncio.to_thread(sandbox.settle, 0.1)
        await asyncio.wait_for(asyncio.to_thread(sandbox.close), 5)
        await soon(lambda: not server._tasks)
