"""The scheduler part of a configuration: the booking page, its fields, its links, its e-mails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeAlias

from attrs import field, frozen

from ._checks import many
from ._extra import extra
from ._unset import UNSET, Unset

AdditionalFieldType: TypeAlias = Literal[
    "text",
    "multi_line_text",
    "email",
    "phone_number",
    "dropdown",
    "date",
    "checkbox",
    "radio_button",
    "metadata",
]


@frozen(kw_only=True)
class AdditionalField:
    """A question on the booking form; `metadata` is one that guests never see.

    Attributes:
        options: The choices of a `dropdown` or a `radio_button`, which need some.
        pattern: A regular expression that the answer has to match.
    """

    label: str
    type: AdditionalFieldType | str
    required: bool
    default: str | None = None
    pattern: str | None = None
    order: int | None = None
    options: Sequence[str] | None = field(default=None, validator=many(str))
    extra: Mapping[str, Any] = extra()


@frozen(kw_only=True)
class BookingConfirmedEmail:
    """Title and body of the e-mail that confirms a booking."""

    title: str | None = None
    body: str | None = None
    extra: Mapping[str, Any] = extra()


@frozen(kw_only=True)
class EmailTemplate:
    """How the e-mails look."""

    logo: str | None = None
    show_nylas_branding: bool | None = None
    booking_confirmed: BookingConfirmedEmail | None = None
    organizer_locale: str | None = None
    extra: Mapping[str, Any] = extra()


@frozen(kw_only=True)
class CustomInstructions:
    """What the notetaker is told about a summary or about action items."""

    custom_instructions: str | None = None
    extra: Mapping[str, Any] = extra()


@frozen(kw_only=True)
class TranscriptionSettings:
    """What the notetaker expects to hear."""

    expected_languages: Sequence[str] | None = field(default=None, validator=many(str))
    fallback_language: str | None = None
    keywords: Sequence[str] | None = field(default=None, validator=many(str))
    use_speaker_names_as_keywords: bool | None = None
    extra: Mapping[str, Any] = extra()


@frozen(kw_only=True)
class MeetingSettings:
    """What the notetaker records and writes."""

    video_recording: bool | None = None
    audio_recording: bool | None = None
    transcription: bool | None = None
    transcription_settings: TranscriptionSettings | Unset | None = UNSET
    summary: bool | None = None
    summary_settings: CustomInstructions | None = None
    action_items: bool | None = None
    action_items_settings: CustomInstructions | None = None
    leave_after_silence_seconds: int | None = None
    extra: Mapping[str, Any] = extra()


@frozen(kw_only=True)
class NotetakerSettings:
    """Whether a notetaker joins the meetings; it needs conferencing."""

    enabled: bool | None = None
    show_ui_consent_message: bool | None = None
    notetaker_name: str | None = None
    meeting_settings: MeetingSettings | None = None
    extra: Mapping[str, Any] = extra()


@frozen(kw_only=True)
class SchedulerSettings:
    """The booking page and its rules.

    Attributes:
        additional_fields: The questions on the form. An update replaces all of them.
        available_days_in_future: How far ahead can be booked: 30 if not given.
        min_booking_notice: Minutes before a slot after which it cannot be booked: 60 if not given.
        min_cancellation_notice: Minutes before the start after which nobody can cancel.
        rescheduling_url: The page behind the link in the e-mails, with `:booking_ref` in it.
        cancellation_url: The page behind the link in the e-mails, with `:booking_ref` in it.
        organizer_confirmation_url: The organizer's page, with `:booking_ref` in it.
        confirmation_redirect_url: Where visitors go after they have booked.
    """

    additional_fields: Mapping[str, AdditionalField] | None = None
    available_days_in_future: int | None = None
    min_booking_notice: int | Unset | None = UNSET
    min_cancellation_notice: int | None = None
    cancellation_policy: str | None = None
    rescheduling_url: str | None = None
    cancellation_url: str | None = None
    organizer_confirmation_url: str | None = None
    confirmation_redirect_url: str | None = None
    hide_rescheduling_options: bool | None = None
    hide_cancellation_options: bool | None = None
    hide_additional_guests: bool | None = None
    email_template: EmailTemplate | None = None
    notetaker_settings: NotetakerSettings | None = None
    extra: Mapping[str, Any] = extra()
