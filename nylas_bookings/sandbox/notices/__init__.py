"""Who is told of a booking: notifications, mails and reminders, queued in its transaction."""

from __future__ import annotations

from .mails import mail as mail
from .notifications import notify as notify
from .reminders import forget as forget_reminders
from .reminders import plan as plan_reminders

__all__ = ["forget_reminders", "mail", "notify", "plan_reminders"]
