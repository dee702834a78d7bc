"""What everything in the sandbox works with: database, clock, ids, switches, faults, address."""

from __future__ import annotations

from attrs import define, field

from .behaviour import Behaviour
from .clock import Clock
from .faults import Faults
from .identifiers import Identifiers
from .store import Store


@define(kw_only=True, eq=False)
class World:
    """The state of one sandbox."""

    store: Store
    clock: Clock
    identifiers: Identifiers
    behaviour: Behaviour
    faults: Faults
    api_key: str
    client_id: str
    url: str = "http://127.0.0.1"
    parsed: dict[str, tuple[str, object]] = field(factory=dict)
