"""What programs can ask of the controls: each call does what a method of `Sandbox` does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from attrs import asdict, evolve, frozen

from ..._version import VERSION
from .. import record
from ..behaviour import Behaviour
from ..calendar import number as number_in
from ..faults import Fault
from ..refusals import Refusal, not_found
from ..routes import NAMES
from ..rules.series import unrolled
from ..world import World
from .reading import Reader, anything, flag, given, moment, number, or_null, text, whole

if TYPE_CHECKING:
    from ..sandbox import Sandbox

_FAULT: Final = ("kind", "code", "retry_after", "seconds")
_FOREVER: Final = 200_000_000_000
_STEPS: Final = ("days", "hours", "minutes", "seconds")


@frozen(kw_only=True)
class Call:
    """A call, as far as the network has a say in it.

    Attributes:
        id: What the path ends with, where it names one thing.
        number: That of the state, as `changes` counts.
    """

    sandbox: Sandbox
    world: World
    number: int
    id: str
    query: Mapping[str, str]
    body: dict[str, Any]

    def given(
        self, required: Mapping[str, Reader], optional: Mapping[str, Reader]
    ) -> dict[str, Any]:
        """The values in the body, to be handed on by name."""
        return given(self.body, required, optional)


Handler: TypeAlias = Callable[[Call], Any]
"""What it returns is data, or to be awaited first."""


def carried_out(method: str, path: str, call: Call) -> Any:
    """What a call answers, as data."""
    handlers = _CALLS.get(path)
    if handlers is None:
        raise not_found(f"the controls have no {path!r}; they have {', '.join(sorted(_CALLS))}")
    if method not in handlers:
        allowed = " and ".join(handlers)
        raise Refusal(405, "invalid_request_error", f"{path} takes {allowed}, not {method}")
    return handlers[method](call)


def _state(call: Call) -> dict[str, Any]:
    sandbox = call.sandbox
    return {
        **sandbox.facts(),
        "clock": _clock(call),
        "behaviour": asdict(sandbox.behaviour),
        "counts": {**record.counts(call.world), "requests": len(sandbox.requests())},
        "operations": sorted(NAMES),
        "version": VERSION,
        "number": call.number,
    }


def _clock(call: Call) -> dict[str, Any]:
    clock = call.sandbox.clock
    return {
        "now": clock.exact(),
        "at": clock.moment().isoformat(timespec="seconds"),
        "frozen": clock.is_frozen,
    }


def _freeze(call: Call) -> dict[str, Any]:
    call.sandbox.clock.freeze(call.given({}, {"at": moment}).get("at"))
    return _clock(call)


def _advance(call: Call) -> dict[str, Any]:
    call.sandbox.clock.advance(**call.given({}, dict.fromkeys(_STEPS, number)))
    return _clock(call)


def _resume(call: Call) -> dict[str, Any]:
    call.given({}, {})
    call.sandbox.clock.resume()
    return _clock(call)


def _add_fault(call: Call) -> list[dict[str, Any]]:
    wanted = call.given(
        {"operation": text, "kind": text},
        {
            "code": or_null(whole),
            "retry_after": or_null(number),
            "seconds": number,
            "times": or_null(whole),
            "probability": number,
        },
    )
    fault = Fault(**{name: wanted.pop(name) for name in _FAULT if name in wanted})
    call.sandbox.faults.add(wanted.pop("operation"), fault, **wanted)
    return call.sandbox.faults.waiting()


def _clear_faults(call: Call) -> list[dict[str, Any]]:
    call.given({}, {})
    call.sandbox.faults.clear()
    return []


def _switch(call: Call) -> dict[str, Any]:
    changes = call.given({}, dict.fromkeys(asdict(Behaviour()), anything))
    call.sandbox.behaviour = evolve(call.sandbox.behaviour, **changes)
    return asdict(call.sandbox.behaviour)


async def _settle(call: Call) -> dict[str, Any]:
    wanted = call.given({}, {"timeout": number})
    try:
        await asyncio.to_thread(call.sandbox.settle, **wanted)
    except TimeoutError as late:
        raise Refusal(504, "timeout_error", str(late)) from None
    return _state(call)


def _reset(call: Call) -> dict[str, Any]:
    call.given({}, {})
    call.sandbox.reset()
    return _state(call)


def _add_host(call: Call) -> dict[str, str]:
    wanted = call.given({"email": text}, {"name": or_null(text), "timezone": text})
    return {"grant_id": call.sandbox.add_host(**wanted)}


def _add_calendar(call: Call) -> dict[str, str]:
    wanted = call.given({"host": text, "name": text}, {"timezone": text, "calendar_id": text})
    return {"calendar_id": call.sandbox.add_calendar(**wanted)}


def _add_event(call: Call) -> dict[str, str]:
    wanted = call.given(
        {"host": text, "start": moment, "end": moment},
        {"title": text, "calendar_id": text, "busy": flag},
    )
    return {"event_id": call.sandbox.add_event(**wanted)}


def _remove_event(call: Call) -> dict[str, str]:
    call.given({}, {})
    call.sandbox.remove_event(call.id)
    return {"event_id": call.id}


def _events(call: Call) -> list[dict[str, Any]]:
    """All of them, or those that the query names, by the times that they touch too."""
    query = call.query
    start, end = number_in(query, "start", 0), number_in(query, "end", _FOREVER)
    named = {key: query[key] for key in ("id", "grant_id", "calendar_id") if key in query}
    found = [
        event
        for event in call.sandbox.events()
        if all(event.get(key) == value for key, value in named.items())
    ]
    if query.get("expand") == "true":
        found = unrolled(found, start, end)
    return _latest(call, [event for event in found if _touches(event["when"], start, end)])


def _touches(when: dict[str, int], start: int, end: int) -> bool:
    return when["end_time"] > start and when["start_time"] < end


def _latest(call: Call, found: list[Any]) -> list[Any]:
    """As many of the last ones as the query asks for."""
    limit = number_in(call.query, "limit", len(found))
    return found[-limit:] if limit else []


_CALLS: Final[Mapping[str, Mapping[str, Handler]]] = {
    "state": {"GET": _state},
    "bookings": {"GET": lambda call: _latest(call, call.sandbox.bookings())},
    "events": {"GET": _events, "POST": _add_event},
    "events/*": {"DELETE": _remove_event},
    "outbox": {"GET": lambda call: _latest(call, call.sandbox.outbox())},
    "deliveries": {"GET": lambda call: _latest(call, call.sandbox.deliveries())},
    "requests": {"GET": lambda call: _latest(call, [asdict(r) for r in call.sandbox.requests()])},
    "configurations": {"GET": lambda call: call.sandbox.configurations()},
    "grants": {"GET": lambda call: call.sandbox.hosts(), "POST": _add_host},
    "calendars": {"POST": _add_calendar},
    "faults": {
        "GET": lambda call: call.sandbox.faults.waiting(),
        "POST": _add_fault,
        "DELETE": _clear_faults,
    },
    "clock": {"GET": _clock},
    "clock/freeze": {"POST": _freeze, "PUT": _freeze},
    "clock/advance": {"POST": _advance, "PUT": _advance},
    "clock/resume": {"POST": _resume, "PUT": _resume},
    "behaviour": {"GET": lambda call: asdict(call.sandbox.behaviour), "PATCH": _switch},
    "reset": {"POST": _reset},
    "settle": {"POST": _settle},
}
