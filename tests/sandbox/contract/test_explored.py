"""Machine-made requests: the sandbox never fails, and never contradicts its own description."""

from __future__ import annotations

import pytest
from attrs import evolve

from nylas_bookings.sandbox import Behaviour, Sandbox

from ...examples import TIMES
from ..calls import MONDAY
from .explored import Plan, explore

pytestmark = pytest.mark.timeout(300)  # the machine may have other things to do

PLANS = {
    "each limit, bookings": (Plan(coverage=True, paths="scheduling/[abu]"), Behaviour()),
    "guesses": (Plan(examples=3 * TIMES), Behaviour()),
    "guesses of visitors, strictly": (
        Plan(examples=4 * TIMES, who="visitor", seed=2, paths="^/v3/scheduling"),
        Behaviour(strict=True, bodyless_delete="refused", error_prefix=True),
    ),
}
if TIMES > 1:
    rest = "^/v3/(webhooks|.*group-events|.*/events)"
    PLANS["each limit, the rest"] = (Plan(coverage=True, paths=rest), Behaviour())


@pytest.mark.parametrize("name", PLANS)
def test_nothing_contradicts_the_description(name: str) -> None:
    """Whatever is asked, right or wrong, is answered as the description says, and not with 500."""
    plan, behaviour = PLANS[name][0], evolve(PLANS[name][1], challenge=False)
    with Sandbox(seed=1, now=MONDAY, behaviour=behaviour) as sandbox:
        assert list(explore(sandbox, plan)) == []
        assert len(sandbox.requests()) > 50
