"""Which operation a method and a path mean: the rows of the operations table, and a few besides."""

from __future__ import annotations

from functools import lru_cache
from typing import Final
from urllib.parse import unquote

from attrs import frozen

from ..operations import OPERATIONS

_CONFIGURATION = "/v3/grants/{grant_id}/scheduling/configurations/{configuration_id}"

_BESIDES: Final = (
    # Not in the contract, but the browser component asks for them.
    ("ui_settings.get", "GET", "/v3/scheduling/ui-settings"),
    ("group_events.update", "PATCH", _CONFIGURATION + "/group-events/{event_id}"),
    ("group_events.import_events", "POST", _CONFIGURATION + "/import-group-events"),
    # What the vendor's command line and its Python SDK ask for.
    ("sessions.get", "GET", "/v3/scheduling/sessions/{session_id}"),
    ("webhooks.rotate_secret", "PUT", "/v3/webhooks/{webhook_id}/rotate-secret"),
    # The calendar, as far as finding bookings in it needs.
    ("calendars.list", "GET", "/v3/grants/{grant_id}/calendars"),
    ("events.list", "GET", "/v3/grants/{grant_id}/events"),
    ("events.get", "GET", "/v3/grants/{grant_id}/events/{event_id}"),
)

ROWS: Final = (*((row.name, row.method, row.path) for row in OPERATIONS), *_BESIDES)
"""All that can be asked: the operation, the method, and the path with its ids in braces."""


@frozen
class Route:
    """An operation, and the ids in the path."""

    operation: str
    ids: dict[str, str]


def _rows() -> dict[tuple[str, int], list[tuple[str, tuple[str, ...]]]]:
    """The operations by method and number of segments, paths without ids first."""
    rows: dict[tuple[str, int], list[tuple[str, tuple[str, ...]]]] = {}
    for name, method, path in sorted(ROWS, key=lambda row: row[2].count("{")):
        segments = tuple(path.strip("/").split("/"))
        rows.setdefault((method, len(segments)), []).append((name, segments))
    return rows


_ROWS: Final = _rows()

NAMES: Final = frozenset(name for rows in _ROWS.values() for name, _ in rows) | {
    row.name for row in OPERATIONS
}
"""What faults can be scripted for."""


@lru_cache(maxsize=256)
def find(method: str, path: str) -> Route | None:
    """The operation for a method and a path; slashes too many are overlooked."""
    segments = [segment for segment in path.split("/") if segment]
    for name, wanted in _ROWS.get((method, len(segments)), ()):
        ids: dict[str, str] = {}
        for want, segment in zip(wanted, segments, strict=True):
            if want.startswith("{"):
                ids[want[1:-1]] = unquote(segment)
            elif want != segment:
                break
        else:
            return Route(name, ids)
    return None
