"""A storm of calls, and the rules that each of them is held to, by the server's own record."""

from __future__ import annotations

import asyncio
import random
from typing import Any

from attrs import Factory, define, frozen

from nylas_bookings import AsyncClient, Guest, PublicConfiguration, Retry, Timeout
from nylas_bookings.errors import (
    APIError,
    BookingsError,
    NoAnswer,
    NotSent,
    Outcome,
    UnexpectedAnswer,
)

from ..samples import END, START
from .raw_server import RawServer
from .storm_server import Record, StormHandler, key_of

CREATE, CHANGE, READ = "create", "change", "read"
PATIENCE = 40.0

RETRIES = {
    "once": Retry(attempts=1),
    "three times": Retry(attempts=3, first_wait=0.001, longest_wait=0.002),
}


@frozen
class Plan:
    """What one call of a storm does, as its seed says.

    Attributes:
        kind: `create`, a change, or a read.
        total: Its timeout in seconds.
        cancel_after: Seconds after which it is cancelled, if at all.
    """

    kind: str
    total: float
    cancel_after: float | None

    @classmethod
    def of(cls, seed: int, number: int) -> Plan:
        """The plan of one call."""
        chance = random.Random(f"{seed}/call/{number}")
        total = chance.random() * 0.02 + 0.0003 if chance.random() < 0.15 else 0.5
        cancel_after = chance.random() * 0.01 if chance.random() < 0.12 else None
        return cls(chance.choice([CREATE, CREATE, CHANGE, READ]), total, cancel_after)


def arguments_of(plan: Plan, key: str) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
    """The method of a client's `bookings`, and its arguments."""
    more = {"auth": PublicConfiguration(key), "timeout": Timeout(total=plan.total)}
    if plan.kind == CREATE:
        guest = Guest(name=key, email="jane@example.com")
        return "create", (), {"start_time": START, "end_time": END, "guest": guest, **more}
    if plan.kind == CHANGE:
        return "confirm", (key,), {"salt": "c2FsdA", **more}
    return "get", (key,), more


@define(eq=False)
class Verdict:
    """Collects what broke a rule.

    Attributes:
        seed: The seed of the storm, for the message.
        retries: The name of its retry policy.
        faults: What was found.
        ends: How many calls ended in which way.
    """

    seed: int
    retries: str
    faults: list[str] = Factory(list)
    ends: dict[str, int] = Factory(dict)

    def add(self, key: str, plan: Plan, end: Any, record: Record, *, arrived: bool) -> None:
        """Hold the end of one call against the server's record."""
        name = end.outcome.name if isinstance(end, BookingsError) else type(end).__name__
        self.ends[name] = self.ends.get(name, 0) + 1
        broken = [rule for rule in self._broken(key, plan, end, record, arrived=arrived) if rule]
        if broken:
            self.faults.append(
                f"seed {self.seed}, {key}: {', '.join(broken)}: {plan}, {end!r}, {record}, "
                f"arrived={arrived}"
            )

    def _broken(
        self, key: str, plan: Plan, end: Any, record: Record, *, arrived: bool
    ) -> list[str | None]:
        effects = record.whole - record.statuses.count(429)
        rules = [
            (self.retries == "once" and record.whole > 1, "sent more than once"),
            (record.whole > 3, "sent more often than the policy says"),
            (plan.kind == CREATE and effects > 1, "created twice"),
        ]
        if isinstance(end, asyncio.CancelledError):
            rules.append((plan.cancel_after is None, "cancelled by nobody"))
        elif isinstance(end, BookingsError):
            rules += self._of_error(key, plan, end, record, arrived=arrived)
        else:
            ids = {end.booking_id, end.title, end.request_id}
            rules += [
                (ids != {key}, "got the response of another"),
                (record.succeeded == 0, "succeeded without the server"),
                (self.retries == "once" and record.whole != 1, "succeeded without one request"),
            ]
        return [text for is_broken, text in rules if is_broken]

    @staticmethod
    def _of_error(
        key: str, plan: Plan, end: BookingsError, record: Record, *, arrived: bool
    ) -> list[tuple[bool, str]]:
        outcome, statuses = end.outcome, record.statuses
        refused = [status for status in statuses if 400 <= status < 500]
        # The outcome is that of the last attempt where those before cannot have changed anything:
        # the API limited them, or the call only reads.
        is_harmless = record.whole > 0 and set(statuses) <= {429}
        is_harmless |= plan.kind == READ and end.attempts > 1
        if plan.kind == READ:
            refused += [status for status in statuses if status >= 500]
        return [
            (
                not isinstance(end, APIError | NoAnswer | NotSent | UnexpectedAnswer),
                "ended in an error of another kind",
            ),
            (end.request_id not in {None, key}, "got the error of another"),
            (outcome is Outcome.NOT_SENT and arrived and not is_harmless, "was sent after all"),
            (outcome is Outcome.REFUSED and not refused, "was refused by nobody"),
            (outcome is Outcome.DONE and 200 not in statuses, "was not done"),
            (isinstance(end, APIError) and end.status not in statuses, "has a foreign status"),
        ]


async def cancel_later(call: asyncio.Task[Any], seconds: float) -> bool:
    """Cancel a call after some time; whether it was still running."""
    await asyncio.sleep(seconds)
    return call.cancel()


async def run_call(client: AsyncClient, plan: Plan, key: str) -> Any:
    """Make one call, and cancel it if its plan says so; its end, whatever it is."""
    method, positional, named = arguments_of(plan, key)
    call = asyncio.ensure_future(getattr(client.bookings, method)(*positional, **named))
    cancelled = False
    if plan.cancel_after is not None:
        cancelling = asyncio.create_task(cancel_later(call, plan.cancel_after))
        await asyncio.wait([call, cancelling], return_when=asyncio.FIRST_COMPLETED)
        cancelled = cancelling.done() and cancelling.result()
        if not cancelling.done():
            cancelling.cancel()
    (end,) = await asyncio.gather(call, return_exceptions=True)
    if cancelled and not isinstance(end, asyncio.CancelledError):
        return AssertionError(f"cancelled, and ended in {end!r}")
    return end


def judge(
    seed: int,
    retries: str,
    count: int,
    ends: dict[int, Any],
    server: RawServer,
    handler: StormHandler,
) -> Verdict:
    """Hold every end against the record."""
    verdict = Verdict(seed, retries)
    arrived = {
        key_of(part)
        for c in server.connections
        for part in bytes(c.received).split(b"HTTP/1.1\r\n")
    }
    for number in range(count):
        key, end = f"call-{number}", ends[number]
        plan = Plan.of(seed, number)
        if not hasattr(end, "booking_id") and not isinstance(
            end, BookingsError | asyncio.CancelledError
        ):
            verdict.faults.append(f"seed {seed}, {key}: a foreign end: {plan}, {end!r}")
            continue
        verdict.add(key, plan, end, handler.records[key], arrived=key in arrived)
    return verdict


async def run_storm(
    client: AsyncClient, seed: int, count: int, workers: int = 25
) -> dict[int, Any]:
    """Make so many calls, many at a time; their ends."""
    ends: dict[int, Any] = {}
    numbers = iter(range(count))

    async def work() -> None:
        for number in numbers:
            ends[number] = await run_call(client, Plan.of(seed, number), f"call-{number}")

    async with asyncio.timeout(PATIENCE * max(count / 1000, 1.0)):
        await asyncio.gather(*(work() for _ in range(workers)))
    return ends
