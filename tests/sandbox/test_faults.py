"""What goes wrong on purpose."""

from __future__ import annotations

import pytest
from attrs import evolve

from nylas_bookings import AsyncClient, Request, errors
from nylas_bookings.sandbox import Behaviour, Fault, Sandbox

from .calls import BOOKINGS, JANE, MONDAY, Raw, slot, wanted
from .contract.promises import broken


@pytest.mark.parametrize(
    ("fault", "booked"),
    [
        (Fault.drop_before(), 0),
        (Fault.drop_after(), 1),
        (Fault.truncate(), 1),
        (Fault.garbage(), 1),
        (Fault.status(500), 0),
        (Fault.status(504), 0),
    ],
    ids=lambda value: value.kind if isinstance(value, Fault) else None,
)
async def test_the_answer_is_lost(
    visitor: AsyncClient, sandbox: Sandbox, fault: Fault, booked: int
) -> None:
    """No lost answer says that nothing was booked, whether the sandbox booked or not."""
    sandbox.faults.add("create", fault)
    with pytest.raises(errors.BookingsError) as caught:
        await visitor.bookings.create(**slot(), guest=JANE)
    assert caught.value.outcome in (errors.Outcome.UNKNOWN, errors.Outcome.DONE)
    assert len(sandbox.bookings()) == booked
    assert [seen.operation for seen in sandbox.requests()] == ["bookings.create"]


async def test_the_status_comes_with_a_wait(sandbox: Sandbox, raw: Raw) -> None:
    """A refusal may ask to wait, and has the documented type."""
    sandbox.faults.add("bookings.create", Fault.status(429, retry_after=7))
    answer = await raw.book()
    assert (answer.status, answer.headers["Retry-After"]) == (429, "7")
    assert answer.told["error"]["type"] == "rate_limit_error"
    assert (await raw.book()).status == 200


TYPES = {
    400: "invalid_request_error",
    401: "unauthorized",
    403: "insufficient_scopes",
    404: "not_found_error",
    409: "conflict",
    429: "rate_limit_error",
    500: "internal_error",
    503: "internal_error",
    504: "provider_error",
}


@pytest.mark.parametrize("code", TYPES)
@pytest.mark.parametrize("prefix", ["", "api."])
async def test_each_status_has_its_type(sandbox: Sandbox, raw: Raw, code: int, prefix: str) -> None:
    """The type of an error goes with its status, with the prefix if all have it."""
    sandbox.behaviour = evolve(sandbox.behaviour, error_prefix=bool(prefix))
    sandbox.faults.add("*", Fault.status(code))
    assert (await raw.book()).told["error"]["type"] == prefix + TYPES[code]


@pytest.mark.parametrize("code", [400, 401, 404, 429, 504])
@pytest.mark.parametrize(
    "behaviour",
    [
        Behaviour(),
        Behaviour(provider_error="code and message", error_prefix=True),
        Behaviour(provider_error="text", rate_limit_type="nylas_rate_limit_exceeded"),
        Behaviour(provider_error=None),
    ],
    ids=lambda behaviour: str(behaviour.provider_error),
)
async def test_a_scripted_refusal_is_as_promised(
    sandbox: Sandbox, code: int, behaviour: Behaviour
) -> None:
    """What is refused on purpose is as the contract and the description say."""
    sandbox.behaviour = behaviour
    sandbox.faults.add("*", Fault.status(code))
    request = Request("POST", f"http://sandbox{BOOKINGS}", {}, b"{}")
    assert list(broken(behaviour, request, await sandbox.send(request))) == []


async def test_a_504_tells_what_the_provider_said(sandbox: Sandbox, raw: Raw) -> None:
    """The text is where the browser component looks for it, which shows no other."""
    sandbox.faults.add("create", Fault.status(504))
    error = (await raw.book()).told["error"]
    assert error["provider_error"]["error"]["message"] == "Provider request timed out."


async def test_latency_comes_after_the_work(visitor: AsyncClient, sandbox: Sandbox) -> None:
    """A slow answer is a whole one."""
    sandbox.faults.add("create", Fault.latency(0.001))
    assert (await visitor.bookings.create(**slot(), guest=JANE)).status == "booked"


async def test_it_books_later(sandbox: Sandbox, raw: Raw) -> None:
    """A booking may land when its caller has gone."""
    sandbox.faults.add("create", Fault.drop_then_book(0.01))
    with pytest.raises(errors.NoAnswer):
        await raw.book()
    assert sandbox.bookings() == []
    for timer in sandbox._api._late:
        timer.join()
    assert len(sandbox.bookings()) == 1


async def test_a_reset_forgets_what_was_to_come(sandbox: Sandbox, raw: Raw) -> None:
    """What was to be booked later is not booked in a sandbox that begins anew."""
    sandbox.faults.add("create", Fault.drop_then_book(30))
    with pytest.raises(errors.NoAnswer):
        await raw.book()
    (timer,) = sandbox._api._late
    sandbox.reset()
    timer.join()
    assert sandbox.bookings() == []


async def test_the_yes_and_the_no_fail_apart(sandbox: Sandbox, raw: Raw) -> None:
    """Confirming and declining share a method and a path, and have faults of their own."""
    sandbox.faults.add("decline", Fault.status(500))
    path = f"{BOOKINGS}/nothing"
    named = {"configuration_id": sandbox.confirming}
    yes = await raw("PUT", path, {"status": "confirmed", "salt": "A"}, **named)
    bad = await raw("PUT", path, b"{", **named)
    no = await raw("PUT", path, {"status": "cancelled", "salt": "A"}, **named)
    assert (yes.status, bad.status, no.status) == (404, 400, 500)
    assert [seen.operation for seen in sandbox.requests()] == [
        "bookings.confirm",
        "bookings.confirm",
        "bookings.decline",
    ]


async def test_faults_are_used_up(sandbox: Sandbox, raw: Raw) -> None:
    """A fault happens as often as it was scripted, or always, until all is cleared."""
    sandbox.faults.add("create", Fault.status(500), times=2)
    assert [(await raw.book(n)).status for n in range(3)] == [500, 500, 200]
    sandbox.faults.add("*", Fault.status(503), times=None)
    assert [(await raw.book(n)).status for n in range(3, 5)] == [503, 503]
    assert sandbox.faults.waiting()[0]["operation"] == "*"
    sandbox.faults.clear()
    assert (await raw.book(3)).status == 200


def test_the_same_seed_fails_the_same_calls() -> None:
    """With a seed, chance repeats itself, after a reset too."""
    with_chance = []
    sandbox = Sandbox(seed=3, now=MONDAY)
    for _ in range(2):
        sandbox.faults.add("create", Fault.status(500), times=None, probability=0.5)
        with_chance.append([sandbox.faults.next("bookings.create") for _ in range(20)])
        sandbox.reset()
    sandbox.close()
    assert with_chance[0] == with_chance[1]
    assert None in with_chance[0]
    assert Fault.status(500) in with_chance[0]


@pytest.mark.parametrize("name", ["sessions.get", "calendars.list", "events.get", "*"])
def test_everything_can_fail(sandbox: Sandbox, name: str) -> None:
    """All that the sandbox answers can be made to fail."""
    sandbox.faults.add(name, Fault.drop_before())
    assert [waiting["operation"] for waiting in sandbox.faults.waiting()] == [name]


@pytest.mark.parametrize(
    ("operation", "more"),
    [("dance", {}), ("create", {"times": 0}), ("create", {"probability": 0})],
)
def test_what_cannot_happen_is_refused(sandbox: Sandbox, operation: str, more: dict) -> None:
    """An unknown operation, no times and no probability are mistakes of whoever scripts."""
    with pytest.raises(ValueError, match=r"operation|times|probability"):
        sandbox.faults.add(operation, Fault.drop_before(), **more)


@pytest.mark.parametrize("rate", [0.5, 1])
async def test_calls_are_counted(sandbox: Sandbox, raw: Raw, rate: float) -> None:
    """More calls than the rate allows are refused until time has passed."""
    sandbox.behaviour = evolve(sandbox.behaviour, rate_limit=rate)
    assert [(await raw.book(n)).status for n in range(2)] == [200, 429]
    sandbox.clock.advance(seconds=2)
    assert (await raw.book(1)).status == 200


async def test_a_delete_may_need_a_body(sandbox: Sandbox, raw: Raw) -> None:
    """With that switch a DELETE without JSON is answered as one client reports it."""
    sandbox.behaviour = evolve(sandbox.behaviour, bodyless_delete="refused")
    path = f"{BOOKINGS}/nothing"
    assert (await raw("DELETE", path, configuration_id=sandbox.public)).status == 422
    assert (await raw("DELETE", path, {}, configuration_id=sandbox.public)).status == 404


async def test_within_the_notice_nothing_is_booked(sandbox: Sandbox, raw: Raw) -> None:
    """With that switch a slot that is too close is refused; without, it is booked."""
    sandbox.clock.freeze(MONDAY.replace(hour=8, minute=30))
    strict = evolve(sandbox.behaviour, notice_on_create=True)
    lax, sandbox.behaviour = sandbox.behaviour, strict
    assert (await raw.book(0)).status == 400
    sandbox.behaviour = lax
    assert (await raw.book(0)).status == 200


async def test_a_bug_is_an_internal_error(
    raw: Raw,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    broken_promises: list[str],
    sandbox: Sandbox,
) -> None:
    """Should the sandbox itself fail, it says so, logs why, and has changed nothing."""

    def fails(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("nylas_bookings.sandbox.notices.plan_reminders", fails)
    answer = await raw("POST", BOOKINGS, wanted(), configuration_id=sandbox.public)
    assert answer.status == 500
    assert "ZeroDivisionError" in caplog.text
    assert len(broken_promises) == 2
    broken_promises.clear()
    assert (sandbox.bookings(), sandbox.events(), sandbox.outbox()) == ([], [], [])
