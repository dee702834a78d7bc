"""What goes to the API and what comes back, as frozen attrs classes: one file for each resource."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import _lazy

if TYPE_CHECKING:
    from ._times import Moment as Moment
    from ._unset import UNSET as UNSET
    from ._unset import Unset as Unset
    from .availability import Availability as Availability
    from .availability import TimeSlot as TimeSlot
    from .availability_rules import AvailabilityMethod as AvailabilityMethod
    from .availability_rules import AvailabilityRules as AvailabilityRules
    from .availability_rules import Buffer as Buffer
    from .availability_rules import ConfigurationAvailability as ConfigurationAvailability
    from .availability_rules import OpenHours as OpenHours
    from .availability_rules import SpecificTime as SpecificTime
    from .bookings import Booking as Booking
    from .bookings import BookingReceipt as BookingReceipt
    from .bookings import BookingStatus as BookingStatus
    from .bookings import Cancellation as Cancellation
    from .bookings import Decision as Decision
    from .bookings import EmailLanguage as EmailLanguage
    from .bookings import Guest as Guest
    from .bookings import NewBooking as NewBooking
    from .bookings import Organizer as Organizer
    from .bookings import Participant as Participant
    from .bookings import Receipt as Receipt
    from .bookings import Reschedule as Reschedule
    from .calendar_events import CalendarEvent as CalendarEvent
    from .calendar_events import EventParticipant as EventParticipant
    from .calendar_events import EventWhen as EventWhen
    from .conferencing import Conferencing as Conferencing
    from .conferencing import ConferencingAutocreate as ConferencingAutocreate
    from .conferencing import ConferencingDetails as ConferencingDetails
    from .conferencing import ConferencingProvider as ConferencingProvider
    from .configurations import AnyConfiguration as AnyConfiguration
    from .configurations import BookingType as BookingType
    from .configurations import Configuration as Configuration
    from .configurations import ConfigurationChanges as ConfigurationChanges
    from .configurations import ConfigurationParticipant as ConfigurationParticipant
    from .configurations import EventBooking as EventBooking
    from .configurations import GroupBooking as GroupBooking
    from .configurations import GroupConfiguration as GroupConfiguration
    from .configurations import ParticipantAvailability as ParticipantAvailability
    from .configurations import ParticipantBooking as ParticipantBooking
    from .configurations import Reminder as Reminder
    from .configurations import ReminderRecipient as ReminderRecipient
    from .configurations import ReminderType as ReminderType
    from .group_events import EventException as EventException
    from .group_events import EventTime as EventTime
    from .group_events import GroupEvent as GroupEvent
    from .group_events import GroupEventChanges as GroupEventChanges
    from .group_events import GroupEventImport as GroupEventImport
    from .group_events import GroupEventParticipant as GroupEventParticipant
    from .group_events import ImportedEvent as ImportedEvent
    from .group_events import ImportFailure as ImportFailure
    from .group_events import ImportReport as ImportReport
    from .group_events import NewGroupEvent as NewGroupEvent
    from .group_events import SlotToValidate as SlotToValidate
    from .group_events import When as When
    from .notifications import AnyNotification as AnyNotification
    from .notifications import BookingCancelled as BookingCancelled
    from .notifications import BookingCreated as BookingCreated
    from .notifications import BookingInfo as BookingInfo
    from .notifications import BookingNotification as BookingNotification
    from .notifications import BookingPending as BookingPending
    from .notifications import BookingReminder as BookingReminder
    from .notifications import BookingRescheduled as BookingRescheduled
    from .notifications import Notification as Notification
    from .notifications import NotifiedParticipant as NotifiedParticipant
    from .notifications import OtherNotification as OtherNotification
    from .pages import Page as Page
    from .scheduler_settings import AdditionalField as AdditionalField
    from .scheduler_settings import AdditionalFieldType as AdditionalFieldType
    from .scheduler_settings import BookingConfirmedEmail as BookingConfirmedEmail
    from .scheduler_settings import CustomInstructions as CustomInstructions
    from .scheduler_settings import EmailTemplate as EmailTemplate
    from .scheduler_settings import MeetingSettings as MeetingSettings
    from .scheduler_settings import NotetakerSettings as NotetakerSettings
    from .scheduler_settings import SchedulerSettings as SchedulerSettings
    from .scheduler_settings import TranscriptionSettings as TranscriptionSettings
    from .sessions import NewSession as NewSession
    from .sessions import Session as Session
    from .webhook_subscriptions import BookingTrigger as BookingTrigger
    from .webhook_subscriptions import NewWebhookSubscription as NewWebhookSubscription
    from .webhook_subscriptions import WebhookStatus as WebhookStatus
    from .webhook_subscriptions import WebhookSubscription as WebhookSubscription
    from .webhook_subscriptions import WebhookSubscriptionChanges as WebhookSubscriptionChanges
else:
    __getattr__, __dir__, __all__ = _lazy.names(
        __name__,
        {
            "._times": ("Moment",),
            "._unset": (
                "UNSET",
                "Unset",
            ),
            ".availability": (
                "Availability",
                "TimeSlot",
            ),
            ".availability_rules": (
                "AvailabilityMethod",
                "AvailabilityRules",
                "Buffer",
                "ConfigurationAvailability",
                "OpenHours",
                "SpecificTime",
            ),
            ".bookings": (
                "Booking",
                "BookingReceipt",
                "BookingStatus",
                "Cancellation",
                "Decision",
                "EmailLanguage",
                "Guest",
                "NewBooking",
                "Organizer",
                "Participant",
                "Receipt",
                "Reschedule",
            ),
            ".calendar_events": (
                "CalendarEvent",
                "EventParticipant",
                "EventWhen",
            ),
            ".conferencing": (
                "Conferencing",
                "ConferencingAutocreate",
                "ConferencingDetails",
                "ConferencingProvider",
            ),
            ".configurations": (
                "AnyConfiguration",
                "BookingType",
                "Configuration",
                "ConfigurationChanges",
                "ConfigurationParticipant",
                "EventBooking",
                "GroupBooking",
                "GroupConfiguration",
                "ParticipantAvailability",
                "ParticipantBooking",
                "Reminder",
                "ReminderRecipient",
                "ReminderType",
            ),
            ".group_events": (
                "EventException",
                "EventTime",
                "GroupEvent",
                "GroupEventChanges",
                "GroupEventImport",
                "GroupEventParticipant",
                "ImportFailure",
                "ImportReport",
                "ImportedEvent",
                "NewGroupEvent",
                "SlotToValidate",
                "When",
            ),
            ".notifications": (
                "AnyNotification",
                "BookingCancelled",
                "BookingCreated",
                "BookingInfo",
                "BookingNotification",
                "BookingPending",
                "BookingReminder",
                "BookingRescheduled",
                "Notification",
                "NotifiedParticipant",
                "OtherNotification",
            ),
            ".pages": ("Page",),
            ".scheduler_settings": (
                "AdditionalField",
                "AdditionalFieldType",
                "BookingConfirmedEmail",
                "CustomInstructions",
                "EmailTemplate",
                "MeetingSettings",
                "NotetakerSettings",
                "SchedulerSettings",
                "TranscriptionSettings",
            ),
            ".sessions": (
                "NewSession",
                "Session",
            ),
            ".webhook_subscriptions": (
                "BookingTrigger",
                "NewWebhookSubscription",
                "WebhookStatus",
                "WebhookSubscription",
                "WebhookSubscriptionChanges",
            ),
        },
    )
