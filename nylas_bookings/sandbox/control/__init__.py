"""The controls of the sandbox over HTTP: an API for programs, pages for people, calendar feeds."""

from __future__ import annotations

from .part import Control as Control
from .part import at_the_door as at_the_door
