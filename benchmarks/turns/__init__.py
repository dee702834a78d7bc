"""Contenders that take short turns on one event loop, so that their ratio does not drift."""
