"""The sandbox does what the model of it does."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from .lifecycles import Lifecycles

_USUAL = 60
_LIVES = int(os.environ.get("LIFECYCLES", _USUAL))

pytestmark = pytest.mark.timeout(600)  # when it fails, it looks for a shorter life that does


def test_the_sandbox_does_what_the_model_does() -> None:
    """After any sequence of calls, mishaps and waits the sandbox is as a simple model says."""
    plan = settings(
        max_examples=_LIVES,
        stateful_step_count=30,
        deadline=None,
        derandomize=_LIVES == _USUAL,
        suppress_health_check=[HealthCheck.too_slow],
    )
    run_state_machine_as_test(Lifecycles, settings=plan)
