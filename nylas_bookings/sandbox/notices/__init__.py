"""Who is told of a booking: notifications, mails and reminders, queued in its transaction."""

from __future__ import annotations

from .notifications import notify as notify
from .outbox import catch_up as catch_up
from .outbox import note as note
from .outbox import put as put
from .reminders import forget as forget_reminders
from .reminders import plan as plan_reminders

__all__ = ["catch_up", "forget_reminders", "note", "notify", "plan_reminders", "put"]
