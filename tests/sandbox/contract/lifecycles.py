"""Random lives of bookings, led through the client, with mishaps in between."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from nylas_bookings import ApiKey, AsyncClient, PublicConfiguration, SessionToken, errors
from nylas_bookings.sandbox import Behaviour, Fault, Sandbox
from nylas_bookings.sandbox.behaviour import switches

from ..calls import HALF_AN_HOUR, JANE, MONDAY, NINE, ONCE, slot
from . import model
from .model import Model

_CONFIGURATIONS = ("public", "private", "confirming")
_NOTHING_DONE = (Fault.drop_before(), Fault.status(503), Fault.status(429, retry_after=1))
_ANSWER_LOST = (Fault.drop_after(), Fault.truncate(), Fault.garbage())
_ERRORS = {
    None: None,
    model.TAKEN: errors.SlotUnavailable,
    model.GONE: errors.NotFound,
    model.NOT_PENDING: errors.BadRequest,
    model.WRONG_SALT: errors.Unauthorized,
    model.EXPIRED: errors.Unauthorized,
}

configurations = st.sampled_from(_CONFIGURATIONS)
slots = st.sampled_from(model.SLOTS)
faults = st.none() | st.sampled_from(_NOTHING_DONE + _ANSWER_LOST)
numbers = st.integers(min_value=0, max_value=99)
behaviours = st.fixed_dictionaries(
    {name: st.sampled_from(found) for name, found in switches().items() if found is not None}
).map(lambda chosen: Behaviour(**chosen))
with_bookings = precondition(lambda self: self.model.bookings)


class Lifecycles(RuleBasedStateMachine):
    """A sandbox and a model of it, which have to agree after every step."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.sandbox = Sandbox(seed=1, now=MONDAY)
        self.model = Model()
        self.session = "none"
        self.answer: Any = None

    @initialize(behaviour=behaviours)
    def begin(self, behaviour: Behaviour) -> None:
        """Each switch is one way or the other."""
        self.sandbox.behaviour = behaviour
        self.model.is_told_when_cancelled = behaviour.cancelled_bookings == "cancelled"
        self.model.minutes_of_a_minute = 1 if behaviour.time_to_live == "minutes" else 1 / 60

    def teardown(self) -> None:
        """Close what was opened."""
        self.sandbox.close()
        self.runner.close()

    @rule(configuration=configurations, number=slots, fault=faults)
    def book(self, configuration: str, number: int, fault: Fault | None) -> None:
        """Book a slot, whether it is on offer or not."""
        call = self.client(configuration).bookings.create(**slot(number), guest=JANE)
        if self.happens(call, "create", fault, self.model.create(configuration, number)):
            self.model.created(self.sandbox.bookings()[-1]["id"], configuration, number)

    @with_bookings
    @rule(which=numbers, number=slots, fault=faults)
    def reschedule(self, which: int, number: int, fault: Fault | None) -> None:
        """Move a booking to a slot, whether that is on offer or not."""
        booking_id, booked = self.pick(which)
        call = self.client(booked.configuration).bookings.reschedule(booking_id, **slot(number))
        if self.happens(call, "reschedule", fault, self.model.reschedule(booking_id, number)):
            booked.slot = number
            self.model.bookings[self.moved(booking_id)] = self.model.bookings.pop(booking_id)

    @with_bookings
    @rule(which=numbers, fault=faults)
    def cancel(self, which: int, fault: Fault | None) -> None:
        """Cancel a booking, whether it was cancelled already or not."""
        booking_id, booked = self.pick(which)
        call = self.client(booked.configuration).bookings.cancel(booking_id)
        if self.happens(call, "cancel", fault, self.model.cancel(booking_id)):
            booked.status = "cancelled"

    @with_bookings
    @rule(which=numbers, yes=st.booleans(), right_salt=st.booleans(), fault=faults)
    def decide(self, which: int, yes: bool, right_salt: bool, fault: Fault | None) -> None:
        """Confirm or decline a booking, whether it waits for that or not."""
        booking_id, booked = self.pick(which)
        salts = {row["id"]: row["salt"] for row in self.sandbox.bookings()}
        salt = salts[booking_id] if right_salt else "bm90IHRoZSBzYWx0"
        bookings = self.client(booked.configuration).bookings
        name, decision = ("confirm", bookings.confirm) if yes else ("decline", bookings.decline)
        wrong = self.model.decide(booking_id, right_salt=right_salt)
        if self.happens(decision(booking_id, salt=salt), name, fault, wrong):
            booked.status = "booked" if yes else "cancelled"

    @with_bookings
    @rule(which=numbers)
    def read(self, which: int) -> None:
        """Read a booking."""
        booking_id, booked = self.pick(which)
        call = self.client(booked.configuration).bookings.get(booking_id)
        if self.happens(call, "get", None, self.model.read(booking_id)):
            words = {"booked": self.sandbox.behaviour.booked_status}
            assert self.answer.status == words.get(booked.status, booked.status)

    @rule(configuration=configurations, which=st.none() | numbers)
    def look(self, configuration: str, which: int | None) -> None:
        """Ask for the slots on offer, perhaps for a booking that shall be moved."""
        mine = [i for i, b in self.model.bookings.items() if b.configuration == configuration]
        booking_id = mine[which % len(mine)] if mine and which is not None else None
        end = NINE + len(model.SLOTS) * HALF_AN_HOUR
        call = self.client(configuration).availability.get(
            start_time=NINE, end_time=end, booking_id=booking_id
        )
        if self.happens(call, "availability.get", None, self.model.refuses(configuration)):
            starts = [found.start_time.timestamp() for found in self.answer.time_slots]
            assert {_number(start) for start in starts} == self.model.offered(booking_id)

    @rule(minutes=st.integers(min_value=1, max_value=4))
    def wait(self, minutes: int) -> None:
        """Time passes, and sessions end."""
        self.sandbox.clock.advance(minutes=minutes)
        self.model.now += minutes

    @rule(minutes=st.integers(min_value=1, max_value=6))
    def open_session(self, minutes: int) -> None:
        """The application opens a session for a visitor."""
        application = AsyncClient(ApiKey(self.sandbox.api_key), send=self.sandbox.send)
        wanted = {"configuration_id": self.sandbox.private, "time_to_live": minutes}
        self.session = str(self.runner.run(application.sessions.create(**wanted)).session_id)
        self.model.session_ends = self.model.now + minutes * self.model.minutes_of_a_minute

    @rule()
    def reset(self) -> None:
        """Everything begins anew."""
        behaviour = self.sandbox.behaviour
        self.sandbox.reset()
        self.model, self.session = Model(), "none"
        self.begin(behaviour)

    @invariant()
    def they_agree(self) -> None:
        """Bookings, calendar and clock are as the model says."""
        known = self.model.bookings
        rows = self.sandbox.bookings()
        told = {row["id"]: (row["status"], _number(row["start"])) for row in rows}
        assert told == {i: (b.status, b.slot) for i, b in known.items()}
        events = [_number(event["when"]["start_time"]) for event in self.sandbox.events()]
        assert sorted(events) == sorted(b.slot for b in known.values() if b.is_active)
        assert self.sandbox.clock.moment() == MONDAY + timedelta(minutes=self.model.now)

    def client(self, configuration: str) -> AsyncClient:
        """A visitor of a configuration, with the session if it needs one."""
        private = configuration == "private"
        public = PublicConfiguration(getattr(self.sandbox, configuration))
        auth = SessionToken(self.session) if private else public
        return AsyncClient(auth, send=self.sandbox.send, retry=ONCE)

    def pick(self, which: int) -> tuple[str, model.Booked]:
        """One of the bookings."""
        return list(self.model.bookings.items())[which % len(self.model.bookings)]

    def moved(self, booking_id: str) -> str:
        """The id that a moved booking has now: the one that the model knows no other by."""
        ids = {row["id"] for row in self.sandbox.bookings()}
        (now,) = ids - (self.model.bookings.keys() - {booking_id})
        return str(now)

    def happens(
        self, call: Coroutine[Any, Any, Any], name: str, fault: Fault | None, wrong: str | None
    ) -> bool:
        """Whether a call did what it is for; what its caller is told must not contradict that."""
        if fault is not None:
            self.sandbox.faults.add(name, fault)
        done = wrong is None and fault not in _NOTHING_DONE
        caught = self.ended(call)
        if fault is None:
            assert (caught and type(caught)) is _ERRORS[wrong], caught
        elif done:
            assert caught, "the answer got lost, and nobody noticed"
            assert caught.outcome in (errors.Outcome.UNKNOWN, errors.Outcome.DONE)
        else:
            assert caught, "nothing was done, and nobody noticed"
            assert caught.outcome is not errors.Outcome.DONE
        return done

    def ended(self, call: Coroutine[Any, Any, Any]) -> errors.BookingsError | None:
        """The error that a call ended in, if it did."""
        try:
            self.answer = self.runner.run(call)
        except errors.BookingsError as error:
            return error
        return None


def _number(start: float) -> int:
    """The number of the slot that starts then."""
    return (int(start) - NINE) // HALF_AN_HOUR
