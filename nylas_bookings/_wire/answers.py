"""An answer of the API as the result that it means, or as the error."""

from __future__ import annotations

from typing import Any

from ..errors import Outcome, UnexpectedAnswer
from .converter import from_json, problems
from .messages import Response
from .refusals import api_error, refusal, request_id
from .results import reader


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
    envelope = _envelope(response)
    try:
        return reader(result)(envelope, subject)
    except Exception:  # noqa: BLE001 - cattrs raises many kinds for a wrong value
        misfit = _misfit(envelope, result, subject)
    raise _unexpected(response, misfit, envelope)


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
