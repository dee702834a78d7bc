"""The sandbox does what the model of it does."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from ...examples import examples
from .lifecycles import Lifecycles

pytestmark = pytest.mark.timeout(600)  # when it fails, it looks for a shorter life that does


def test_the_sandbox_does_what_the_model_does() -> None:
    """After any sequence of calls, mishaps and waits the sandbox is as a simple model says."""
    plan = settings(
        examples(25), stateful_step_count=30, suppress_health_check=[HealthCheck.too_slow]
    )
    run_state_machine_as_test(Lifecycles, settings=plan)
