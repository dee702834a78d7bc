"""The steps of the demo."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from ..._client.client import AsyncClient
from ..._pace import Pace
from ...auth import ApiKey, PublicConfiguration
from ...batch import CalendarSettler, Created
from ...errors import BookingsError
from ...models import Guest, NewBooking, TimeSlot
from ...references import found_in
from ...sandbox import Fault
from .. import printing, telling, week
from ..running import described
from .story import Story

if TYPE_CHECKING:
    from ...sandbox import Sandbox

JANE: Final = Guest(name="Jane Doe", email="jane@example.com")
_MANY: Final = 24


class Demo:
    """The life of some bookings."""

    def __init__(self, sandbox: Sandbox, story: Story, width: int) -> None:
        self._sandbox = sandbox
        self._story = story
        self._width = width
        key = sandbox.api_key
        self._visitor = AsyncClient(PublicConfiguration(sandbox.public), api_url=sandbox.url)
        self._owner = AsyncClient(ApiKey(key, sandbox.confirming), api_url=sandbox.url)
        self._slots: list[TimeSlot] = []

    async def run(self) -> None:
        """All of it."""
        async with self._visitor, self._owner:
            await self._see()
            booking_id = await self._book()
            booking_id = await self._move(booking_id)
            await self._cancel(booking_id)
            await self._decide()
            await self._lose()
            await self._many()

    async def _see(self) -> None:
        """What can be booked."""
        self._story.step(
            "What can be booked?",
            "offer = await nylas.availability.get(start_time=today, end_time=next_week)",
        )
        today = self._sandbox.clock.moment().replace(microsecond=0)
        offer = await self._visitor.availability.get(
            start_time=today, end_time=today + timedelta(days=14)
        )
        # A whole day of the demo's own, so that it looks the same at any hour.
        days = sorted({slot.start_time.date() for slot in offer.time_slots})
        self._slots = [slot for slot in offer.time_slots if slot.start_time.date() in days[1:]]
        first = [slot for slot in self._slots if slot.start_time.hour < 12]
        zone = self._slots[0].start_time.tzinfo
        self._story.show(week.calendar(first, days[1], 7, zone, self._width - 8))
        self._story.tell("", slots=len(self._slots))

    async def _book(self) -> str:
        self._story.step(
            "Jane books the first slot",
            "booking = await nylas.bookings.create(\n"
            "    start_time=slot.start_time, end_time=slot.end_time,\n"
            '    guest=Guest(name="Jane Doe", email="jane@example.com"),\n'
            ")",
        )
        slot = self._slots.pop(0)
        booking = await self._visitor.bookings.create(
            start_time=slot.start_time, end_time=slot.end_time, guest=JANE
        )
        when = telling.stretch(slot, "UTC")
        self._story.tell(
            f"{booking.status}: {booking.title}, {when}",
            "green",
            booking_id=booking.booking_id,
            status=booking.status,
        )
        self._mails()
        return booking.booking_id

    async def _move(self, booking_id: str) -> str:
        self._story.step(
            "She moves it to the next day",
            "receipt = await nylas.bookings.reschedule(\n"
            "    booking.booking_id, start_time=..., end_time=...\n"
            ")",
        )
        day = self._slots[0].start_time.date()
        slot = next(one for one in self._slots if one.start_time.date() > day)
        self._slots.remove(slot)
        receipt = await self._visitor.bookings.reschedule(
            booking_id, start_time=slot.start_time, end_time=slot.end_time
        )
        self._story.tell(
            f"moved to {telling.stretch(slot, 'UTC')}", "green", booking_id=receipt.booking_id
        )
        return receipt.booking_id

    async def _cancel(self, booking_id: str) -> None:
        self._story.step(
            "She cancels",
            'await nylas.bookings.cancel(receipt.booking_id, reason="Plans changed")',
        )
        await self._visitor.bookings.cancel(booking_id, reason="Plans changed")
        self._story.tell("cancelled", "green", booking_id=booking_id)
        try:
            await self._visitor.bookings.cancel(booking_id)
        except BookingsError as error:
            self._story.tell(f"Once more: {error}", "yellow", error=described(error))

    async def _decide(self) -> None:
        self._story.step(
            "A booking that the organizer has to confirm",
            "ref = references.decode(link_in_the_mail)\n"
            "await nylas.bookings.confirm(ref.booking_id, salt=ref.salt)",
        )
        slot = self._slots.pop(0)
        pending = await self._owner.bookings.create(
            start_time=slot.start_time, end_time=slot.end_time, guest=JANE
        )
        mail = next(m for m in self._sandbox.outbox() if m["booking_id"] == pending.booking_id)
        reference = found_in(mail["body"])[0]
        confirmed = await self._owner.bookings.confirm(
            reference.booking_id, salt=str(reference.salt)
        )
        self._story.tell(
            f"{pending.status}, and then {confirmed.status}",
            "green",
            before=pending.status,
            after=confirmed.status,
        )

    async def _lose(self) -> None:
        self._story.step(
            "The answer gets lost: was it booked or not?",
            "try:\n"
            "    await nylas.bookings.create(...)\n"
            "except errors.NoAnswer as error:\n"
            "    result = await nylas.bookings.settle(error, CalendarSettler(...))",
        )
        slot = self._slots.pop(0)
        self._sandbox.faults.add("create", Fault.drop_after())
        try:
            await self._visitor.bookings.create(
                start_time=slot.start_time, end_time=slot.end_time, guest=JANE
            )
        except BookingsError as error:
            self._story.tell(str(error), "yellow", error=described(error))
            result = await self._visitor.bookings.settle(error, self._settler())
            if isinstance(result, Created) and result.evidence:
                self._story.tell(
                    f"It was: {result.evidence.says}.",
                    "green",
                    booking_id=result.booking.booking_id,
                    evidence=result.evidence.says,
                )

    async def _many(self) -> None:
        self._story.step(
            f"{_MANY} bookings at once, with an API that drops and refuses some calls",
            "report = await nylas.bookings.create_many(requests, settle=settler)",
        )
        self._sandbox.faults.add("create", Fault.drop_after(), times=3)
        self._sandbox.faults.add("create", Fault.status(429, retry_after=0), times=4)
        report = await self._visitor.bookings.create_many(
            [
                NewBooking(
                    start_time=slot.start_time,
                    end_time=slot.end_time,
                    guest=Guest(name=f"Guest {n}", email=f"guest{n}@example.com"),
                )
                for n, slot in enumerate(self._slots[:_MANY])
            ],
            pace=Pace(per_second=60),
            settle=self._settler(),
        )
        found = sum(isinstance(one, Created) and one.evidence is not None for one in report)
        self._story.tell(
            f"{report.created} created, {found} of them found in the calendar after their answer "
            f"was lost; {report.failed} failed, {report.unknown} unknown, nobody twice",
            "green",
            created=report.created,
            found=found,
            failed=report.failed,
            unknown=report.unknown,
        )

    def _settler(self) -> CalendarSettler:
        # The sandbox either books at once or never: there is nothing to wait for.
        sandbox = self._sandbox
        return CalendarSettler(sandbox.api_key, sandbox.grant_id, limit=0.5, pause=0.1)

    def _mails(self) -> None:
        mails = [(mail["recipient"], mail["subject"]) for mail in self._sandbox.outbox()]
        rows = printing.table(("mail to", "subject"), mails, self._width - 4)
        self._story.show(rows)
