"""Pages for people: book, reschedule, cancel, confirm, as the links in the mails have it."""

from .part import Pages

__all__ = ["Pages"]
