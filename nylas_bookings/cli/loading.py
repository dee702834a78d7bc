"""Loading of modules, which is faster while no garbage is looked for."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collection() -> Iterator[None]:
    """Pause the garbage collector: loading makes very many objects, none of which is garbage."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
