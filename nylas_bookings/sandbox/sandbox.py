"""Sandbox: the Scheduler API on this machine."""

from __future__ import annotations

import asyncio
import os
import weakref
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from .._wire.messages import Request, Response
from ..errors import NoAnswer
from ..models._times import Moment
from . import hosts, record, seeds
from .api import Api
from .behaviour import Behaviour
from .clock import Clock
from .control import Control, at_the_door
from .description import Description
from .faults import Faults
from .front import CONTROLS, PAGES, Front, Part
from .identifiers import Identifiers
from .pages import Pages
from .post import log
from .post.office import PostOffice
from .post.smtp import MailServer
from .seen import Seen
from .server import Server
from .store import Store
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
        smtp: A mail server, as `host:port` or `smtp://user:password@host:port`, through which the
            mails of the outbox are really sent.
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
        smtp: str | None = None,
    ) -> None:
        identifiers = Identifiers(seed)
        self._world = World(
            clock=Clock(now),
            identifiers=identifiers,
            behaviour=behaviour,
            faults=Faults(seed),
            api_key="",
            client_id="",
            mail_server=None if smtp is None else MailServer.read(smtp),
            store=Store(db, identifiers),  # last, when nothing else can be refused any more
        )
        self._first_behaviour = behaviour
        self._ready = seeds.prepare(self._world)
        self._api = Api(self._world)
        self._control = Control(self, self._world, host, self._api.newest)
        parts: dict[str, Part] = {
            CONTROLS: self._control,
            PAGES: Pages(self._world),
            "openapi.json": Description(self._world),
            "": at_the_door,
        }
        self._front = Front(self._api, parts)
        self._server = Server(self._front, host, port)
        self._office = PostOffice(self._world)
        self._world.wake = self._office.wake
        self._world.clock.listen(self._office.catch_up)
        self._end = weakref.finalize(
            self,
            _end,
            os.getpid(),
            self._api,
            self._office,
            self._world.store,
            weakref.ref(self._server),  # it holds the sandbox, which would then never be collected
        )

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

    def facts(self) -> dict[str, Any]:
        """What a program needs to know to use it, as data."""
        return {
            "url": self.url,
            "api_key": self.api_key,
            "client_id": self.client_id,
            "grant_id": self.grant_id,
            "organizer_email": self.organizer_email,
            "configurations": {
                "public": self.public,
                "private": self.private,
                "confirming": self.confirming,
            },
        }

    async def send(self, request: Request) -> Response:
        """Answer a request in this process: give it to a client as `send=`."""
        self._office.open()
        response = await self._front.answered(request)
        if response is None:
            raise NoAnswer("no answer: the sandbox dropped the connection")
        return response

    def bookings(self) -> list[dict[str, Any]]:
        """The bookings, in the order in which they were made, each with what became of it."""
        return record.bookings(self._world)

    def events(self) -> list[dict[str, Any]]:
        """The events of all calendars, in the order of their times."""
        return record.events(self._world)

    def outbox(self) -> list[dict[str, Any]]:
        """The mails that Nylas would have sent, each with whether it was sent from here."""
        return log.mails(self._world)

    def deliveries(self) -> list[dict[str, Any]]:
        """The notifications to webhooks, with their attempts: delivered, waiting or given up."""
        return log.deliveries(self._world)

    def settle(self, timeout: float = 10.0) -> None:
        """Wait until everything that is due by the sandbox's clock has been sent, or tried.

        Raises `TimeoutError`, which names what is left. In a coroutine, use
        `await asyncio.to_thread(sandbox.settle)`.
        """
        self._office.settle(timeout)

    def requests(self) -> list[Seen]:
        """The last thousand requests that came in, without the credentials in them."""
        return self._api.requests()

    def hosts(self) -> list[dict[str, Any]]:
        """Who can be booked: grants with their calendars."""
        return hosts.all_of_them(self._world)

    def configurations(self) -> list[dict[str, Any]]:
        """The configurations of all hosts, each with the address of its booking page."""
        return record.configurations(self._world)

    def add_host(self, email: str, *, name: str | None = None, timezone: str = "UTC") -> str:
        """One more host, with a primary calendar; says the id of the grant."""
        return hosts.add(self._world, email, name, timezone)

    def add_calendar(
        self, host: str, name: str, *, timezone: str = "UTC", calendar_id: str | None = None
    ) -> str:
        """One more calendar of a host, who is named by address or grant; says its id."""
        return hosts.add_calendar(self._world, host, name, timezone, calendar_id)

    def add_event(
        self,
        host: str,
        start: Moment,
        end: Moment,
        *,
        title: str = "Busy",
        calendar_id: str = "primary",
        busy: bool = True,
    ) -> str:
        """Something else that a host has to do, so that the time is taken; says its id."""
        return hosts.add_event(self._world, host, start, end, title, calendar_id, busy=busy)

    def remove_event(self, event_id: str) -> None:
        """Take out what `add_event` put in."""
        hosts.remove_event(self._world, event_id)

    def reset(self) -> None:
        """Begin anew: as it was when it was made, with the same ids if it has a seed."""
        self._api.forget()
        self._world.faults.clear()
        self._world.behaviour = self._first_behaviour
        with self._world.store.transaction():
            self._world.store.clear()
            self._world.clock.reset()
            self._ready = seeds.prepare(self._world)
            self._office.forget()

    def close(self) -> None:
        """Stop listening, if it does, and sending, and close the database."""
        self._control.end()
        self._end()

    def __enter__(self) -> Self:
        try:
            self._world.url = self._server.start()
        except BaseException:
            self.close()
            raise
        self._office.open()
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


def _end(
    process: int,
    api: Api,
    office: PostOffice,
    store: Store,
    server: weakref.ref[Server],
) -> None:
    """End all that a sandbox has begun: when it is closed, dropped, or left open at exit."""
    if process != os.getpid():
        return  # threads and connections stayed with the process that this one was forked from
    api.forget()
    if (listening := server()) is not None:
        listening.stop()
    office.close()
    store.close()
