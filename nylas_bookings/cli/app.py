"""The commands, each of which loads only when it is called."""

from __future__ import annotations

from typing import Final

from cyclopts import App

from .._version import VERSION

app: Final = App(
    name="nylas-bookings",
    help="Book meetings through the Nylas Scheduler API.",
    version=VERSION,
)

app.command(f"{__package__}.sandbox:run", name="sandbox")
