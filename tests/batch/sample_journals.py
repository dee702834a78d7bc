"""Sample journals: one of each format that was ever written, with a row in every state.

`python -m tests.batch.sample_journals NAME` writes `journals/NAME.sqlite3` (a batch that was
stopped) and `journals/NAME-killed.sqlite3` (as a kill leaves it, with the files beside it) in the
current format. A sample is never written again: what is read is what that release has left.
"""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import orjson

from nylas_bookings import (
    AsyncClient,
    Guest,
    NewBooking,
    PublicConfiguration,
    Request,
    Response,
    Retry,
    errors,
)

FOLDER: Final = Path(__file__).parent / "journals"
FORMATS: Final = sorted(path.stem for path in FOLDER.glob("v?.sqlite3"))
COUNT: Final = 9
_BEFORE: Final = ["created", "created", "failed", "failed", "unknown", "created"]
STOPPED: Final = [*_BEFORE, "created", "planned", "planned"]
"""How the batch that was stopped has left its rows: the seventh was the last to be sent."""

KILLED: Final = [*_BEFORE, "sending", "sending", "sending"]
"""How the batch that was killed has left its rows, while the last three were on their way."""

_START: Final = datetime(2031, 3, 3, 9, tzinfo=UTC)


def rows() -> Iterator[NewBooking]:
    """The input of all samples."""
    for number in range(1, COUNT + 1):
        start = _START + number * timedelta(minutes=30)
        yield NewBooking(
            key=f"row-{number}",
            start_time=start,
            end_time=start + timedelta(minutes=30),
            guest=Guest(name=f"Gäst {number}", email=f"guest{number}@example.com"),
            booking_timezone="Europe/Berlin" if number == 2 else None,
        )


class Api:
    """Does to each row what the samples have of it; books, unless it is told otherwise."""

    def __init__(self, troubles: dict[int, Exception | Response] | None = None) -> None:
        self.troubles = troubles or {}
        self.asked: list[int] = []

    async def send(self, request: Request) -> Response:
        """Answer a create."""
        guest = orjson.loads(request.body or b"")["guest"]
        number = int(guest["email"].removeprefix("guest").partition("@")[0])
        self.asked.append(number)
        trouble = self.troubles.get(number)
        if isinstance(trouble, Exception):
            raise trouble
        return trouble or _booked(number)


def _booked(number: int) -> Response:
    booking = {
        "booking_id": f"booking-{number}",
        "event_id": f"event-{number}",
        "title": "Sample",
        "organizer": {"email": "organizer@example.com", "name": "Organizer"},
        "status": "booked",
        "description": "",
    }
    return Response(200, {}, orjson.dumps({"request_id": "r-1", "data": booking}))


def troubles() -> dict[int, Exception | Response]:
    """What happened to the rows of the samples that were not simply booked."""
    return {
        3: errors.NotSent("no connection"),
        4: Response(400, {}, b'{"error": {"type": "invalid_request_error", "message": "no"}}'),
        5: errors.NoAnswer("the connection was lost"),
    }


def client(api: Api) -> AsyncClient:
    """A client of the configuration of the samples."""
    return AsyncClient(
        PublicConfiguration("sample-configuration"), send=api.send, retry=Retry(attempts=1)
    )


async def make(name: str) -> None:
    """Write the samples of the current format."""
    with tempfile.TemporaryDirectory() as folder:
        journal = Path(folder) / "journal.sqlite3"
        api = Api(troubles())

        async def send(request: Request) -> Response:
            answer = await api.send(request)
            if api.asked[-1] == len(_BEFORE) + 1:
                for path in journal.parent.iterdir():
                    if not path.name.endswith("-shm"):
                        shutil.copy(path, FOLDER / path.name.replace("journal", f"{name}-killed"))
            return answer

        watched: Any = Api()
        watched.send = send
        await client(watched).bookings.create_many(
            rows(), journal=journal, concurrency=3, stop_on=lambda result: result.key == "row-7"
        )
        shutil.copy(journal, FOLDER / f"{name}.sqlite3")


if __name__ == "__main__":
    asyncio.run(make(sys.argv[1]))
