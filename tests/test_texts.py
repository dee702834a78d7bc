"""Texts of a class of their own: what they hold is what is checked, sent and compared."""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Any

import orjson
import pytest

from nylas_bookings import (
    ApiKey,
    AsyncClient,
    Guest,
    MintedSession,
    NewBooking,
    PublicConfiguration,
    PublicPage,
    Response,
    Retry,
    SessionToken,
    models,
    references,
)
from nylas_bookings._http import proxies
from nylas_bookings.auth import Auth
from nylas_bookings.errors import BookingsError, InvalidRequest, NoAnswer, RateLimited
from nylas_bookings.operations import CREATE_BOOKING

from .calls import CASES, Case, yes_to
from .samples import A_CONFIGURATION, FROM, JANE, KEY, PUBLIC, UNTIL
from .stage import YES, Stage, session


class Word(str, enum.Enum):  # noqa: UP042 - whose str() is the value
    """An enum of texts, whose `str()` is its name."""

    VALUE = "value"
    ADDRESS = "jane@example.com"


LIES: dict[str, Callable[..., Any]] = {
    "__str__": lambda _: "shown",
    "__repr__": lambda _: "shown",
    "__format__": lambda *_: "formatted",
    "__eq__": lambda *_: True,
    "__ne__": lambda *_: False,
    "__hash__": lambda _: 1,
    "__bool__": lambda _: True,
    "__len__": lambda _: 5,
    "__contains__": lambda *_: False,
    "encode": lambda *_, **__: b"encoded",
    "isascii": lambda _: True,
    "isprintable": lambda _: True,
    "strip": lambda *_: "stripped",
    "rstrip": lambda *_: "stripped",
    "lower": lambda _: "lower",
    "replace": lambda *_: "replaced",
    "split": lambda self: [self],
    "rpartition": lambda *_: ("jane", "@", "example.com"),
    "startswith": lambda *_: False,
}
Liar: Any = type("Liar", (str,), LIES)
"""A text that shows another one to whoever asks it instead of reading it."""

KINDS = pytest.mark.parametrize("kind", [Word, Liar], ids=["enum", "liar"])


@KINDS
@pytest.mark.parametrize(
    ("make", "wire"),
    [
        (lambda v: ApiKey(v, v), "configuration_id=value Bearer value"),
        (SessionToken, " Bearer value"),
        (PublicConfiguration, "configuration_id=value "),
        (lambda v: PublicPage(v, v), "slug=value&client_id=value "),
    ],
    ids=["key", "token", "configuration", "page"],
)
async def test_an_auth(kind: Any, make: Callable[[Any], Auth], wire: str) -> None:
    """A credential is sent as what it holds, and two auths that hold the same are the same."""
    stage = Stage()
    await stage.client(make(kind("value"))).bookings.get("b")
    (request,) = stage.requests
    query = request.url.partition("?")[2]
    assert f"{query} {request.headers.get('Authorization', '')}" == wire
    assert make(kind("value")) == make("value") != make("other")
    assert hash(make(kind("value"))) == hash(make("value"))


@KINDS
async def test_a_managed_session(kind: Any) -> None:
    """The same for the session that a client opens by itself."""
    stage = Stage([session("s-1")])
    await stage.client(MintedSession(kind("value"), kind("value"))).bookings.get("b")
    assert stage.bearers() == ["value", "s-1"]
    assert stage.requests[0].body == b'{"configuration_id":"value","time_to_live":30}'


@pytest.mark.parametrize("text", ["", " ", "a b", "é", "a\n"])
def test_what_a_credential_holds_is_checked(text: str) -> None:
    """A credential cannot pass the check with a text that it does not hold."""
    for make in (ApiKey, SessionToken):
        with pytest.raises(InvalidRequest):
            make(Liar(text))
    with pytest.raises(InvalidRequest):
        AsyncClient(api_url=Liar(f"https://example.com/?{text}#"))
    assert type(proxies.checked(Liar("http://proxy.example:1"))) is str


@KINDS
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.operation.name)
async def test_every_argument_of_every_operation(case: Case, kind: Any) -> None:
    """Each text among the arguments of a call is sent as what it holds, or refused."""
    arguments: list[Any] = []
    resource, _, name = case.operation.name.partition(".")

    class Recorder:
        def __getattr__(self, _: str) -> Any:
            return lambda *args, **named: arguments.extend((args, named))

    case.call(type("Recorders", (), {resource: Recorder()}))
    args, named = arguments
    plain, other = Stage([yes_to(case)]), Stage([yes_to(case)])
    await getattr(getattr(plain.client(case.auth), resource), name)(*args, **named)
    kind = (
        enum.Enum("Word", {t: t for t in texts_in((args, named))}, type=str)
        if kind is Word
        else kind
    )
    again = getattr(getattr(other.client(case.auth), resource), name)
    await again(*said(args, kind), **{key: said(value, kind) for key, value in named.items()})
    assert other.requests == plain.requests


def texts_in(value: Any) -> set[str]:
    """The texts among arguments."""
    if isinstance(value, str):
        return {value}
    if isinstance(value, dict):
        return texts_in([*value, *value.values()])
    return (
        {t for item in value for t in texts_in(item)} if isinstance(value, list | tuple) else set()
    )


def said(value: Any, kind: Any) -> Any:
    """The same arguments with texts of another class."""
    if isinstance(value, str):
        return kind(value)
    if isinstance(value, dict):
        return {said(key, kind): said(item, kind) for key, item in value.items()}
    return type(value)(said(v, kind) for v in value) if isinstance(value, list | tuple) else value


@KINDS
async def test_models(kind: Any) -> None:
    """The same for the texts in a model that a call is given."""
    stage = Stage([YES, YES])
    nylas = stage.client(KEY)
    for made in (str, kind):
        guest = Guest(name=made("value"), email=made("jane@example.com"))
        await nylas.bookings.create(start_time=FROM, end_time=UNTIL, guest=guest)
    assert stage.requests[0] == stage.requests[1]
    assert {type(guest.name), type(guest.email)} == {str}


@pytest.mark.parametrize("text", ["", " "])
def test_what_a_model_holds_is_checked(text: str) -> None:
    """A name or an address cannot pass the check with a text that it does not hold."""
    with pytest.raises(InvalidRequest, match="name must be"):
        Guest(name=Liar(text), email="jane@example.com")
    with pytest.raises(InvalidRequest, match="email"):
        Guest(name="Jane", email=Liar(text or "two words@example.com"))
    with pytest.raises(InvalidRequest, match="salt must be"):
        models.Decision(salt=Liar(text), status="confirmed")


@KINDS
async def test_texts_deep_in_a_model(kind: Any) -> None:
    """A field that a text calls equal to its default is not left out."""
    stage = Stage([Response(400, {}, b"{}")] * 2)
    nylas = stage.client(KEY)
    for made in (str, kind):
        with pytest.raises(BookingsError):
            await nylas.configurations.update(
                "g",
                "c",
                slug=made("value"),
                name=made("value"),
                appearance={made("value"): made("value")},
                event_booking=models.EventBooking(title=made("value"), location=made("value")),
            )
    assert stage.requests[0] == stage.requests[1]
    assert A_CONFIGURATION.slug is None


def test_references() -> None:
    """A reference is taken apart by what it holds."""
    ids = {"configuration_id": "1" * 32, "booking_id": "2" * 32}
    made = references.encode(**ids, salt="c2FsdA")
    assert references.encode(**{k: Liar(v) for k, v in ids.items()}, salt=Liar("c2FsdA")) == made
    assert references.decode(Liar(made)) == references.decode(made)
    assert references.found_in(Liar(made)) == references.found_in(made)


async def test_a_key_of_a_batch() -> None:
    """A key of a row is what it holds."""
    rows = [NewBooking(start_time=FROM, end_time=UNTIL, guest=JANE, key=Liar(k)) for k in ("a",)]
    report = await Stage().client().bookings.create_many(rows)
    assert [result.key for result in report] == ["a"]
    with pytest.raises(InvalidRequest, match="bad key"):
        await (
            Stage()
            .client()
            .bookings.create_many(
                [NewBooking(start_time=FROM, end_time=UNTIL, guest=JANE, key=Liar("#1"))]
            )
        )


async def test_the_request_of_an_error_is_a_copy() -> None:
    """What the caller does with a mapping after the call changes neither the error nor a retry."""
    fields = {"company": "Ours"}
    seen: list[Any] = []

    async def change() -> Exception:
        fields["company"] = "Theirs"
        fields["more"] = "x"
        return RateLimited("later", status=429, retry_after=0)

    async def lose() -> Exception:
        return NoAnswer("lost")

    stage = Stage([change, lose])
    with pytest.raises(NoAnswer) as caught:
        await stage.client(retry=Retry(first_wait=0.001)).bookings.create(
            start_time=FROM, end_time=UNTIL, guest=JANE, additional_fields=fields
        )
    seen += [orjson.loads(request.body or b"")["additional_fields"] for request in stage.requests]
    assert seen == [{"company": "Ours"}] * 2
    assert caught.value.request.additional_fields == {"company": "Ours"}


async def test_the_request_of_an_error_is_not_the_callers() -> None:
    """The same for a booking that the caller still holds."""
    row = NewBooking(start_time=FROM, end_time=UNTIL, guest=JANE, additional_fields={"a": "b"})
    transport = Stage([NoAnswer("lost")]).client(PUBLIC)._transport
    with pytest.raises(NoAnswer) as caught:
        await transport.run(CREATE_BOOKING, body=lambda: row)
    assert caught.value.request == row
    row.additional_fields["a"] = "c"  # type: ignore[index] - that is the point
    assert caught.value.request.additional_fields == {"a": "b"}
