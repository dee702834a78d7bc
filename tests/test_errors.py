"""The error tree: what each error is, says, and keeps when it is pickled or copied."""

from __future__ import annotations

import copy
import inspect
import pickle
import traceback
from typing import Any

import pytest

from nylas_bookings import errors
from nylas_bookings.errors import Outcome

TREE = {
    "BookingsError": ("Exception", Outcome.NOT_SENT),
    "InvalidRequest": ("BookingsError", Outcome.NOT_SENT),
    "NotSent": ("BookingsError", Outcome.NOT_SENT),
    "NoAnswer": ("BookingsError", Outcome.UNKNOWN),
    "UnexpectedAnswer": ("BookingsError", Outcome.UNKNOWN),
    "APIError": ("BookingsError", Outcome.REFUSED),
    "BadRequest": ("APIError", Outcome.REFUSED),
    "SlotUnavailable": ("BadRequest", Outcome.REFUSED),
    "Unauthorized": ("APIError", Outcome.REFUSED),
    "Forbidden": ("APIError", Outcome.REFUSED),
    "NotFound": ("APIError", Outcome.REFUSED),
    "Conflict": ("APIError", Outcome.REFUSED),
    "Unprocessable": ("APIError", Outcome.REFUSED),
    "RateLimited": ("APIError", Outcome.REFUSED),
    "ServerError": ("APIError", Outcome.UNKNOWN),
    "ProviderFailure": ("ServerError", Outcome.UNKNOWN),
    "WebhookRejected": ("BookingsError", Outcome.REFUSED),
    "BatchError": ("BookingsError", Outcome.NOT_SENT),
}


class OwnError(errors.RateLimited):
    """What a user may derive, with an attribute of its own."""

    def __init__(self, message: str, *, tenant: str, **facts: Any) -> None:
        super().__init__(message, **facts)
        self.tenant = tenant


def found() -> dict[str, type[errors.BookingsError]]:
    """Every error class of the package."""
    classes = vars(errors).values()
    return {
        c.__name__: c for c in classes if inspect.isclass(c) and issubclass(c, errors.BookingsError)
    }


def made(cls: type[errors.BookingsError], message: str = "something failed") -> Any:
    """One of that class, with everything that can be told of it."""
    facts: dict[str, Any] = {"request_id": "req-1", "retry_after": 2.5, "outcome": Outcome.DONE}
    if issubclass(cls, errors.APIError):
        facts |= {"type": "some_error", "provider_error": {"code": 5}, "headers": {"a": "b"}}
    if issubclass(cls, errors.APIError | errors.UnexpectedAnswer):
        facts["status"] = 418
    if cls is errors.UnexpectedAnswer:
        facts |= {"body": b"<html>", "incomplete": True}
    if cls is OwnError:
        facts["tenant"] = "acme"
    error = cls(message, **facts)
    error.operation, error.attempts, error.reads = "bookings.get", 3, True
    error.add_note("seen on Monday")
    return error


EVERY = [*found().values(), OwnError]


def test_the_tree_is_the_documented_one() -> None:
    """Every class has the parent and the outcome that the design gives it."""
    assert {n: (c.__bases__[0].__name__, c.outcome) for n, c in found().items()} == TREE


def test_the_module_draws_its_tree() -> None:
    """The drawing at the top of the module names every class."""
    assert found().keys() <= set((errors.__doc__ or "").split())


def test_a_refused_argument_is_a_value_error() -> None:
    """Code that catches `ValueError` catches a refused argument too."""
    assert issubclass(errors.InvalidRequest, ValueError)


@pytest.mark.parametrize(
    ("status", "name"),
    [
        (400, "BadRequest"),
        (401, "Unauthorized"),
        (402, "APIError"),
        (403, "Forbidden"),
        (404, "NotFound"),
        (409, "Conflict"),
        (418, "APIError"),
        (422, "Unprocessable"),
        (429, "RateLimited"),
        (500, "ServerError"),
        (503, "ServerError"),
        (504, "ProviderFailure"),
        (599, "ServerError"),
    ],
)
def test_each_status_has_its_class(status: int, name: str) -> None:
    """One table leads from the HTTP status to the class."""
    assert errors.class_for(status).__name__ == name


@pytest.mark.parametrize(
    ("outcome", "reads", "effect"),
    [
        (Outcome.NOT_SENT, False, "Nothing was sent."),
        (Outcome.REFUSED, False, "Nothing was changed."),
        (Outcome.UNKNOWN, False, "It may have taken effect."),
        (Outcome.DONE, False, "It took effect."),
        (Outcome.NOT_SENT, True, "Nothing was sent."),
        (Outcome.UNKNOWN, True, "The call only reads."),
        (Outcome.DONE, True, "The call only reads."),
    ],
)
def test_the_text_says_the_effect(outcome: Outcome, reads: bool, effect: str) -> None:
    """`str()` says what happened, to which call, with which request id, and to what effect."""
    error = errors.NotFound("no such thing", status=404, outcome=outcome, request_id="req-1")
    error.operation, error.reads = "bookings.get", reads
    assert str(error) == f"bookings.get: 404: no such thing (request id req-1). {effect}"


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (errors.InvalidRequest("salt is missing"), "salt is missing."),
        (errors.NotSent("no connection."), "no connection. Nothing was sent."),
        (errors.NoAnswer("no answer"), "no answer. It may have taken effect."),
        (errors.WebhookRejected("not JSON"), "not JSON."),
        (
            errors.RateLimited("slow down", status=429, type="rate_limit_error"),
            "429 rate_limit_error: slow down. Nothing was changed.",
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_the_text_without_a_call(error: errors.BookingsError, text: str) -> None:
    """What is not known is left out of the text."""
    assert str(error) == text


def test_the_text_of_a_refused_call() -> None:
    """A call that was refused here says so, with its name and that nothing was sent."""
    error = errors.InvalidRequest("salt is missing")
    error.operation = "bookings.confirm"
    assert str(error) == "bookings.confirm: salt is missing. Nothing was sent."


def test_the_text_counts_attempts() -> None:
    """A call that was repeated says how often it was sent."""
    error = errors.NoAnswer("no answer", request_id="req-1")
    error.attempts = 3
    assert "(request id req-1, 3 attempts)" in str(error)


def test_what_was_refused_here_counts_no_attempts() -> None:
    """An error that comes before anything is sent has no attempts."""
    assert errors.InvalidRequest("salt is missing").attempts == 0


def test_an_unreadable_answer_is_kept_but_not_shown() -> None:
    """The body of an unreadable answer may be personal: it is an attribute, and in no text."""
    error = errors.UnexpectedAnswer("not JSON", status=200, body=b"jane@example.com")
    assert error.body == b"jane@example.com"
    assert "jane" not in str(error) + repr(error)


def test_facts_have_defaults() -> None:
    """What the API did not tell is None or empty, never missing."""
    error = errors.APIError("no", status=402)
    assert (error.type, error.provider_error, error.headers) == (None, None, {})
    assert (error.request_id, error.operation, error.retry_after) == (None, None, None)
    assert error.message == "no"


@pytest.mark.parametrize("cls", EVERY, ids=lambda cls: cls.__name__)
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_errors_pickle(cls: type[errors.BookingsError], protocol: int) -> None:
    """An error comes out of a pickle with its class, text, facts and notes."""
    same(pickle.loads(pickle.dumps(made(cls), protocol)), made(cls))


@pytest.mark.parametrize("cls", EVERY, ids=lambda cls: cls.__name__)
@pytest.mark.parametrize("way", [copy.copy, copy.deepcopy], ids=lambda way: way.__name__)
def test_errors_copy(cls: type[errors.BookingsError], way: Any) -> None:
    """A copy of an error is another error with the same class, text, facts and notes."""
    error = made(cls)
    copied = way(error)
    same(copied, error)
    copied.request_id = "another"
    assert error.request_id == "req-1"


def same(one: errors.BookingsError, other: errors.BookingsError) -> None:
    """Both tell exactly the same."""
    assert type(one) is type(other)
    assert one.args == other.args
    assert vars(one) == vars(other)
    assert str(one) == str(other)
    assert one.__notes__ == ["seen on Monday"]


@pytest.mark.parametrize("cls", found().values(), ids=lambda cls: cls.__name__)
def test_tracebacks_show_the_public_path(cls: type[errors.BookingsError]) -> None:
    """A traceback names the class by the path that users import it from."""
    last = traceback.format_exception_only(made(cls))[0]
    assert last.startswith(f"nylas_bookings.errors.{cls.__name__}: bookings.get: ")
