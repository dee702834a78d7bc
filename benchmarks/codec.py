"""Bytes to models and back, compared with cattrs and orjson on the same models."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import orjson
from cattrs.preconf.orjson import make_converter

from nylas_bookings import Response
from nylas_bookings._wire.answers import decode
from nylas_bookings._wire.converter import to_json
from nylas_bookings.models import Booking

from . import create
from .figures import Row
from .rounds import Figures, Work, interleaved

NAME = "codec"
DECODING, ENCODING = "bytes → Booking", "NewBooking → bytes"
OURS, ALONE, OFFICIAL = "nylas_bookings", "cattrs + orjson alone", "official SDK"


def _alone() -> tuple[Callable[[], object], Callable[[], object]]:
    """Both ways: types are not checked, and mistakes are not explained."""
    converter = make_converter(detailed_validation=False, omit_if_default=True)
    converter.register_unstructure_hook(datetime, lambda value: int(value.timestamp()))
    structure = converter.get_structure_hook(Booking)
    unstructure, booking = converter.unstructure, create.new_booking()
    return (
        lambda: structure(orjson.loads(create.ANSWER)["data"], Booking),
        lambda: orjson.dumps(unstructure(booking)),
    )


def _official() -> tuple[Callable[[], object], Callable[[], object]]:
    """Both ways: a dataclass out of what `json` reads, and a dict of one's own to bytes."""
    json = import_module("json")
    booking: Any = import_module("nylas.models.scheduler").Booking
    body = create.body()
    return (
        lambda: booking.from_dict(json.loads(create.ANSWER)["data"]),
        lambda: json.dumps(body, ensure_ascii=False, allow_nan=True).encode(),
    )


def _each(work: Callable[[], object], seconds: float) -> Figures:
    """Microseconds for one, of as many as take that long."""
    times, began = 0, time.perf_counter()
    while (elapsed := time.perf_counter() - began) < seconds:
        for _ in range(100):
            work()
        times += 100
    return {"each µs": elapsed / times * 1e6}


def run(*, quick: bool) -> list[Row]:
    """Measure it."""
    response, booking = Response(200, {}, create.ANSWER), create.new_booking()
    subjects = {
        ALONE: _alone(),
        OURS: (lambda: decode(response, "Booking"), lambda: to_json(booking)),
    }
    if find_spec("nylas") is not None:
        subjects[OFFICIAL] = _official()
    seconds = 0.02 if quick else 0.1
    works: dict[str, dict[str, Work]] = {
        DECODING: {name: partial(_each, both[0], seconds) for name, both in subjects.items()},
        ENCODING: {name: partial(_each, both[1], seconds) for name, both in subjects.items()},
        "arguments → NewBooking": {OURS: partial(_each, create.new_booking, seconds)},
    }
    return interleaved(NAME, works, 2 if quick else 21)
