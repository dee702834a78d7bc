"""What the tests do in the inspector."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from attrs import evolve, frozen

from nylas_bookings.sandbox import Sandbox

from ..calls import NINE
from .asking import Wire

SECTIONS = (
    "overview",
    "calendars",
    "bookings",
    "mails",
    "webhooks",
    "requests",
    "faults",
    "behaviour",
)
NOBODY = "http://127.0.0.1:9/hook"
NASTY = "<script>window.hacked=1</script><img src=x onerror=window.hacked=1>"


@frozen
class Inspector:
    """The inspector, in a browser."""

    page: Any
    wire: Wire

    def open(self, section: str = "overview") -> Any:
        """Go to a section, and wait until it shows what it has to show."""
        self.page.goto(f"{self.wire.sandbox.url}/_sandbox/#{section}")
        self.page.get_by_text("Live", exact=True).wait_for()
        return self.section(section)

    def section(self, name: str) -> Any:
        """What is shown, once it is."""
        found = self.page.locator(f"main > #{name}")
        found.wait_for()
        return found

    def press(self, name: str) -> None:
        """Press a button."""
        self.page.get_by_role("button", name=name, exact=True).click()


def subscribe(wire: Wire, url: str = NOBODY) -> None:
    """Have notifications sent, if only to where nobody takes them."""
    wire.sandbox.behaviour = evolve(wire.sandbox.behaviour, challenge=False)
    hook = {"trigger_types": ["booking.created"], "webhook_url": url}
    headers = {"Authorization": f"Bearer {wire.sandbox.api_key}"}
    assert wire("POST", "/v3/webhooks", hook, headers).status == 200


def settled(sandbox: Sandbox) -> None:
    """Wait for what is to be sent, elsewhere than in the loop that playwright leaves running."""
    with ThreadPoolExecutor() as pool:
        pool.submit(sandbox.settle).result()


def fill_with_nasty_texts(wire: Wire) -> None:
    """Texts with markup in everything that shows texts."""
    sandbox = wire.sandbox
    subscribe(wire)
    wire.book(guest={"name": NASTY, "email": "jane@example.com"})
    grant_id = sandbox.add_host("eve@example.com", name=NASTY)
    sandbox.add_calendar(grant_id, NASTY)
    sandbox.add_event(sandbox.grant_id, *_noon(), title=NASTY)
    path = f"/v3/grants/{sandbox.grant_id}/scheduling/configurations/{sandbox.public}"
    headers = {"Authorization": f"Bearer {sandbox.api_key}"}
    event = {"title": NASTY, "description": f"{NASTY}<a href='javascript:hacked=1'>x</a>"}
    assert wire("PUT", path, {"name": NASTY, "event_booking": event}, headers).status == 200
    wire.book(1)
    wire("GET", "/v3/%3Cscript%3Ewindow.hacked=1%3C/script%3E")


def _noon() -> tuple[int, int]:
    return NINE + 3 * 3600, NINE + 4 * 3600
