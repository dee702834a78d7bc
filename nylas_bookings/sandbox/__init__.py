"""The Scheduler API on this machine, for tests, demonstrations and first steps."""

from __future__ import annotations

from .behaviour import Behaviour as Behaviour
from .faults import Fault as Fault
from .sandbox import Sandbox as Sandbox
