"""What must not leak, calls that carry it, and servers that say it all back."""

from __future__ import annotations

import pickle
import traceback
from collections.abc import Callable, Iterator
from typing import Any

from attrs import frozen

from nylas_bookings import ApiKey, Guest, MintedSession, PublicConfiguration, SessionToken
from nylas_bookings.auth import Auth

from .samples import FROM, SUBSCRIPTION, UNTIL
from .wire_server import BOOKING, Answer, Received, data

KEY = "nyk_v0_planted-key-5f2b9c"
TOKEN = "planted-session-77aa01"
MINTED = "planted-minted-93bd10"
HOOK = "planted-hook-secret-4c11"
SALT = "cGxhbnRlZC1zYWx0"
CREDENTIALS = (KEY, TOKEN, MINTED, HOOK, SALT)

JANE = Guest(name="Jane Planted-Doe", email="jane.planted@example.com")
REASON = "a planted illness"
PERSONAL = (JANE.name, JANE.email, REASON)


@frozen
class Call:
    """A call that carries something.

    Attributes:
        auth: Who is asking.
        make: The call, on either client.
    """

    auth: Auth
    make: Callable[[Any], Any]


def book(nylas: Any) -> Any:
    """Book for Jane."""
    return nylas.bookings.create(start_time=FROM, end_time=UNTIL, guest=JANE)


CALLS = {
    "public": Call(PublicConfiguration("cfg-1"), book),
    "session": Call(SessionToken(TOKEN), book),
    "key": Call(ApiKey(KEY, "cfg-1"), book),
    "minted": Call(MintedSession(KEY, "cfg-1"), book),
    "cancel": Call(SessionToken(TOKEN), lambda nylas: nylas.bookings.cancel("b", reason=REASON)),
    "read": Call(SessionToken(TOKEN), lambda nylas: nylas.bookings.get("b")),
    "confirm": Call(SessionToken(TOKEN), lambda nylas: nylas.bookings.confirm("b", salt=SALT)),
    "decline": Call(
        SessionToken(TOKEN), lambda n: n.bookings.decline("b", salt=SALT, reason=REASON)
    ),
    "open": Call(ApiKey(KEY), lambda nylas: nylas.sessions.create(configuration_id="c")),
    "destroy": Call(ApiKey(KEY), lambda nylas: nylas.sessions.destroy(TOKEN)),
    "subscribe": Call(
        ApiKey(KEY),
        lambda nylas: nylas.webhooks.create(trigger_types=["x"], webhook_url="https://x.example"),
    ),
    "rotate": Call(ApiKey(KEY), lambda nylas: nylas.webhooks.rotate_secret("w")),
}


def success(received: Received) -> Answer:
    """What the API says when all is well, with the credentials that it gives out."""
    if "/sessions" in received.target:
        return data({"session_id": MINTED})
    if "/webhooks" in received.target:
        return data({**SUBSCRIPTION, "webhook_secret": HOOK})
    return data({**BOOKING, "booking_ref": SALT})


def bearer(received: Received) -> str:
    """The credential of a request."""
    return received.header("Authorization") or "nobody"


def heard(received: Received) -> str:
    """All that a request said, in one text."""
    return f"{bearer(received)} {received.target} {received.body.decode()}"


def refused(status: int, **error: Any) -> Answer:
    """A failure whose body says what is given, and whose headers say nothing."""
    return Answer(status=status, body={"request_id": "req-1", "error": error})


ECHOES: dict[str, Callable[[Received], Answer]] = {
    "message": lambda r: refused(400, type="invalid_request", message=heard(r)),
    "type": lambda r: refused(400, type=heard(r), message="no"),
    "provider_error": lambda r: refused(
        404, message="no", provider_error={"said": [{heard(r): heard(r)}]}
    ),
    "string": lambda r: Answer(status=401, body={"error": heard(r)}),
    "flat": lambda r: Answer(status=403, body={"message": heard(r), "request_id": bearer(r)}),
    "headers": lambda r: Answer(
        status=429,
        body={"error": {"message": "no"}},
        headers={"X-Echo": heard(r), "X-Request-Id": bearer(r), "Retry-After": "0"},
    ),
    "html": lambda r: Answer(
        status=502,
        body=f"<html><p>{heard(r)}</p></html>".encode(),
        headers={"Content-Type": "text/html"},
    ),
    "long html": lambda r: Answer(status=500, body=f"{'x ' * 80}{heard(r)}".encode()),
    "cut html": lambda r: Answer(status=503, body=heard(r).encode(), cut=len("Bearer ") + 12),
    "redirect": lambda r: Answer(
        status=307, body=heard(r).encode(), headers={"Location": "https://elsewhere.example/"}
    ),
    "not json": lambda r: Answer(
        body=heard(r).encode(), headers={"Content-Type": f"text/{heard(r)}"}
    ),
    "not an object": lambda r: Answer(body=[heard(r)]),
    "error in a success": lambda r: Answer(body={"error": {"message": heard(r)}}),
}


def unreadable(received: Received) -> Answer:
    """A success that lacks what is needed, and holds a credential."""
    if "/bookings" in received.target:
        return data({**BOOKING, "title": []})
    return data({"session_id": [MINTED], "id": None, "webhook_secret": HOOK})


def half(received: Received) -> Answer:
    """The first half of a success."""
    return Answer(body=success(received).raw_body(), cut=len(success(received).raw_body()) - 4)


def of_error(error: BaseException) -> Iterator[str]:
    """Everything that is ever made of an error, but its traceback."""
    yield repr(error)
    yield str(error)
    yield repr(error.args)
    yield repr(error.__dict__)
    yield pickle.dumps(error).decode("latin-1")


def of_traceback(error: BaseException | None) -> Iterator[str]:
    """The traceback with the variables of every frame, as error trackers make it."""
    if error is not None:
        yield "".join(traceback.format_exception(error))
        hidden = None if error.__suppress_context__ else error.__context__
        yield from of_traceback(error.__cause__ or hidden)
        for frame, _ in traceback.walk_tb(error.__traceback__):
            yield from (f"{name} = {shown(value)}" for name, value in frame.f_locals.items())


def shown(value: object) -> str:
    """The repr of a variable, which may be half made."""
    try:
        return repr(value)
    except AttributeError:
        return "?"
