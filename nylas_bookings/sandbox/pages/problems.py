"""What a visitor is told when a page cannot be shown: a status, a headline, a sentence or two."""

from __future__ import annotations

from typing import Any


class Problem(Exception):
    """A page that cannot be shown.

    Attributes:
        offer: What a button below it shall offer: to open a `session`, or to book `again`.
        page: For which page.
    """

    def __init__(
        self, status: int, title: str, text: str, offer: str | None = None, page: str = ""
    ) -> None:
        super().__init__(title)
        self.status = status
        self.title = title
        self.text = text
        self.offer = offer
        self.page = page


def unknown_page() -> Problem:
    """404: nothing has that address."""
    return Problem(
        404,
        "There is no such page",
        "A booking page has the id or the slug of a configuration in its address. "
        "Perhaps the link was cut short, or the configuration has been deleted.",
    )


def wrong_method() -> Problem:
    """405: pages are there to be read."""
    return Problem(405, "That cannot be done here", "Pages can be read, and nothing else.")


def session_needed(name: str) -> Problem:
    """401: a private configuration."""
    return Problem(
        401,
        "This page is private",
        "It can be booked with a session only, which the application that you came from opens "
        "for you. As this is a sandbox, you may open one yourself.",
        "session",
        name,
    )


def session_over(name: str) -> Problem:
    """401: a session that has ended, or was never there."""
    return Problem(
        401,
        "Your session has ended",
        "Sessions are short. As this is a sandbox, you may open a new one yourself.",
        "session",
        name,
    )


def broken_link() -> Problem:
    """400: no booking reference."""
    return Problem(
        400,
        "This link is not complete",
        "It should carry a booking reference. Please open the link in your e-mail again, "
        "or copy all of it into the address bar.",
    )


def unknown_booking() -> Problem:
    """404: a reference to a booking that is not here."""
    return Problem(
        404,
        "We do not know this booking",
        "Perhaps it has been moved since: then the link in the latest e-mail is the one to use.",
    )


def already_cancelled(told: dict[str, Any]) -> Problem:
    """410: there is nothing left to change."""
    return Problem(
        410,
        "This booking has been cancelled",
        f"There is nothing left to change about {told['title']}. You can book another time.",
        "again",
        told["configuration_id"],
    )


def already_over(told: dict[str, Any]) -> Problem:
    """410: the past cannot be changed."""
    return Problem(
        410,
        "This meeting is over",
        f"{told['title']} has taken place already, so it cannot be changed any more.",
    )


def already_decided(told: dict[str, Any], status: str) -> Problem:
    """409: the organizer has said yes or no before."""
    decided = "confirmed" if status == "booked" else "declined or cancelled"
    return Problem(
        409,
        f"This booking is already {decided}",
        f"Nobody has to decide about {told['title']} any more.",
    )


def too_late_to_cancel(told: dict[str, Any]) -> Problem:
    """403: within the notice that the host wants."""
    return Problem(
        403,
        "It is too late to cancel online",
        f"{told['title']} begins too soon. Please write to {_organizer(told)}. "
        f"{told['cancellation_policy']}",
    )


def not_online(told: dict[str, Any], what: str) -> Problem:
    """403: the host does not offer it."""
    return Problem(
        403,
        f"This booking cannot be {what} online",
        f"Please write to {_organizer(told)}.",
    )


def not_the_organizer() -> Problem:
    """403: no salt, or a wrong one."""
    return Problem(
        403,
        "This link cannot confirm a booking",
        "Only the link in the organizer's own e-mail can. Please open it from there, whole.",
    )


def _organizer(told: dict[str, Any]) -> str:
    organizer = told["booking"]["organizer"]
    return f"{organizer['name']} at {organizer['email']}"
