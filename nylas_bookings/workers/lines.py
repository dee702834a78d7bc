"""Rows as lines of the table, without anything that is a credential, and back again."""

from __future__ import annotations

import json
from typing import Any, Final

from attrs import evolve

from ..auth import Auth, PublicConfiguration, PublicPage, asks_for
from ..batch import stored
from ..batch.rows import Row, fingerprint, people_of, slot_of
from ..errors import InvalidRequest

PLANNED: Final = (
    "number",
    "chunk",
    "key",
    "auth",
    "guests",
    "start_time",
    "end_time",
    "booking_timezone",
    "fingerprint",
    "request",
)
"""The columns that a line has from the beginning, besides its batch."""

ROW: Final = "number, key, request, booking_timezone, auth"
"""What a row is made of again."""


def line_of(row: Row, chunk: int) -> tuple[Any, ...]:
    """The columns that a row has from the beginning."""
    wanted = row.request
    guests = ", ".join(sorted(people_of(wanted))).replace("\0", "")
    return (
        row.number,
        chunk,
        row.key,
        _written(row),
        guests,
        *slot_of(wanted),
        wanted.booking_timezone,
        fingerprint_of(row),
        row.body.decode(),
    )


def fingerprint_of(row: Row) -> str:
    """What tells a row from any other. Whom the workers ask for is not known yet."""
    auth = row.request.auth
    return fingerprint(row, "the workers'" if auth is None else asks_for(auth))


def _written(row: Row) -> str | None:
    """Whom a row is booked for, if it is not left to the workers."""
    auth = row.request.auth
    if auth is None:
        return None
    if isinstance(auth, PublicConfiguration):
        return json.dumps({"configuration_id": auth.configuration_id})
    if isinstance(auth, PublicPage):
        return json.dumps({"slug": auth.slug, "client_id": auth.client_id})
    raise InvalidRequest(
        f"{row.key!r} brings a {type(auth).__name__}: no credential is written into the database. "
        "Give it to the workers' clients, or name a PublicConfiguration or PublicPage"
    )


def row_of(columns: tuple[Any, ...]) -> Row:
    """The row of a line, selected as `ROW`."""
    number, key, body, zone, auth = columns
    request = evolve(stored.request_of(body, zone, key), auth=_auth(auth))
    return Row(number, number, key, request, body.encode())


def _auth(written: str | None) -> Auth | None:
    if written is None:
        return None
    ids: dict[str, str] = json.loads(written)
    return PublicPage(**ids) if "slug" in ids else PublicConfiguration(**ids)
