"""A mail server on a real socket: keeps what it gets, and refuses or hangs when told to."""

from __future__ import annotations

import asyncio
import base64
import threading
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, Self

from attrs import define, field

from ...listening import stop_accepting


@define
class MailServer:
    """Speaks as much SMTP as smtplib needs.

    Attributes:
        refusals: What it answers in place of taking the next mails.
        hangs: Whether it stops answering after the greeting.
        user: Who has to log in, with which password.
    """

    refusals: list[str] = field(factory=list)
    hangs: bool = False
    user: tuple[str, str] | None = None
    mails: list[EmailMessage] = field(factory=list)
    connections: int = 0
    port: int = 0
    _loop: asyncio.AbstractEventLoop = field(factory=asyncio.new_event_loop)
    _tasks: set[asyncio.Task[None]] = field(factory=set)
    _server: Any = None
    _thread: Any = None

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        listening = asyncio.start_server(self._connection, "127.0.0.1", 0)
        self._server = asyncio.run_coroutine_threadsafe(listening, self._loop).result(10)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _end(self) -> None:
        await stop_accepting(self._server)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        writer.write(b"220 here\r\n")
        try:
            while line := await reader.readline():
                if self.hangs:
                    await reader.read()
                    break
                writer.write(
                    f"{await self._told(line.decode().strip(), reader, writer)}\r\n".encode()
                )
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _told(
        self, line: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> str:
        word, _, rest = line.partition(" ")
        match word.upper():
            case "EHLO" if self.user is not None:
                return "250-here\r\n250 AUTH PLAIN"
            case "AUTH":
                user, password = base64.b64decode(rest.split()[1]).decode().split("\0")[1:]
                return "235 ok" if (user, password) == self.user else f"535 not with {password}"
            case "DATA":
                return await self._taken(reader, writer)
            case "QUIT":
                return "221 bye"
        return "250 ok"

    async def _taken(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> str:
        if self.refusals:
            return self.refusals.pop(0)
        writer.write(b"354 go on\r\n")
        raw = await reader.readuntil(b"\r\n.\r\n")
        self.mails.append(message_from_bytes(raw[:-3], policy=policy.default))
        return "250 taken"
