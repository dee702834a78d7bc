"""An answer that is not a success, as the error that it means."""

from __future__ import annotations

import calendar
import email.utils
import re
import textwrap
import time
from typing import Any

import orjson

from .. import errors
from .messages import Response, decode_header

_SLOT_GONE = re.compile(
    r"time ?slot.*(unavailable|not available)|no longer available|not available for booking",
    re.IGNORECASE | re.DOTALL,
)
_TAGS = re.compile(r"<(script|style)\b.*?(</\1>|$)|<[^>]*(>|$)", re.DOTALL | re.IGNORECASE)
_VAGUE = (200, 400, 409, 422)
"""The statuses under which a slot may be gone that the message alone tells of."""
_SNIPPET = 200
_SECONDS = re.compile(r"[0-9]{1,15}(\.[0-9]{1,15})?")
_LIKE_A_DATE = re.compile(r"[A-Z][a-z]{2,8},? [ -~]{10,40}\Z")


def refusal(response: Response) -> errors.BookingsError:
    """The error for an answer whose status is not 2xx. Every body is untrusted."""
    if response.status < 400:
        return _moved(response)
    return api_error(response, _json_or_none(response.body))


def api_error(response: Response, answer: Any) -> errors.APIError:
    """The API's no, read from whatever of the documented shape is there."""
    told = _told(answer)
    kind = _text(told.get("type"))
    kind = kind.removeprefix("api.") if kind else None
    message = _text(told.get("message"))
    cls = _class(response.status, kind, message)
    error = cls(
        message or _describe(response),
        status=response.status,
        type=kind,
        provider_error=told.get("provider_error"),
        headers={k.lower(): decode_header(v) for k, v in response.headers.items()},
        retry_after=retry_after(response),
        request_id=request_id(response, answer),
    )
    if cls is errors.APIError and (response.status < 400 or response.status == 408):
        error.outcome = errors.Outcome.UNKNOWN
    return error


def request_id(response: Response, answer: Any) -> str | None:
    """What the API calls this exchange: in the body, else in the headers."""
    told = answer.get("request_id") if isinstance(answer, dict) else None
    return _text(told) or response.header("X-Request-Id")


def retry_after(response: Response) -> float | None:
    """How long the API asks to wait: `Retry-After` in seconds, or as a date."""
    asked = (response.header("Retry-After") or "").strip()
    if _SECONDS.fullmatch(asked):
        return float(asked)
    return _until(asked, response.header("Date")) if _LIKE_A_DATE.match(asked) else None


def _until(moment: str, now: str | None) -> float | None:
    """Seconds to a date, by the clock of whoever sent it where that is told."""
    then, start = _http_date(moment), _http_date(now or "")
    if then is None:
        return None
    return max(then - (time.time() if start is None else start), 0.0)


def _http_date(text: str) -> float | None:
    """Epoch seconds of a date in a header; one that names no zone is GMT, as all shall be."""
    try:
        return calendar.timegm(email.utils.parsedate_to_datetime(text).utctimetuple())
    except (ValueError, OverflowError):
        return None


def _told(answer: Any) -> dict[str, Any]:
    """The part of an answer that tells the error: `{error: {…}}`, `{error: "…"}`, or flat."""
    if not isinstance(answer, dict):
        return {"message": answer} if isinstance(answer, str) else {}
    error = answer.get("error")
    if isinstance(error, dict):
        return error
    if isinstance(error, str):
        return {"message": answer.get("error_description") or error, **answer}
    return answer


def _class(status: int, kind: str | None, message: str | None) -> type[errors.APIError]:
    if status >= 500:
        return errors.class_for(status)
    if kind == "timeslot_not_available" or (status in _VAGUE and _says_gone(message or "")):
        return errors.SlotUnavailable
    return errors.Unauthorized if kind == "invalid_session" else errors.class_for(status)


def _says_gone(message: str) -> bool:
    return _SLOT_GONE.search(message[:_SNIPPET]) is not None


def _moved(response: Response) -> errors.BookingsError:
    """Redirects are never followed: a credential must not reach another host."""
    return errors.UnexpectedAnswer(
        f"status {response.status}, which this package does not follow",
        status=response.status,
        body=response.body,
        request_id=response.header("X-Request-Id"),
    )


def _describe(response: Response) -> str:
    """A word on a body that does not tell its error in the documented way."""
    if not response.body.strip():
        return "an empty answer"
    kind = (response.header("Content-Type") or "no content type").partition(";")[0]
    size = f"{len(response.body)} bytes{', cut off' if response.cut else ''}"
    words = _first_words(response)
    return f"“{words}” ({kind}, {size})" if words else f"an answer of {kind}, {size}"


def _first_words(response: Response) -> str:
    """How a page begins, in whole words: half a credential could not be found and blotted out."""
    start = response.body[: _SNIPPET * 4]
    text = _TAGS.sub(" ", start.decode("utf-8", "replace"))
    words = "".join(c if c.isprintable() else " " for c in text).split(" ")
    if response.cut or len(start) < len(response.body):
        words.pop()
    return textwrap.shorten(
        " ".join(words),
        _SNIPPET,
        placeholder=" …",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _json_or_none(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except ValueError:
        return None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
