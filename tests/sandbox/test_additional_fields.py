"""Answers to the questions of a booking form."""

from __future__ import annotations

from typing import Any

import pytest

from nylas_bookings.models.scheduler_settings import AdditionalField
from nylas_bookings.sandbox.additional_fields import checked_answers
from nylas_bookings.sandbox.refusals import Refusal


def _field(kind: str, **more: Any) -> AdditionalField:
    return AdditionalField(**{"label": "Q", "type": kind, "required": False, **more})


CHOICES = {"options": ["red", "blue"]}


@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [
        (_field("text", pattern="^[a-z]+$"), "abc", "ABC"),
        (_field("email"), "a@example.com", "nobody"),
        (_field("phone_number"), "+33 1 23 45", "call me"),
        (_field("date"), "2026-12-01", "tomorrow"),
        (_field("checkbox"), "true", "yes"),
        (_field("dropdown", **CHOICES), "red", "green"),
        (_field("radio_button", **CHOICES), "blue", "green"),
        (_field("text", required=True), "something", ""),
    ],
    ids=lambda value: value.type if isinstance(value, AdditionalField) else None,
)
def test_answers_fit_their_questions(field: AdditionalField, good: str, bad: str) -> None:
    """An answer that fits is kept; one that does not is refused by its name."""
    assert checked_answers({"q": field}, {"q": good}) == {"q": good}
    with pytest.raises(Refusal, match="Additional field 'q'"):
        checked_answers({"q": field}, {"q": bad})


@pytest.mark.parametrize(
    "field",
    [
        _field("text", pattern="^[a-z]+$"),
        _field("metadata", required=True),
        _field("text", required=True, default="x"),
        _field("dropdown", **CHOICES),
    ],
)
def test_an_answer_may_be_missing(field: AdditionalField) -> None:
    """What is not required, has a default, or is never asked may be left out or empty."""
    assert checked_answers({"q": field}, {}) == {}
    assert checked_answers({"q": field}, {"q": ""}) == {"q": ""}


def test_an_unknown_key_is_refused() -> None:
    """An answer to no question gets the documented message."""
    with pytest.raises(Refusal, match="Additional field 'x' not found in configuration"):
        checked_answers({}, {"x": "y"})
