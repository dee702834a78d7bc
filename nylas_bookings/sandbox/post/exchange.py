"""One HTTP exchange with the receiver of a webhook: a notification sent, or a question asked."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Final

import aiohttp
from attrs import field, frozen

SECONDS: Final = 10.0
"""How long a receiver may take to answer."""

_RETRIED: Final[Mapping[str, frozenset[int]]] = {
    "six statuses": frozenset({408, 429, 502, 503, 504, 507}),
    "four statuses": frozenset({408, 429, 502, 503}),
}
"""The statuses after which a notification is sent again, where it is not after all failures."""

_PROBLEMS: Final = (aiohttp.ClientError, TimeoutError, OSError, ValueError)


@frozen(kw_only=True)
class Parcel:
    """What is sent where. The signature must not be shown, nor what an address may carry."""

    url: str = field(repr=False)
    headers: dict[str, str] = field(repr=False)
    body: bytes = field(repr=False)


@frozen(kw_only=True)
class Attempt:
    """What became of an attempt.

    Attributes:
        status: The status of the answer, if there was one.
        failure: Why there was none.
        elapsed: Seconds that it took.
        wait: Seconds until the next attempt, if the receiver asks for that.
    """

    status: int | None = None
    failure: str | None = None
    elapsed: float
    wait: float | None = None

    @property
    def is_delivered(self) -> bool:
        """Whether the receiver has it."""
        return self.status is not None and 200 <= self.status < 300

    def is_worth_another(self, retries: str) -> bool:
        """Whether a failed one is followed by another, as that switch has it."""
        return self.status is None or retries not in _RETRIED or self.status in _RETRIED[retries]


def new_session() -> aiohttp.ClientSession:
    """Connections for one exchange each: a kept one that drops would look like a failure."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0, force_close=True),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=SECONDS),
        headers={"User-Agent": "nylas-bookings-sandbox"},
    )


async def post(session: aiohttp.ClientSession, parcel: Parcel) -> Attempt:
    """Send a notification; what the receiver says besides the status is not read."""
    begun = time.perf_counter()
    try:
        async with session.post(
            parcel.url, data=parcel.body, headers=parcel.headers, allow_redirects=False
        ) as answer:
            status, wait = answer.status, _wait(answer)
    except _PROBLEMS as problem:
        return Attempt(failure=_reason(problem), elapsed=time.perf_counter() - begun)
    return Attempt(status=status, elapsed=time.perf_counter() - begun, wait=wait)


async def ask(url: str, challenge: str) -> str | None:
    """Whether a receiver answers a challenge; what is wrong, if it does not."""
    try:
        async with (
            new_session() as session,
            session.get(url, params={"challenge": challenge}, allow_redirects=False) as answer,
        ):
            if answer.status != 200:
                return f"status is not ok, got {answer.status}"
            told = await _body(answer, len(challenge) + 1)
    except _PROBLEMS as problem:
        return _reason(problem)
    return None if told == challenge.encode() else "the body is not the challenge"


async def _body(answer: aiohttp.ClientResponse, most: int) -> bytes:
    """As much of the body as is needed to see that it is too long."""
    body = b""
    while len(body) < most and (more := await answer.content.read(most - len(body))):
        body += more
    return body


def _wait(answer: aiohttp.ClientResponse) -> float | None:
    seconds = answer.headers.get("Retry-After", "")
    is_number = seconds.isascii() and seconds.isdigit()
    return float(seconds[:12]) if answer.status == 429 and is_number else None


def _reason(problem: BaseException) -> str:
    """In a few words, which do not repeat the address: it may carry a credential."""
    if isinstance(problem, TimeoutError):
        return f"no answer within {SECONDS:g} seconds"
    if isinstance(problem, aiohttp.ClientConnectorError):
        return "no connection"
    if isinstance(problem, aiohttp.ClientConnectionError):
        return "the connection was closed"
    if isinstance(problem, aiohttp.InvalidURL):
        return "the address is not a URL"
    return f"no proper answer ({type(problem).__name__})"
