"""Creating many bookings: paced, resumable after whatever stops it, and nobody booked twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import _lazy

if TYPE_CHECKING:
    from .calendar import CalendarSettler as CalendarSettler
    from .export import to_csv as to_csv
    from .export import to_jsonl as to_jsonl
    from .journal import Journal as Journal
    from .journal_file import adopt_journal as adopt_journal
    from .notifications import WebhookSettler as WebhookSettler
    from .report import BatchReport as BatchReport
    from .results import Created as Created
    from .results import Evidence as Evidence
    from .results import Failed as Failed
    from .results import Result as Result
    from .results import Unknown as Unknown
    from .settling import Settler as Settler
else:
    __getattr__, __dir__, __all__ = _lazy.names(
        __name__,
        {
            ".calendar": ("CalendarSettler",),
            ".export": ("to_csv", "to_jsonl"),
            ".journal": ("Journal",),
            ".journal_file": ("adopt_journal",),
            ".notifications": ("WebhookSettler",),
            ".report": ("BatchReport",),
            ".results": ("Created", "Evidence", "Failed", "Result", "Unknown"),
            ".settling": ("Settler",),
        },
    )
