"""The lines of the file: bookings, or what is wrong with them and where."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from functools import partial
from typing import Any, Final, TypeAlias

from attrs import define, field, frozen

from ...errors import InvalidRequest
from ...models import Guest, NewBooking, Participant
from .. import times
from ..documents import unknown

TEXTS: Final = (
    "key",
    "timezone",
    "email_language",
    "booking_timezone",
    "event_id",
    "master_id",
    "calendar_id",
)
NAMES: Final = {
    *TEXTS,
    "start_time",
    "end_time",
    "guest",
    "participants",
    "additional_guests",
    "additional_fields",
}
"""What a line can say, named as the API names it."""

_SOMEBODY: Final = Guest(name="A", email="a@b.c")


@frozen
class Place:
    """Where in a line something is.

    Attributes:
        column: The name of the column, or the path of the field in a JSON object.
        position: Which column of a CSV file it is, or which character of a line, from 1.
    """

    column: str | None = None
    position: int | None = None

    def __str__(self) -> str:
        if self.position is None:
            return self.column or ""
        name = f" ({self.column})" if self.column else ""
        return f"column {self.position}{name}"


Find: TypeAlias = Callable[[str], Place]
"""Where the part of a booking with that path is, such as `guest.email`."""


@frozen
class Problem:
    """Something that is wrong with a line of the file, counted from 1."""

    line: int
    message: str
    place: Place = Place()

    def __str__(self) -> str:
        where = ", ".join(filter(None, (f"line {self.line}", str(self.place))))
        return f"{where}: {self.message}"


@frozen
class Line:
    """A line that asks for a booking, or that should."""

    number: int
    booking: NewBooking | None = None
    problems: Sequence[Problem] = ()
    find: Find = Place
    key: str | None = None


@define
class _Look:
    """A look at the parts of a line, which finds all that is wrong and not just the first of it."""

    number: int
    find: Find
    problems: list[Problem] = field(factory=list)

    def at(self, path: str, make: Callable[[], Any]) -> Any:
        """What is made of a part, or nothing when it cannot be."""
        try:
            return make()
        except InvalidRequest as error:
            self.complain(path, error.message)
            return None

    def complain(self, path: str, message: str) -> None:
        """Something is wrong there."""
        place = self.find(path) if path else Place()
        self.problems.append(Problem(self.number, message, place))


def line(number: int, values: Mapping[str, Any], where: tzinfo | None, find: Find) -> Line:
    """What a line asks for.

    Args:
        number: Which line it is.
        values: What it says, as the API would be told it; times may also be texts.
        where: The zone of times that name none.
        find: Where its parts are.
    """
    look = _Look(number, find)
    for name in values.keys() - NAMES:
        look.complain(name, unknown(name, NAMES))
    parts = _parts(values, where, look)
    booking = _booking(parts, look)
    return Line(number, None if look.problems else booking, look.problems, find, parts["key"])


def _booking(parts: Mapping[str, Any], look: _Look) -> NewBooking | None:
    """What all parts together ask for; of a line with problems, whether its times fit at least."""
    if look.problems:
        parts = {name: parts[name] for name in ("start_time", "end_time")} | {"guest": _SOMEBODY}
        if None in parts.values():
            return None
    try:
        return NewBooking(**parts)
    except InvalidRequest as error:
        # The name of the part comes first in these messages.
        named = error.message.split()[0].split("[")[0]
        look.complain(named if named in NAMES else "", error.message)
        return None


def _parts(values: Mapping[str, Any], where: tzinfo | None, look: _Look) -> dict[str, Any]:
    guest = values.get("guest")
    parts: dict[str, Any] = {
        name: look.at(name, partial(_moment, values.get(name), where, name))
        for name in ("start_time", "end_time")
    }
    return {
        **parts,
        "guest": _guest(guest, "guest", look),
        "participants": look.at("participants", lambda: _hosts(values.get("participants"))),
        "additional_guests": list(_guests(values.get("additional_guests") or (), look)),
        "additional_fields": values.get("additional_fields"),
        **{name: values.get(name) for name in TEXTS},
        "key": look.at("key", lambda: _key(values.get("key"))),
    }


def _moment(value: object, where: tzinfo | None, name: str) -> datetime | int:
    value = _there(value, name)
    if isinstance(value, str):
        return times.moment(value, where, name)
    if type(value) is int:
        return times.moment(str(value), None, name)
    raise InvalidRequest(f"{name} must be a text or epoch seconds")


def _guest(value: object, path: str, look: _Look) -> Guest | None:
    """Somebody; a wrong name and a wrong address are two problems."""
    told = value if isinstance(value, Mapping) else {}
    name, email = told.get("name", ""), told.get("email", "")
    look.at(f"{path}.name", lambda: Guest(name=_there(name, "name"), email="a@b.c"))
    look.at(f"{path}.email", lambda: Guest(name="A", email=_there(email, "email")))
    for more in told.keys() - {"name", "email"}:
        look.complain(path, unknown(str(more), {"name", "email"}))
    return None if look.problems else Guest(name=name, email=email)


def _there(value: Any, name: str) -> Any:
    if value in (None, ""):
        raise InvalidRequest(f"{name} is missing")
    return value


def _guests(values: object, look: _Look) -> Iterator[Guest | None]:
    if not isinstance(values, list | tuple):
        look.complain("additional_guests", "additional_guests must be a list")
        return
    for number, value in enumerate(values):
        yield _guest(value, f"additional_guests[{number}]", look)


def _hosts(values: object) -> list[Participant] | None:
    if values is None:
        return None
    if not isinstance(values, list | tuple):
        raise InvalidRequest("participants must be a list")
    told: list[Any] = [v.get("email") if isinstance(v, Mapping) else v for v in values]
    return [Participant(email=email) for email in told]


def _key(value: object) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or not value or value.startswith("#"):
        raise InvalidRequest("key must be a text that is not empty and does not begin with #")
    return value
