"""Runs coroutines for blocking callers, on one event loop in a thread of its own."""

from __future__ import annotations

from .bridge import Bridge as Bridge
from .caller import CALLER as CALLER
from .caller import Caller as Caller

__all__ = ["CALLER", "Bridge", "Caller"]
