"""How fast calls may leave: what the API asks for, what the caller allows, what is learned."""

from .gate import PROBE_SECONDS as PROBE_SECONDS
from .gate import Gate as Gate
from .pace import Held as Held
from .pace import Pace as Pace
from .pace import Pacer as Pacer
from .pace import checked_pace as checked_pace
