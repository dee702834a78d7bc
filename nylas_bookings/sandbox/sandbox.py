"""Sandbox: the Scheduler API on this machine."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from .._wire.messages import Request, Response
from ..errors import NoAnswer
from . import seeds
from .api import Api, Seen
from .behaviour import Behaviour
from .clock import Clock
from .faults import Faults
from .front import Front
from .identifiers import Identifiers
from .server import Server
from .store import Store, loads
from .world import World


class Sandbox:
    """A Scheduler API of one's own, with a host, a calendar and three configurations to begin with.

    In `async with` and in `with` it listens on a socket. `send` needs none; `close` is then for
    the end.

    Args:
        db: A file that keeps everything; in memory if not given.
        host: Where to listen.
        port: Where to listen; any port that is free if 0.
        seed: The same seed gives the same ids.
        now: Freezes the clock at that moment.
        behaviour: What to do where the vendor's sources do not agree.
    """

    def __init__(
        self,
        db: str | Path | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        seed: int | None = None,
        now: datetime | None = None,
        behaviour: Behaviour = Behaviour(),
    ) -> None:
        identifiers = Identifiers(seed)
        self._world = World(
            store=Store(db, identifiers),
            clock=Clock(now),
            identifiers=identifiers,
            behaviour=behaviour,
            faults=Faults(seed),
            api_key="",
            client_id="",
        )
        self._first_behaviour = behaviour
        self._ready = seeds.prepare(self._world)
        self._api = Api(self._world)
        self._front = Front(self._api, {})
        self._server = Server(self._front, host, port)

    @property
    def url(self) -> str:
        """Where it listens, once it does."""
        return self._world.url

    @property
    def api_key(self) -> str:
        """The application's key."""
        return self._world.api_key

    @property
    def client_id(self) -> str:
        """The application's id, which goes with slugs."""
        return self._world.client_id

    @property
    def grant_id(self) -> str:
        """The grant of the organizer."""
        return self._ready.grant_id

    @property
    def organizer_email(self) -> str:
        """The address of the organizer."""
        return self._ready.organizer_email

    @property
    def public(self) -> str:
        """The id of a configuration that anybody can book."""
        return self._ready.public

    @property
    def private(self) -> str:
        """The id of a configuration that needs a session."""
        return self._ready.private

    @property
    def confirming(self) -> str:
        """The id of a configuration whose bookings wait for the organizer."""
        return self._ready.confirming

    @property
    def clock(self) -> Clock:
        """The time, which can be stopped and moved."""
        return self._world.clock

    @property
    def faults(self) -> Faults:
        """What shall go wrong."""
        return self._world.faults

    @property
    def behaviour(self) -> Behaviour:
        """What it does where the vendor's sources do not agree."""
        return self._world.behaviour

    @behaviour.setter
    def behaviour(self, behaviour: Behaviour) -> None:
        self._world.behaviour = behaviour

    async def send(self, request: Request) -> Response:
        """Answer a request in this process: give it to a client as `send=`."""
        response = await self._front.answered(request)
        if response is None:
            raise NoAnswer("no answer: the sandbox dropped the connection")
        return response

    def bookings(self) -> list[dict[str, Any]]:
        """The bookings, in the order in which they were made."""
        rows = self._world.store.rows("SELECT * FROM bookings ORDER BY created, rowid")
        return [{**dict(row), "document": loads(row["document"])} for row in rows]

    def events(self) -> list[dict[str, Any]]:
        """The events of all calendars, in the order of their times."""
        rows = self._world.store.rows("SELECT document FROM events ORDER BY start, id")
        return [loads(row["document"]) for row in rows]

    def outbox(self) -> list[dict[str, Any]]:
        """The mails that Nylas would have sent."""
        return [dict(row) for row in self._world.store.rows("SELECT * FROM outbox ORDER BY id")]

    def deliveries(self) -> list[dict[str, Any]]:
        """The notifications to webhooks, delivered or waiting."""
        rows = self._world.store.rows("SELECT * FROM deliveries ORDER BY id")
        return [{**dict(row), "document": loads(row["document"])} for row in rows]

    def requests(self) -> list[Seen]:
        """The last thousand requests that came in."""
        return list(self._api.seen)

    def reset(self) -> None:
        """Begin anew: as it was when it was made, with the same ids if it has a seed."""
        self._api.forget()
        self._world.faults.clear()
        self._world.clock.reset()
        self._world.behaviour = self._first_behaviour
        with self._world.store.transaction():
            self._world.store.clear()
            self._ready = seeds.prepare(self._world)

    def close(self) -> None:
        """Stop listening, if it does, and close the database."""
        self._api.forget()
        self._server.stop()
        self._world.store.close()

    def __enter__(self) -> Self:
        try:
            self._world.url = self._server.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        return await asyncio.to_thread(self.__enter__)

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await asyncio.to_thread(self.__exit__, kind, error, trace)
