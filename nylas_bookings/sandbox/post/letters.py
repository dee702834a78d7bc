"""Mails of the outbox on their way to a mail server."""

from __future__ import annotations

import asyncio
import re
import sqlite3
import threading
from datetime import UTC, datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Final

from ..world import World
from . import queue
from .smtp import Handover, MailServer

_FROM: Final = "Scheduler sandbox <scheduler@sandbox.invalid>"


class Letters:
    """Sends what is in the outbox, one mail after another."""

    queue: Final = "outbox"
    at_once: Final = 1

    def __init__(self, world: World, server: MailServer) -> None:
        self._world = world
        self._server = server

    async def send(self, row: sqlite3.Row) -> None:
        """Make an attempt."""
        failure = await _handed_over(self._server, _message(self._world, row))
        with self._world.store.transaction():
            if failure is None:
                noted = queue.end(self._world, self.queue, row, "sent")
            else:
                noted = queue.fail(self._world, self.queue, row)
            if noted:
                note = "UPDATE outbox SET failure = ? WHERE id = ?"
                self._world.store.run(note, failure, row["id"])


def _message(world: World, row: sqlite3.Row) -> EmailMessage | None:
    """The mail as it goes over the wire; None if nobody can be reached at such an address.

    The same each time, so that a receiver can tell a repetition.
    """
    message = EmailMessage()
    try:
        message["To"] = Address(addr_spec=row["recipient"])
    except (ValueError, IndexError, MessageError):  # all that its parser raises
        return None
    message["From"] = _FROM
    message["Subject"] = _one_line(row["subject"])
    message["Date"] = format_datetime(datetime.fromtimestamp(row["at"], UTC))
    message["Message-ID"] = f"<{row['id']}.{row['at']}.{world.client_id}@sandbox.invalid>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(row["body"])
    return message


async def _handed_over(server: MailServer, message: EmailMessage | None) -> str | None:
    """What went wrong, if anything did. The thread must not keep the interpreter from ending."""
    if message is None:
        return "the address is none"
    loop = asyncio.get_running_loop()
    done: asyncio.Future[str | None] = loop.create_future()
    handover = Handover(server)

    def work() -> None:
        failure = handover.send(message)
        try:
            loop.call_soon_threadsafe(_tell, done, failure)
        except RuntimeError:
            return  # the sandbox was closed in the meantime, and nobody waits

    threading.Thread(target=work, name="nylas sandbox mail", daemon=True).start()
    try:
        return await done
    finally:
        handover.interrupt()


def _tell(done: asyncio.Future[str | None], failure: str | None) -> None:
    if not done.done():
        done.set_result(failure)


def _one_line(text: str) -> str:
    """A text as a header takes it."""
    return re.sub(r"[\x00-\x20\x7f]+", " ", text).strip()
