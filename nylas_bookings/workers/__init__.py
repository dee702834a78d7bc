"""One batch on many machines: its rows in PostgreSQL, carried out by workers chunk by chunk.

    from nylas_bookings import workers

    await workers.migrate(dsn)                          # once, and after each upgrade
    name = await workers.submit(requests, dsn=dsn)      # from anywhere
    await workers.run(dsn)                              # on as many machines as you like
    report = await workers.report(name, dsn=dsn)

Needs `pip install 'nylas-bookings[workers]'`. No credential is in the database: each worker has a
client of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import _lazy

if TYPE_CHECKING:
    from .looking import BatchStatus as BatchStatus
    from .looking import report as report
    from .looking import status as status
    from .queue import app as app
    from .schema import migrate as migrate
    from .submitting import submit as submit
    from .working import run as run
else:
    __getattr__, __dir__, __all__ = _lazy.names(
        __name__,
        {
            ".looking": ("BatchStatus", "report", "status"),
            ".queue": ("app",),
            ".schema": ("migrate",),
            ".submitting": ("submit",),
            ".working": ("run",),
        },
    )
