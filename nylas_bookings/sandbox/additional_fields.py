"""The answers to a booking form, held against the questions that the configuration asks."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..models.scheduler_settings import AdditionalField
from .refusals import Refusal, bad_request

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_PHONE = re.compile(r"\+?[0-9 ()./-]{4,}")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_CHECKBOX = ("true", "false", "")


def checked_answers(
    fields: Mapping[str, AdditionalField], answers: Mapping[str, str]
) -> dict[str, str]:
    """The answers, if each fits its question; refuses otherwise."""
    for key in answers:
        if key not in fields:
            raise bad_request(f"Additional field '{key}' not found in configuration")
    for key, field in fields.items():
        _check(key, field, answers.get(key, ""))
    return dict(answers)


def _check(key: str, field: AdditionalField, answer: str) -> None:
    if not answer:
        # Fields of type metadata are never asked; whoever books through the API may leave them out.
        if field.required and field.type != "metadata" and not field.default:
            raise bad_request(f"Additional field '{key}' is required")
        return
    if field.pattern and re.search(field.pattern, answer) is None:
        raise bad_request(f"Additional field '{key}' does not match its pattern")
    if field.options and field.type in ("dropdown", "radio_button"):
        if answer not in field.options:
            raise _misfit(key, "one of its options")
    elif field.type == "email" and not _EMAIL.fullmatch(answer):
        raise _misfit(key, "an e-mail address")
    elif field.type == "phone_number" and not _PHONE.fullmatch(answer):
        raise _misfit(key, "a phone number")
    elif field.type == "date" and not _DATE.fullmatch(answer):
        raise _misfit(key, "a date such as 2026-12-01")
    elif field.type == "checkbox" and answer not in _CHECKBOX:
        raise _misfit(key, "true or false")


def _misfit(key: str, wanted: str) -> Refusal:
    return bad_request(f"Additional field '{key}' must be {wanted}")
