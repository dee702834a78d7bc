"""Attempts: which requests have left, which of them may have booked, and what was seen of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from nylas_bookings import AsyncClient, MintedSession, Retry, SessionToken, errors
from nylas_bookings.batch import CalendarSettler, Created, Failed, Unknown, rows
from nylas_bookings.batch.journal import Counts
from nylas_bookings.batch.report import report as report_of
from nylas_bookings.batch.settling import LostCall
from nylas_bookings.sandbox import Fault, Sandbox

from ..waiting import soon
from .asking import client, guests, wanted
from .test_create_many import journals

QUICK = Retry(attempts=3, first_wait=0.001)


def settler(sandbox: Sandbox, **settings: Any) -> CalendarSettler:
    """One that waits for nothing."""
    timing = {"limit": 0.0, "pause": 0.0, **settings}
    return CalendarSettler(sandbox.api_key, sandbox.grant_id, **timing)


async def _unconnected(request: Any) -> Any:
    raise errors.NotSent("no connection")


async def _only(nylas: AsyncClient, journal: Path | None, **settings: Any) -> Any:
    """What becomes of one booking, as the report tells it."""
    (result,) = await nylas.bookings.create_many([wanted(0)], journal=journal, **settings)
    return result


@journals
async def test_attempts_are_requests(sandbox: Sandbox, journal: Path, journaled: bool) -> None:
    """Each request that left is an attempt, whichever the client has repeated by itself."""
    sandbox.faults.add("create", Fault.status(429), times=2)
    result = await _only(client(sandbox, retry=QUICK), journal if journaled else None)
    assert isinstance(result, Created)
    assert result.attempts == len(sandbox.requests()) == 3


@journals
async def test_what_did_not_leave_is_none(sandbox: Sandbox, journal: Path, journaled: bool) -> None:
    """A request that found no connection is no attempt, next to those that left."""
    fates = iter([True, False, True])

    async def send(request: Any) -> Any:
        return await (sandbox.send if next(fates) is False else _unconnected)(request)

    sandbox.faults.add("create", Fault.status(429))
    nylas = client(sandbox, send=send, retry=QUICK)
    result = await _only(nylas, journal if journaled else None)
    assert isinstance(result, Failed)
    assert (result.attempts, result.sent_at is None) == (1, False)


async def test_what_fails_before_it_leaves() -> None:
    """When a sender breaks before the booking's turn has come, nothing is unknown."""

    async def broken(request: Any) -> Any:
        raise ZeroDivisionError

    minted = AsyncClient(MintedSession("key", "cfg-1"), send=broken)
    failed = await _only(minted, None)
    assert isinstance(failed, Failed)
    assert (type(failed.error), failed.attempts) == (errors.NotSent, 0)


async def test_only_what_may_have_booked_counts(sandbox: Sandbox, journal: Path) -> None:
    """Runs without a connection, and refusals, take nothing from the sends that may get lost."""
    for _ in range(4):
        unsent = await _only(client(sandbox, send=_unconnected, retry=QUICK), journal)
        assert isinstance(unsent, Failed)
        assert (unsent.attempts, unsent.sent_at) == (0, None)
    sandbox.faults.add("create", Fault.status(429), times=5)
    assert (await _only(client(sandbox), journal)).attempts == 5
    sandbox.faults.add("create", Fault.drop_before(), times=2)
    created = await _only(client(sandbox), journal, settle=settler(sandbox))
    assert isinstance(created, Created)
    assert created.attempts == 8


async def test_the_third_in_vain_is_the_last(sandbox: Sandbox, journal: Path) -> None:
    """A row that was lost three times stays unknown, in all runs together."""
    sent = 0

    async def send(request: Any) -> Any:
        nonlocal sent
        sent += request.method == "POST"
        return await sandbox.send(request)

    sandbox.faults.add("create", Fault.drop_before(), times=None)
    for _ in range(2):
        unknown = await _only(client(sandbox, send=send), journal, settle=settler(sandbox))
        assert isinstance(unknown, Unknown)
        assert unknown.attempts == sent == 3


async def test_evidence_stays(sandbox: Sandbox, journal: Path) -> None:
    """What a settler has seen is told until somebody looks again, however later runs end."""
    sandbox.faults.add("create", Fault.drop_before(), times=None)
    first = await _only(client(sandbox), journal, settle=settler(sandbox))
    assert first.evidence.looks == 3
    assert (await _only(client(sandbox), journal)).evidence == first.evidence
    heard: list[Any] = []
    before = len(sandbox.requests())
    batch = asyncio.create_task(
        _only(client(sandbox), journal, settle=settler(sandbox, limit=60.0), on_result=heard.append)
    )
    await soon(lambda: len(sandbox.requests()) > before)
    await asyncio.sleep(0.05)
    batch.cancel()
    with pytest.raises(asyncio.CancelledError):
        await batch
    assert [result.evidence for result in heard] == [first.evidence]
    assert (await _only(client(sandbox), journal)).evidence == first.evidence


async def test_sent_first(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """A row that is sent again was sent when it was sent first: any of its sends may be found."""
    ticks = count(1000.0)
    monkeypatch.setattr(rows.time, "time", lambda: next(ticks))
    asked: list[float] = []

    class Looking(CalendarSettler):
        async def look(self, lost: LostCall, ask: Any) -> Any:
            asked.append(lost.sent_at)
            return await super().look(lost, ask)

    sandbox.faults.add("create", Fault.drop_before(), times=2)
    looking = Looking(sandbox.api_key, sandbox.grant_id, limit=0.0, pause=0.0)
    created = await _only(client(sandbox), None, settle=looking)
    assert created.attempts == 3
    assert len(asked) == 6
    assert set(asked) == {created.sent_at.timestamp()} == {min(asked)}


def _land_first(sandbox: Sandbox, first: Any, second: Any) -> Any:
    return first


def _somebody_else(sandbox: Sandbox, first: Any, second: Any) -> Any:
    body = first.body.replace(b"guest0@", b"else@")
    return type(first)(first.method, first.url, first.headers, body, first.timeout)


@pytest.mark.parametrize(
    ("before", "kind", "who"),
    [(_land_first, Created, "guest0@example.com"), (_somebody_else, Failed, "else@example.com")],
)
async def test_a_slot_that_goes_at_the_last_moment(
    sandbox: Sandbox, before: Callable[..., Any], kind: type, who: str
) -> None:
    """Refused when it is sent again, a row is looked for once more: it may have itself the slot."""
    posts: list[Any] = []

    async def send(request: Any) -> Any:
        if request.method == "POST":
            posts.append(request)
            if len(posts) == 1:
                raise errors.NoAnswer("lost")
            await sandbox.send(before(sandbox, *posts))
        return await sandbox.send(request)

    result = await _only(client(sandbox, send=send), None, settle=settler(sandbox))
    assert isinstance(result, kind), result
    assert len(posts) == 2
    assert guests(sandbox) == [who]


async def test_refused_here_is_refused(sandbox: Sandbox, journal: Path) -> None:
    """What a run has refused before anything was sent, the next one does not send either."""
    nobody = AsyncClient(None, send=sandbox.send)
    heard: list[Any] = []
    assert isinstance(await _only(nobody, journal), Failed)
    session = AsyncClient(SessionToken("session"), send=sandbox.send)
    result = await _only(session, journal, on_result=heard.append)
    assert isinstance(result.error, errors.InvalidRequest)
    assert heard == sandbox.requests() == []


def test_what_is_on_its_way_may_be_booked() -> None:
    """A row that was marked and never came to a result counts as one that may have booked."""
    report = report_of(Counts(created=1, sending=2, unknown=4), lambda: iter(()), stopped=False)
    assert (report.created, report.unknown, len(report)) == (1, 6, 7)
    with pytest.raises(errors.BatchError, match="6 may have been made"):
        report.raise_for_failures()
