"""The scopes of Google and Microsoft that each call needs of the host's grant.

From https://developer.nylas.com/docs/v3/scheduler/scopes/. What that page does not list
is here only where the call changes or reads a calendar, and is marked so.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Scopes(NamedTuple):
    """The least that a call needs: of Google and of Microsoft, and whether the vendor lists it."""

    google: str
    microsoft: str
    listed: bool = True

    def __str__(self) -> str:
        return f"{self.google} (Google) or {self.microsoft} (Microsoft)"


_READS: Final = Scopes("calendar.readonly", "Calendars.Read")
_WRITES: Final = Scopes("calendar.events", "Calendars.ReadWrite")

SCOPES: Final[dict[str, Scopes]] = {
    "bookings.create": _WRITES,
    "bookings.reschedule": _WRITES,
    "bookings.confirm": _WRITES._replace(listed=False),
    "bookings.decline": _WRITES._replace(listed=False),
    "bookings.cancel": _WRITES,
    "availability.get": _READS,
    "configurations.create": _READS,
    "configurations.update": _READS,
    "group_events.list": _READS._replace(listed=False),
    "group_events.create": _WRITES._replace(listed=False),
    "group_events.update": _WRITES._replace(listed=False),
    "group_events.delete": _WRITES._replace(listed=False),
    "group_events.import_events": _READS._replace(listed=False),
}
"""By the name of the operation; those that are not here need none."""


def hint(operation: str | None) -> str:
    """What to look at when a call was forbidden, if it needs a scope."""
    needed = SCOPES.get(operation or "")
    return f"It needs a grant with the scope {needed}." if needed else ""
