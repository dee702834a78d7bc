"""The store of a sandbox works in the child of a fork."""

from __future__ import annotations

import os
import threading

import pytest

from nylas_bookings.sandbox import Sandbox

COUNT = "SELECT count(*) AS number FROM calendars"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the platform does not fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_fork_in_the_middle_of_a_transaction(sandbox: Sandbox) -> None:
    """A fork waits until no other thread is in the store: its lock would be held for good."""
    store = sandbox._world.store
    inside, may_end = threading.Event(), threading.Event()

    def hold() -> None:
        with store.transaction():
            inside.set()
            may_end.wait(10)

    thread = threading.Thread(target=hold)
    thread.start()
    assert inside.wait(10)
    threading.Timer(0.05, may_end.set).start()
    child = os.fork()
    if not child:
        # Nothing of the test may run on in the child.
        is_usable = store.lock.acquire(timeout=5.0)  # type: ignore[attr-defined] - an RLock
        os._exit(0 if is_usable and store.row(COUNT) is not None else 1)
    _, status = os.waitpid(child, 0)
    thread.join(10)
    assert os.waitstatus_to_exitcode(status) == 0
    assert store.row(COUNT) is not None
