"""What visitors of the pages do, and what is done around them."""

from __future__ import annotations

import http.client
import re
from typing import Any
from urllib.parse import urlencode, urlsplit

import orjson
from attrs import frozen

from nylas_bookings.sandbox import Sandbox

from ..calls import BOOKINGS, wanted

WORKING_DAYS = [{"days": [1, 2, 3, 4, 5], "start": "9:00", "end": "17:00"}]


@frozen
class Visit:
    """A sandbox on a socket, as a test asks it while a browser is open."""

    sandbox: Sandbox

    def ask(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """Ask the API with the application's key; it has to say yes."""
        at = urlsplit(self.sandbox.url)
        connection = http.client.HTTPConnection(str(at.hostname), at.port, timeout=10)
        headers = {"Authorization": f"Bearer {self.sandbox.api_key}"}
        sent = None if body is None else orjson.dumps(body)
        try:
            connection.request(method, f"{path}?{urlencode(query)}", sent, headers)
            answer = connection.getresponse()
            told = orjson.loads(answer.read())
        finally:
            connection.close()
        assert answer.status == 200, told
        return told.get("data")

    def book(self, number: int = 0, configuration: str | None = None, **more: Any) -> Any:
        """Book a slot of Monday morning in somebody else's name."""
        asked = configuration or self.sandbox.public
        return self.ask("POST", BOOKINGS, wanted(number, **more), configuration_id=asked)

    def configured(self, **changes: Any) -> str:
        """Change the public configuration; says its address."""
        path = f"/v3/grants/{self.sandbox.grant_id}/scheduling/configurations"
        self.ask("PUT", f"{path}/{self.sandbox.public}", changes)
        return self.page()

    def page(self, configuration: str | None = None) -> str:
        """The address of a booking page."""
        return f"{self.sandbox.url}/book/{configuration or self.sandbox.public}"

    def link(self, word: str, recipient: str = "jane@example.com") -> str:
        """The link after a word in the last mail to somebody that has it."""
        bodies = [m["body"] for m in self.sandbox.outbox() if m["recipient"] == recipient]
        found = [match[1] for body in bodies if (match := re.search(rf"{word}: (\S+)", body))]
        return str(found[-1])

    def statuses(self) -> list[str]:
        """The states of the bookings."""
        return [booking["status"] for booking in self.sandbox.bookings()]


def choose(page: Any, time: str = "09:00", day: str = "Monday 23 November") -> None:
    """Choose a day and one of its times."""
    page.get_by_role("button", name=f"{day}, ").click()
    page.get_by_role("button", name=time).first.click()


def introduce(page: Any, name: str = "Jane", email: str = "jane@example.com") -> None:
    """Tell who comes."""
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Your e-mail").fill(email)


def submit(page: Any, button: str = "Book") -> None:
    """Press the button below the form."""
    page.get_by_role("button", name=button, exact=True).click()


def headline(page: Any, text: str) -> None:
    """Wait for a step of the page."""
    page.get_by_role("heading", name=text, level=2).wait_for()


def told(page: Any, term: str) -> str:
    """What a list of terms says of one of them."""
    row = page.locator("dl > div:visible", has=page.locator("dt", has_text=term))
    return str(row.locator("dd").inner_text())


def times(page: Any) -> list[str]:
    """The times that can be chosen."""
    return list(page.locator(".slot").all_inner_texts())
