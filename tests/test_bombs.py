"""Small inputs that are made to take long: what they cost in time and memory has a bound."""

from __future__ import annotations

import asyncio
import gzip
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest

from nylas_bookings import (
    ApiKey,
    AsyncClient,
    PublicConfiguration,
    Response,
    Timeout,
    errors,
    references,
)
from nylas_bookings._redaction import redact
from nylas_bookings._wire.answers import FEW_OBJECTS, decode

from .stage import Stage
from .wire_server import Answer, WireServer

MB = 1_000_000
SECONDS = 2.0
"""Of processor time. The documented bound is 0.5 s, but tests also run on slower and busy machines.
What they guard against took 6 s and more."""
BYTES = 100 * MB
SECRETS = ("nyk_v0_planted-key-5f2b9c", "planted-session-77aa01")


def fill(head: bytes, item: bytes, tail: bytes, size: int = MB) -> bytes:
    """A JSON of that size, made of one item again and again."""
    return head + b",".join([item] * ((size - len(head) - len(tail)) // (len(item) + 1))) + tail


SLOTS = b'{"data":{"time_slots":['
LIST = b'{"data":['
PADDED = b'{"x":"aaaaaaaaaaaaaaaaaa"}'
SLOT = b'{"start_time":1719842400,"end_time":1719846000}'
CONFIGURATION = (
    b'{"data":{"availability":{"duration_minutes":1},"event_booking":{"title":"t"},"participants":['
)
NAMES = b",".join(b'"%08d":1' % number for number in range(MB // 13))

MALFORMED = {
    "numbers": ("Availability", fill(SLOTS, b"1", b"]}}")),
    "empty objects": ("Availability", fill(SLOTS, b"{}", b"]}}")),
    "padded objects": ("Availability", fill(SLOTS, PADDED, b"]}}")),
    "numbers in each": ("Availability", fill(SLOTS, SLOT[:-1] + b',"emails":[1,1,1]}', b"]}}")),
    "numbers in one": ("Availability", fill(SLOTS + SLOT[:-1] + b',"emails":[', b"1", b"]}]}}")),
    "the last": ("Availability", fill(SLOTS, SLOT, b",1]}}")),
    "subscriptions": (
        "Page[WebhookSubscription]",
        fill(LIST, PADDED, b"]}"),
    ),
    "configurations": ("Page[AnyConfiguration]", fill(LIST, PADDED, b"]}")),
    "group events": ("Page[GroupEvent]", fill(LIST, PADDED, b",1]}")),
    "imports": ("ImportReport", fill(b'{"data":{"imported_events":[', b"1", b"]}}")),
    "hosts": ("AnyConfiguration", fill(CONFIGURATION, PADDED, b"]}}")),
    "texts": ("AnyConfiguration", CONFIGURATION + b'],"appearance":{' + NAMES + b"}}}"),
    "triggers": ("WebhookSubscription", fill(b'{"data":{"id":"w","trigger_types":[', b"1", b"]}}")),
}
REFUSALS = {
    "provider": fill(b'{"error":{"message":"no","provider_error":[', b'"a"', b"]}}"),
    "provider's texts": fill(b'{"error":{"provider_error":[', b'"' + b"%41" * 1000 + b'"', b"]}}"),
    "percent": b'{"error":{"message":"' + b"%41" * (MB // 3) + b'"}}',
    "html": b'{"error":{"message":"' + b"&lt;" * (MB // 4) + b'"}}',
    "backslashes": b'{"error":{"message":"' + b"\\\\" * (MB // 2) + b'"}}',
    "tags": b"<a " * (MB // 3),
}


def cpu_seconds(function: Callable[[], object]) -> float:
    """The time that a function takes at best; what else the machine does is not counted."""

    def once() -> float:
        started = time.thread_time()
        function()
        return time.thread_time() - started

    return min(once() for _ in range(2))


def refuse(response: Response, result: str) -> errors.BookingsError:
    """The error that a response means, without secrets."""
    with pytest.raises(errors.BookingsError) as caught:
        decode(response, result, "subject")
    redact(caught.value, SECRETS)
    return caught.value


@pytest.mark.parametrize(("result", "body"), MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_response(result: str, body: bytes) -> None:
    """A megabyte of what does not fit is refused in half a second, and within 100 MB."""
    assert len(body) > 0.8 * MB
    response = Response(200, {}, body)
    assert cpu_seconds(lambda: refuse(response, result)) < SECONDS
    tracemalloc.start()
    try:
        refuse(response, result)
        assert tracemalloc.get_traced_memory()[1] < len(body) + BYTES
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("body", REFUSALS.values(), ids=REFUSALS)
def test_a_refusal(body: bytes) -> None:
    """The same for a refusal, in which secrets are searched."""
    response = Response(400, {}, body)
    assert cpu_seconds(lambda: refuse(response, "Booking")) < SECONDS


@pytest.mark.parametrize("bytes_", [b"%41", b"&lt;", b"\\\\", b"nyk_", b"{", b"planted-"])
def test_a_response_that_is_not_json(bytes_: bytes) -> None:
    """The same for a body that is kept as it came, of which the error keeps 256 KB."""
    response = Response(200, {}, bytes_ * (8 * MB // len(bytes_)))
    assert cpu_seconds(lambda: refuse(response, "Booking")) < SECONDS
    error = refuse(response, "Booking")
    assert isinstance(error, errors.UnexpectedAnswer)
    assert len(error.body) < 257 * 1024


PARTS = ["a/", "////", "/cancel/", "/", "%41", "%2525", "A/B", "AAAA/", "A" * 42 + " ", "&amp;"]
PARTS += ["&#", "&#9", "A" * 41 + "/", "A" * 1000 + "/", "a/" * 500 + " "]


@pytest.mark.parametrize("part", PARTS, ids=lambda part: f"{part[:9]} {len(part)}")
def test_references_in_a_text(part: str) -> None:
    """In 32 KB of anything references are found in a tenth of a second."""
    text = (part * 32_768)[:32_768]
    assert cpu_seconds(lambda: references.found_in(text)) < SECONDS / 4


@pytest.mark.parametrize("text", ["&#" + "9" * 5000, "&#" + "9" * 5000 + ";", "&#x" + "f" * 9000])
def test_a_character_with_a_huge_number(text: str) -> None:
    """A number that Python does not read is no character, and no error."""
    assert references.found_in(text) == []


async def test_a_packed_bomb(server: WireServer) -> None:
    """Four megabytes of malformed items, in four kilobytes, end as fast as any other response."""
    packed = gzip.compress(fill(SLOTS, b"{}", b"]}}", 4 * MB))
    assert len(packed) < 10_000
    server.answer(Answer(body=packed, headers={"Content-Encoding": "gzip"}))
    async with AsyncClient(
        PublicConfiguration("c"), api_url=server.url, timeout=Timeout(total=2)
    ) as nylas:
        started = time.process_time()
        with pytest.raises(errors.UnexpectedAnswer):
            await nylas.availability.get(start_time=1, end_time=2)
        assert time.process_time() - started < SECONDS


MANY_SLOTS = fill(SLOTS, SLOT, b"]}}", 2 * MB)
MANY_ADDRESSES = fill(SLOTS + SLOT[:-1] + b',"emails":[', b'"a"', b"]}]}}")


@pytest.mark.parametrize("body", [MANY_SLOTS, MANY_ADDRESSES], ids=["objects", "texts"])
async def test_a_large_response_does_not_hold_the_loop(body: bytes) -> None:
    """While a large response is decoded, the loop goes on."""
    stage = Stage([Response(200, {}, body)] * 2)
    threads = []

    def decode_aside(*given: Any) -> Any:
        threads.append(asyncio._get_running_loop())
        return decode(*given)

    for hook in (None, lambda _: None):
        nylas = stage.client(ApiKey("k"), on_exchange=hook)
        nylas._transport._decode = decode_aside
        found = await nylas.availability.get(start_time=1, end_time=2)
        assert len(found.time_slots) + len(found.time_slots[0].emails) > 10 * FEW_OBJECTS
    assert threads == [None, None]


async def test_a_response_of_usual_size_is_decoded_at_once() -> None:
    """A response with as many slots as a page shows is decoded without a thread."""
    stage = Stage([Response(200, {}, fill(SLOTS, SLOT, b"]}}", 40_000))])
    nylas = stage.client(ApiKey("k"))
    nylas._transport._decode = lambda *given: asyncio.get_running_loop() and decode(*given)
    found = await nylas.availability.get(start_time=1, end_time=2)
    assert len(found.time_slots) > 500


@pytest.mark.parametrize("slots", [1, 5000])
async def test_a_list_of_slots_is_read_whole(slots: int) -> None:
    """However many there are, each slot is there."""
    body = SLOTS + b",".join([SLOT] * slots) + b"]}}"
    found = (
        await Stage([Response(200, {}, body)])
        .client(ApiKey("k"))
        .availability.get(start_time=1, end_time=2)
    )
    assert len(found.time_slots) == slots
