"""How many examples the tests that explore look at: few each time, and many when asked for more."""

from __future__ import annotations

import os
from typing import Final

from hypothesis import settings

TIMES: Final = int(os.environ.get("EXAMPLES_TIMES", "1"))
"""How many times as many as usual; usually they are also the same each time."""


def examples(usual: int) -> settings:
    """So many examples, or so many times that."""
    return settings(max_examples=usual * TIMES, deadline=None, derandomize=TIMES == 1)
