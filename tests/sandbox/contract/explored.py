"""What schemathesis finds when it holds a running sandbox against its own description."""

from __future__ import annotations

import asyncio
import json
import urllib.request
from collections.abc import Iterator
from typing import Any

import schemathesis
from attrs import field, frozen
from schemathesis.engine import events, from_schema

from nylas_bookings.sandbox import Sandbox

from .known import Known, in_keeping, known, with_known_ids

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "response_headers_conformance",
    "negative_data_rejection",
)


@frozen(kw_only=True)
class Plan:
    """How to look.

    Attributes:
        seed: The same seed asks the same.
        coverage: Whether to try each limit of each value, one by one.
        examples: How many cases to guess for each operation; none if 0.
        who: The credential that goes along: of the `application`, of a `visitor`, or `nobody`.
        briefly: Whether to leave out the settings of a configuration that decide nothing here.
        paths: Which paths to look at, as a regular expression.
    """

    seed: int = 1
    coverage: bool = False
    examples: int = 0
    who: str = "application"
    briefly: bool = True
    paths: str = field(default=".*")


def explore(sandbox: Sandbox, plan: Plan) -> Iterator[str]:
    """What contradicts the description, each with the request that shows it."""
    found = asyncio.run(known(sandbox))
    with urllib.request.urlopen(f"{sandbox.url}/openapi.json") as answer:
        document = with_known_ids(
            json.load(answer), found, named=plan.who != "visitor", briefly=plan.briefly
        )
    config = schemathesis.Config.from_dict(_settings(sandbox, found, plan))
    schema = schemathesis.openapi.from_dict(document, config=config).include(path_regex=plan.paths)
    schema.hook("map_case")(lambda _, case: in_keeping(found, case))
    for event in from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished):
            yield from _failures(event)
        elif isinstance(event, events.NonFatalError):
            yield f"{event.label}: {event.value!r}"
        elif isinstance(event, events.FatalError):
            raise event.exception


def _failures(event: events.ScenarioFinished) -> Iterator[str]:
    for case_id, checks in event.recorder.checks.items():
        for check in checks:
            if check.failure_info is not None:
                case = event.recorder.cases[case_id].value
                asked = f"{case.operation.label} {case.path_parameters} {case.query} {case.body}"
                yield f"{check.name}: {check.failure_info.failure.message[:400]}\n  {asked[:800]}"


def _settings(sandbox: Sandbox, found: Known, plan: Plan) -> dict[str, Any]:
    return {
        "base-url": sandbox.url,
        "seed": plan.seed,
        "headers": _credential(sandbox, found, plan.who),
        "continue-on-failure": True,
        "generation": {
            "max-examples": max(plan.examples, 1),
            "deterministic": True,
            "no-shrink": True,
            "database": "none",
            "with-security-parameters": False,
        },
        "checks": {"enabled": False, **{name: {"enabled": True} for name in CHECKS}},
        "phases": {
            "coverage": {"enabled": plan.coverage},
            "examples": {"enabled": False},
            # It would learn from the words of refusals, and then ask something else next time.
            "fuzzing": {"enabled": plan.examples > 0, "error-feedback": {"enabled": False}},
            "stateful": {"enabled": False},
        },
    }


def _credential(sandbox: Sandbox, found: Known, who: str) -> dict[str, str]:
    if who == "nobody":
        return {}
    credential = sandbox.api_key if who == "application" else found.ids["session_id"][0]
    return {"Authorization": f"Bearer {credential}"}
