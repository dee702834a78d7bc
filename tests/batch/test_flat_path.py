"""A batch without a journal, rate limit and settler sends rows directly, by the rules of others."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from attrs import define, field

from nylas_bookings import AsyncClient, Response, errors
from nylas_bookings.batch import BatchReport, Created, Unknown
from nylas_bookings.batch.carrier import Carrier
from nylas_bookings.batch.scratch import Scratch
from nylas_bookings.sandbox import Fault, Sandbox

from .asking import client, guests, many, monday, wanted

WAYS = ("flat", "marked", "file")
listening = pytest.mark.parametrize("listens", [False, True], ids=["unheard", "heard"])


@define
class Stage:
    """A sandbox, and a sender that does with the calls what a case says."""

    sandbox: Sandbox
    sends: int = 0
    fates: dict[int, Any] = field(factory=dict)

    async def send(self, request: Any) -> Response:
        """Send a request, unless something else is to become of it."""
        self.sends += 1
        fate = self.fates.get(self.sends)
        if isinstance(fate, Exception):
            raise fate
        return await self.sandbox.send(request) if fate is None else fate


@define
class Case:
    """What a batch is given, and what goes wrong."""

    requests: Any = lambda: many(6)
    settings: dict[str, Any] = field(factory=dict)
    faults: tuple[Fault, ...] = ()
    fates: dict[int, Any] = field(factory=dict)


def _unauthorized() -> Response:
    return Response(401, {}, b'{"error": {"type": "unauthorized", "message": "who?"}}')


def _broken() -> Iterator[Any]:
    yield from many(4)
    raise ZeroDivisionError("the input is broken")


async def _broken_later() -> AsyncIterator[Any]:
    for request in _broken():
        yield request


def _keyed(count: int, keys: int) -> list[Any]:
    return [wanted(n, key=f"key-{n % keys}") for n in range(count)]


CASES = {
    "all created": Case(),
    "with keys": Case(lambda: _keyed(6, 6)),
    "refused": Case(lambda: [wanted(0), wanted(0), wanted(1, additional_fields={"no": "such"})]),
    "lost": Case(faults=(Fault.drop_before(), Fault.drop_after(), Fault.garbage())),
    "errors of the API": Case(faults=(Fault.status(500), Fault.status(400), Fault.status(504))),
    "too many calls": Case(faults=(Fault.status(429),) * 7),
    "a broken sender": Case(fates={2: ZeroDivisionError(), 4: errors.NotSent("unconnected")}),
    "stopped by an error": Case(
        lambda: many(20), {"stop_on": errors.Unauthorized}, fates={3: _unauthorized()}
    ),
    "stopped by a result": Case(settings={"stop_on": lambda result: result.key == "#4"}),
    "a broken input": Case(_broken),
    "a broken asynchronous input": Case(_broken_later),
    "a key twice": Case(lambda: _keyed(6, 4)),
    "no booking": Case(lambda: [wanted(0), wanted(1), "x", wanted(2)]),
    "empty": Case(list),
}


def _facts(result: Any) -> tuple[Any, ...]:
    """What there is to compare of a result: not its times, nor the ids that a sandbox gives."""
    facts = (type(result), result.key, result.request, result.attempts, result.sent_at is None)
    if isinstance(result, Created):
        booking = result.booking
        return (*facts, booking.title, booking.status, booking.organizer, result.evidence)
    error = result.error
    return (*facts, type(error), str(error), error.outcome, error.attempts)


def _told(report: BatchReport) -> Any:
    counts = (report.created, report.failed, report.unknown, report.left, report.stopped)
    results = [_facts(result) for result in report]
    try:
        report.raise_for_failures()
    except errors.BatchError as error:
        return counts, results, str(error), [type(one) for one in error.errors], error.outcome
    return counts, results


def _way(name: str, folder: Path) -> Any:
    return {"flat": None, "marked": Scratch(indexed=False), "file": folder / "journal"}[name]


async def _played(case: Case, way: str, listens: bool, folder: Path) -> Any:
    """All that can be seen of a batch: its report or what it raises, `on_result`, the calls."""
    heard: list[Any] = []
    sandbox = Sandbox(seed=1, now=monday())
    for fault in case.faults:
        sandbox.faults.add("create", fault)
    stage = Stage(sandbox, fates=case.fates)
    settings = {"concurrency": 1, "journal": _way(way, folder), **case.settings}
    if listens:
        settings["on_result"] = heard.append
    try:
        report = await client(sandbox, send=stage.send).bookings.create_many(
            case.requests(), **settings
        )
        end = _told(report)
    except Exception as error:  # noqa: BLE001 - that is to be compared too
        end = type(error), str(error)
    told = end, [_facts(result) for result in heard], stage.sends, guests(sandbox)
    sandbox.close()
    return told


@listening
@pytest.mark.parametrize("way", WAYS[1:])
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
async def test_all_ways_agree(case: Case, way: str, listens: bool, tmp_path: Path) -> None:
    """Whichever way a batch takes, its report, results, calls and errors are the same."""
    flat = await _played(case, "flat", listens, tmp_path)
    assert flat == await _played(case, way, listens, tmp_path)


@pytest.mark.parametrize("way", WAYS)
async def test_on_result_raises(sandbox: Sandbox, way: str, tmp_path: Path) -> None:
    """What `on_result` raises ends the batch, and no row is sent after it."""
    heard: list[Any] = []

    def refuse(result: Any) -> None:
        heard.append(result)
        if len(heard) == 3:
            raise KeyError(result.key)

    with pytest.raises(KeyError, match="#3"):
        await client(sandbox).bookings.create_many(
            many(9), journal=_way(way, tmp_path), on_result=refuse, concurrency=1
        )
    assert len(heard) == len(sandbox.requests()) == 3


@pytest.mark.parametrize("way", WAYS)
async def test_cancelled_in_the_middle(sandbox: Sandbox, way: str, tmp_path: Path) -> None:
    """Calls in flight when a batch is cancelled are `Unknown`, and nothing new is sent."""
    heard: list[Any] = []
    held = 0
    all_held = asyncio.Event()

    async def send(request: Any) -> Any:
        nonlocal held
        answer = await sandbox.send(request)
        if len(sandbox.bookings()) > 5:
            held += 1
            if held == 3:
                all_held.set()
            await asyncio.Event().wait()
        return answer

    batch = asyncio.create_task(
        client(sandbox, send=send).bookings.create_many(
            many(20), concurrency=3, journal=_way(way, tmp_path), on_result=heard.append
        )
    )
    await all_held.wait()
    batch.cancel()
    with pytest.raises(asyncio.CancelledError):
        await batch
    unknown = [result for result in heard if isinstance(result, Unknown)]
    assert len(unknown) == 3
    assert len(heard) == len(sandbox.requests()) == 8
    says = {result.error.message for result in unknown}
    assert says == {"the batch was stopped while the call was on its way"}


async def test_cancelled_before_anything_left(sandbox: Sandbox) -> None:
    """A row whose call was cancelled before any of it left has no result: it was not sent."""
    heard: list[Any] = []
    nylas = client(sandbox)
    transport = nylas._transport
    waits = asyncio.Event()

    async def wait(_: Any) -> None:
        waits.set()
        await asyncio.Event().wait()

    transport._wait_for_gate = wait  # type: ignore[method-assign] # it waits for nothing else
    transport._gate.close(transport.auth, 60.0)  # type: ignore[arg-type] # it has one
    batch = asyncio.create_task(nylas.bookings.create_many(many(2), on_result=heard.append))
    await waits.wait()
    batch.cancel()
    with pytest.raises(asyncio.CancelledError):
        await batch
    assert heard == sandbox.requests() == []


@pytest.mark.parametrize("refused", [0, 12])
async def test_no_call_too_many(
    sandbox: Sandbox, refused: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No more calls are in flight than asked for, those included that are sent once more.

    If rows were marked, others would be marked ahead, and nothing would hold those back.
    """
    flying = most = 0

    async def slowly(*_: Any) -> None:
        await asyncio.sleep(0.01)

    monkeypatch.setattr(Scratch, "sending", slowly)

    async def send(request: Any) -> Any:
        nonlocal flying, most
        flying += 1
        most = max(most, flying)
        await asyncio.sleep(0)
        answer = await sandbox.send(request)
        flying -= 1
        return answer

    if refused:
        sandbox.faults.add("create", Fault.status(429), times=refused)
    report = await client(sandbox, send=send).bookings.create_many(many(60), concurrency=5)
    assert (report.created, most) == (60, 5)
    assert len(sandbox.requests()) == 60 + refused


@pytest.mark.parametrize(
    ("settings", "directly"),
    [({}, True), ({"on_result": print}, True), ({"journal": Scratch(indexed=False)}, False)],
)
async def test_who_goes_directly(
    sandbox: Sandbox, settings: Any, directly: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows are marked for a journal that somebody brings, and only for one."""
    ways: list[str] = []
    for name in ("send", "send_unmarked"):
        sent = getattr(Carrier, name)

        def watched(self: Carrier, row: Any, sent: Any = sent, name: str = name) -> Any:
            ways.append(name)
            return sent(self, row)

        monkeypatch.setattr(Carrier, name, watched)
    await client(sandbox).bookings.create_many(many(2), **settings)
    assert ways == ["send_unmarked" if directly else "send"] * 2


@listening
async def test_all_of_a_booking_is_kept(sandbox: Sandbox, listens: bool) -> None:
    """Without a journal a report has each field of a booking, whoever has heard of it before."""
    nylas: AsyncClient = client(sandbox)
    answers: list[Any] = []
    run = nylas._transport.run

    def watched(*args: Any, **settings: Any) -> Any:
        async def kept() -> Any:
            answers.append(await run(*args, **settings))
            return answers[-1]

        return kept()

    nylas._transport.run = watched  # type: ignore[method-assign] # to see its answers
    more = {"on_result": lambda _: None} if listens else {}
    zone = "Europe/Berlin"
    requests = [wanted(0, booking_timezone=zone, key="a"), wanted(1)]
    report = await nylas.bookings.create_many(requests, concurrency=1, **more)
    results = list(report)
    assert [result.request for result in results] == requests
    assert [result.booking for result in results if isinstance(result, Created)] == answers
    assert all(answer.booking_ref and answer.request_id for answer in answers)


@pytest.mark.parametrize("way", WAYS)
async def test_the_input_is_let_go(sandbox: Sandbox, way: str, tmp_path: Path) -> None:
    """When a batch has ended before its input, the input is not kept until the next collection."""
    ends: list[str] = []

    def requests() -> Iterator[Any]:
        try:
            yield from many(9)
        finally:
            ends.append("let go")

    gc.disable()
    try:
        await client(sandbox).bookings.create_many(
            requests(), journal=_way(way, tmp_path), stop_on=lambda _: True, concurrency=2
        )
        assert ends == ["let go"]
    finally:
        gc.enable()
