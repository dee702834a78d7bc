"""An answer of the API as the result that it means, or as the error."""

from __future__ import annotations

from typing import Any, Final

from ..errors import Outcome, UnexpectedAnswer
from .converter import from_json, problems
from .messages import Response
from .refusals import api_error, refusal, request_id
from .results import reader

FEW_BYTES: Final = 16 * 1024
"""Responses up to this size are decoded in a moment, whatever is in them."""

FEW_OBJECTS: Final = 1000
_FEW_VALUES: Final = 20_000
"""And larger ones if there is no more in them; an object takes about 4 µs, a value 0.2."""

_SOME_BYTES: Final = 64 * 1024
_SMALLEST: Final = 24
"""How many bytes the objects of a larger answer have on average at least; the least slot has 47.

An answer of nothing but `{}` would take a hundred times as long as an honest one of its size.
"""


def is_much(response: Response) -> bool:
    """Tell whether decoding a response takes so long that other things should go on."""
    body = response.body
    return body.count(b"{") > FEW_OBJECTS or body.count(b",") > _FEW_VALUES


def decode(response: Response, result: str, subject: str | None = None) -> Any:
    """The result of a call; raises a `BookingsError` when the answer does not hold it.

    Args:
        response: What came.
        result: The name of the result, as the operations table has it.
        subject: The id that the call was about.
    """
    if not 200 <= response.status < 300:
        raise refusal(response)
    if response.cut is not None:
        raise _unexpected(response, f"the answer {response.cut}", incomplete=True)
    size = len(response.body)
    if size > _SOME_BYTES and response.body.count(b"{") * _SMALLEST > size:
        raise _unexpected(response, "an answer of very many tiny objects")
    envelope = _envelope(response)
    # A small answer is read once more if it does not fit: nearly all do, and reading with an
    # explanation takes longer. In a large one that is the time of a few items.
    explains = size > FEW_BYTES
    try:
        return reader(result, explains=explains)(envelope, subject)
    except Exception as error:  # noqa: BLE001 - cattrs raises many kinds for a wrong value
        misfit = problems(error, "data") if explains else None
    raise _unexpected(response, misfit or _misfit(envelope, result, subject), envelope)


def _misfit(envelope: dict[str, Any], result: str, subject: str | None) -> str:
    """What does not fit, and where: read once more, by the reader that explains."""
    try:
        reader(result, explains=True)(envelope, subject)
    except Exception as error:  # noqa: BLE001 - as above
        return problems(error, "data")
    return "an answer that cannot be read"


def _envelope(response: Response) -> dict[str, Any]:
    """The JSON object of a success; an empty body counts as an empty object."""
    if not response.body or response.body.isspace():
        return {"request_id": request_id(response, None)}
    try:
        answer = from_json(response.body)
    except ValueError:
        kind = response.header("Content-Type") or "no content type"
        raise _unexpected(response, f"an answer that is not JSON ({kind})") from None
    if type(answer) is not dict:
        raise _unexpected(response, f"a JSON {type(answer).__name__} instead of an object")
    if answer.get("error") and answer.get("data") is None:
        # The vendor's browser component goes by this key alone, whatever the status.
        raise api_error(response, answer)
    if type(answer.get("request_id")) is not str:
        answer["request_id"] = request_id(response, answer)
    return answer


def _unexpected(
    response: Response, what: str, answer: Any = None, *, incomplete: bool = False
) -> UnexpectedAnswer:
    return UnexpectedAnswer(
        what,
        status=response.status,
        body=response.body,
        incomplete=incomplete,
        outcome=Outcome.DONE,
        request_id=request_id(response, answer),
    )
