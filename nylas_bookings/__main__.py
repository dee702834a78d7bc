"""`python -m nylas_bookings` is the command `nylas-bookings`."""

from __future__ import annotations

from .cli import main

if __name__ == "__main__":
    main()
