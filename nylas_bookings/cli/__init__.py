"""The command `nylas-bookings`."""

from __future__ import annotations

import importlib.util
import sys

_NEEDS = ("cyclopts", "rich")


def main() -> None:
    """Run the command; say what to install when the packages that it needs are not there."""
    if any(importlib.util.find_spec(name) is None for name in _NEEDS):
        sys.exit("The command needs a little more: pip install 'nylas-bookings[cli]'")
    from .app import app

    app()
