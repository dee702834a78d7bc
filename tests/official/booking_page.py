"""The vendor's booking component on a page, as a visitor sees and uses it."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

import nylas
import pytest
from attrs import define, field, frozen

from nylas_bookings.sandbox import Sandbox

from .site import Site

_ID = "[0-9a-f-]{36}"
KNOWN: Final = re.compile(
    rf"GET /v3/scheduling/(ui-settings|availability)"
    rf"|POST /v3/scheduling/bookings"
    rf"|(PATCH|PUT|DELETE) /v3/scheduling/bookings/{_ID}"
    rf"|POST /v3/scheduling/configurations/{_ID}/group-events/validate-timeslot"
)
"""All that the component asks of the API."""

_STARTED: Final = datetime.now(UTC)
_MONTH: Final = re.compile(r"^[A-Z][a-z]+ \d{4}$")
_TIMES: Final = 10
_A_WHILE: Final = 2000  # milliseconds
_PATIENCE = 20


@frozen
class Slot:
    """Half an hour, as the calendar of the component shows it."""

    start: datetime

    @property
    def times(self) -> dict[str, int]:
        """What the API calls it."""
        start = int(self.start.timestamp())
        return {"start_time": start, "end_time": start + 1800}

    @property
    def day(self) -> str:
        """The name of the day's button."""
        return f"{self.start:%A}, {self.start.day} {self.start:%B %Y}"

    @property
    def time(self) -> str:
        """The name of the button among those of the day."""
        return f"{self.start:%I:%M %p}"


def slot(hour: int, minute: int = 0) -> Slot:
    """A slot of a working day that is not before the day after tomorrow."""
    return _of_working_day(_STARTED + timedelta(days=2), hour, minute)


def slot_of_next_month(hour: int) -> Slot:
    """A slot that the calendar does not show before its page is turned."""
    return _of_working_day(_STARTED.replace(day=1) + timedelta(days=32), hour, 0)


def _of_working_day(day: datetime, hour: int, minute: int) -> Slot:
    to_monday = 8 - day.isoweekday() if day.isoweekday() > 5 else 0
    day += timedelta(days=to_monday)
    return Slot(day.replace(hour=hour, minute=minute, second=0, microsecond=0))


def booked(sandbox: Sandbox, configuration_id: str, chosen: Slot, **more: Any) -> dict[str, Any]:
    """Book a slot without a browser; says what the sandbox then has."""
    guest = {"name": "Jane", "email": "jane@example.com"}
    sdk = nylas.Client(sandbox.api_key, sandbox.url)
    asked = {**chosen.times, "guest": guest, **more}
    sdk.scheduler.bookings.create(asked, {"configuration_id": configuration_id})
    return sandbox.bookings()[-1]


@define(eq=False, slots=False)
class BookingPage:
    """A page with the component, and all that it asked for."""

    page: Any
    site: Site
    sandbox: Sandbox
    asked: list[str] = field(factory=list)

    def open(self, **attributes: str) -> None:
        """Load the page; the attributes are those of the component."""
        to_the_sandbox = {"scheduler_api_url": self.sandbox.url}
        self.page.on("request", self._note)
        self.page.goto(self.site.page("scheduling", **to_the_sandbox | attributes))

    def _note(self, request: Any) -> None:
        parts = urlsplit(request.url)
        if not request.url.startswith(self.site.url) and parts.scheme != "data":
            known = request.url.startswith(self.sandbox.url)
            self.asked.append(f"{request.method} {parts.path if known else request.url}")

    def strange(self) -> list[str]:
        """What it asked for that is not in the table of what it asks for."""
        return [line for line in self.asked if not KNOWN.fullmatch(line)]

    def button(self, name: str, *, exact: bool = True) -> Any:
        """A button by what is on it."""
        return self.page.get_by_role("button", name=name, exact=exact)

    def textbox(self, name: str) -> Any:
        """A place to write in, by what its label begins with; a complaint may follow that."""
        return self.page.get_by_role("textbox", name=re.compile(f"^{re.escape(name)}"))

    def shows(self, text: str) -> Any:
        """Wait until a text is there to be read."""
        found = self.page.get_by_text(text).first
        found.wait_for()
        return found

    def turn_to(self, chosen: Slot) -> None:
        """Turn the page of the calendar to the month of a slot, and choose the day."""
        self.page.get_by_role("heading", name=_MONTH).wait_for()
        month = f"{chosen.start:%B %Y}"
        if not self.page.get_by_role("heading", name=month, exact=True).count():
            self.button("Next month").click()
        self.button(chosen.day).click()

    def choose(self, chosen: Slot) -> None:
        """Choose a slot, and go on to the form."""
        self.turn_to(chosen)
        self.button(chosen.time).click()
        self.button("Next").click()

    def fill(self, name: str = "Jane", email: str = "jane@example.com") -> None:
        """Say who the guest is."""
        self.textbox("Name*").fill(name)
        self.textbox("Email*").fill(email)

    def book(self, chosen: Slot) -> None:
        """From the calendar to the card."""
        self.choose(chosen)
        self.fill()
        self.button("Book now").click()

    def cancel(self, reason: str) -> None:
        """Fill the form that asks for a reason, and send it."""
        self.textbox("Reason for cancellation").fill(reason)
        self.button("Cancel booking").click()
        self.shows("cancelled successfully")

    def press(self, name: str, happened: Callable[[], bool]) -> None:
        """Press a button of a card until something happens: for a moment they do nothing."""
        for _ in range(_TIMES):
            with suppress(self._too_long()):
                self.button(name).click(timeout=_A_WHILE)
            for _ in range(_TIMES):
                if happened():
                    return
                self.page.wait_for_timeout(_A_WHILE / _TIMES)
        pytest.fail(f"{name} does nothing")

    @staticmethod
    def _too_long() -> type[Exception]:
        from playwright.sync_api import TimeoutError as TooLong

        return TooLong

    def told(self, event: str) -> list[Any]:
        """What the component told the page with its own events of that name."""
        return [one["detail"] for one in self.page.evaluate("told") if one["name"] == event]
