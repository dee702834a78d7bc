"""Deliveries: whether they are genuine, and that nothing but a genuine one gets through."""

from __future__ import annotations

import gzip
import hashlib
import hmac
import tracemalloc
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nylas_bookings import models, webhooks
from nylas_bookings.errors import Outcome, WebhookRejected

from .examples import examples
from .notifications import notification, raw

SECRET = "a webhook secret"
BODY = raw("booking.created")
PACKED = gzip.compress(BODY, mtime=0)
SIGNATURE = webhooks.sign(BODY, secret=SECRET)

THOROUGH = examples(50)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats()
    | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)


def headers(body: bytes, name: str = "X-Nylas-Signature") -> dict[str, str]:
    """The headers of a genuine delivery."""
    return {name: webhooks.sign(body, secret=SECRET), "Content-Type": "application/json"}


def test_the_signature() -> None:
    """The signature is the lower-case hex HMAC-SHA256 of the bytes, with the secret as it is."""
    expected = hmac.new(SECRET.encode(), BODY, hashlib.sha256).hexdigest()
    assert webhooks.sign(BODY, secret=SECRET) == expected


@pytest.mark.parametrize("body", [BODY, PACKED], ids=["plain", "gzip"])
@pytest.mark.parametrize("name", ["X-Nylas-Signature", "x-nylas-signature", "X-NYLAS-SIGNATURE"])
def test_a_genuine_delivery(name: str, body: bytes) -> None:
    """A delivery is verified as it was sent, compressed or not, and read."""
    got = webhooks.receive(body, headers(body, name), secret=SECRET)
    assert type(got) is models.BookingCreated
    assert got.booking_id == "b-1"


def test_the_signature_of_a_compressed_delivery_is_over_the_compressed_bytes() -> None:
    """A signature over what was unpacked is not the API's."""
    with pytest.raises(WebhookRejected, match="does not fit"):
        webhooks.receive(PACKED, headers(BODY), secret=SECRET)


def test_a_framework_may_have_unpacked_the_body() -> None:
    """A body that was verified before somebody unpacked it is read all the same."""
    webhooks.verify(PACKED, webhooks.sign(PACKED, secret=SECRET), secret=SECRET)
    assert webhooks.parse(gzip.decompress(PACKED)) == webhooks.parse(PACKED)


@pytest.mark.parametrize(
    "signature",
    [SIGNATURE, SIGNATURE.upper(), f"sha256={SIGNATURE}", f" SHA256={SIGNATURE.upper()} "],
)
def test_signatures_that_are_accepted(signature: str) -> None:
    """Upper case and a prefix say the same."""
    webhooks.verify(BODY, signature, secret=SECRET)


@pytest.mark.parametrize(
    "signature",
    [
        None,
        "",
        "sha256=",
        SIGNATURE[:-1],
        SIGNATURE + "0",
        webhooks.sign(BODY, secret="another"),
        webhooks.sign(BODY + b" ", secret=SECRET),
        "é" * 64,
        "\udcff" * 64,
        "\x00",
    ],
    ids=ascii,
)
def test_signatures_that_are_refused(signature: str | None) -> None:
    """A signature that is missing, wrong or not even text of the usual kind is refused."""
    with pytest.raises(WebhookRejected, match="signature is missing or does not fit") as caught:
        webhooks.verify(BODY, signature, secret=SECRET)
    assert caught.value.outcome is Outcome.REFUSED
    assert SECRET not in str(caught.value)


def test_a_delivery_without_a_signature() -> None:
    """A delivery whose header is missing is refused, not an error of another kind."""
    with pytest.raises(WebhookRejected, match="missing"):
        webhooks.receive(BODY, {}, secret=SECRET)


@pytest.mark.parametrize("secret", ["", None])
def test_without_a_secret_nothing_is_genuine(secret: Any) -> None:
    """A receiver that has no secret refuses everything, also what was signed with nothing."""
    with pytest.raises(WebhookRejected, match="no webhook secret"):
        webhooks.verify(BODY, webhooks.sign(BODY, secret=""), secret=secret)


@pytest.mark.parametrize("body", [BODY.decode(), None, {"a": 1}], ids=["str", "none", "dict"])
def test_only_bytes_are_verified(body: Any) -> None:
    """What was decoded already cannot be verified any more."""
    with pytest.raises(WebhookRejected, match="raw bytes"):
        webhooks.verify(body, SIGNATURE, secret=SECRET)


def test_the_challenge() -> None:
    """The challenge of the API is answered with its own value; other requests have none."""
    assert webhooks.challenge({"challenge": "bc609b38", "other": "x"}) == "bc609b38"
    assert webhooks.challenge({}) is None


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "not JSON"),
        (b"<html>", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b'{"data":' * 2000 + b"1" + b"}" * 2000, "not JSON"),
        (BODY[:-1], "not JSON"),
        (b"[]", "not a JSON object"),
        (b"null", "not a JSON object"),
        (b'"text"', "not a JSON object"),
        (b"{}", r"required field missing @ notification\.id"),
        (PACKED[:-1], "stops in the middle"),
        (PACKED[:20], "stops in the middle"),
        (PACKED[:2], "stops in the middle"),
        (PACKED[:30] + b"spoiled" + PACKED[37:], "not gzip"),
        (b"\x1f\x8b\xff\xff" + b"x" * 20, "not gzip"),
        (gzip.compress(b"not json", mtime=0), "not JSON"),
        (raw("booking.created", [1]), r"required field missing @ notification\.booking_id"),
        (raw("booking.created", data=None), "required field missing"),
        (raw("booking.created", id=None), r"required field missing @ notification\.id"),
        (raw("booking.created", id=5), r"expected str, got int @ notification\.id"),
        (raw("booking.created", time="now"), "expected epoch seconds"),
        (raw("booking.created", webhook_delivery_attempt="1"), "expected int, got str"),
        (raw("booking.created", type=["x"]), "expected str, got list"),
        (raw("booking.created", {"booking_id": "b", "booking_info": 5}), "expected an object"),
        (
            raw("booking.created", {"booking_id": "b", "booking_info": {"title": 5}}),
            r"expected str, got int @ notification\.booking_info\.title",
        ),
    ],
)
def test_what_cannot_be_read(body: bytes, why: str) -> None:
    """A delivery of another shape is refused with a word on what is wrong, never otherwise."""
    with pytest.raises(WebhookRejected, match=why):
        webhooks.parse(body)


def bomb(size: int) -> bytes:
    """A few bytes that unpack to many."""
    return zlib.compress(bytes(size), level=9, wbits=31)


@pytest.mark.parametrize("make", [bytes, bomb], ids=["plain", "gzip"])
def test_a_notification_that_is_too_large(make: Callable[[int], bytes]) -> None:
    """There is a limit, 4 MiB unless told otherwise, and it counts what was unpacked."""
    with pytest.raises(WebhookRejected, match="larger than 4194304 bytes"):
        webhooks.parse(make(4 * 1024 * 1024 + 1))
    with pytest.raises(WebhookRejected, match="not JSON"):
        webhooks.parse(make(4 * 1024 * 1024))


@pytest.mark.parametrize("body", [BODY, PACKED], ids=["plain", "gzip"])
def test_a_limit_of_ones_own(body: bytes) -> None:
    """The limit is a limit to the byte."""
    assert webhooks.parse(body, limit=len(BODY)).id == "ntf-1"
    with pytest.raises(WebhookRejected, match="larger"):
        webhooks.receive(body, headers(body), secret=SECRET, limit=len(BODY) - 1)


def test_a_bomb_does_not_go_off() -> None:
    """What is beyond the limit is never unpacked."""
    body = bomb(64 * 1024 * 1024)
    tracemalloc.start()
    try:
        with pytest.raises(WebhookRejected, match="larger"):
            webhooks.parse(body, limit=1024 * 1024)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 8 * 1024 * 1024


@THOROUGH
@given(body=st.binary(max_size=60), packed=st.booleans(), header=st.binary(max_size=4))
def test_any_bytes(body: bytes, packed: bool, header: bytes) -> None:
    """Any bytes, packed or as if they were, give a notification or a `WebhookRejected`."""
    parse(gzip.compress(body, mtime=0) if packed else b"\x1f\x8b" + header + body)
    parse(body)


@THOROUGH
@given(data=JSON, said=JSON, info=JSON, name=st.sampled_from(["type", "id", "time"]), value=JSON)
def test_any_json(data: Any, said: Any, info: Any, name: str, value: Any) -> None:
    """Any JSON anywhere in a notification gives a notification or a `WebhookRejected`."""
    ids = {"booking_id": "b-1", "booking_info": info}
    for changes in ({"data": data}, {name: value}, {"data": {"object": said}}):
        parse(raw("booking.created", ids, **changes))
    parse(raw("other.trigger", said, data=data))


def parse(body: bytes) -> None:
    """Read a delivery; a refusal is fine."""
    try:
        got = webhooks.parse(body)
    except WebhookRejected:
        return
    assert got.id is not None


def test_what_is_signed_for_a_test_is_received() -> None:
    """A test of a receiver can make deliveries of its own."""
    body = raw("booking.cancelled")
    signed = {webhooks.SIGNATURE_HEADER: webhooks.sign(body, secret="mock-webhook-secret")}
    got = webhooks.receive(body, signed, secret="mock-webhook-secret")
    assert got.type == notification("booking.cancelled")["type"]


@pytest.mark.parametrize(
    "given", [{"signature": b"a", "secret": "s"}, {"signature": "a", "secret": b"s"}]
)
def test_bytes_for_texts(given: dict[str, Any]) -> None:
    """A signature or a secret of another kind is refused in words."""
    with pytest.raises(WebhookRejected, match="must be a str"):
        webhooks.verify(b"{}", **given)
