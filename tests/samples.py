"""What the API says in the tests, and the models that it is read into."""

from __future__ import annotations

from datetime import UTC, datetime

from nylas_bookings import ApiKey, Guest, PublicConfiguration, models

KEY = ApiKey("nyk_v0_key")
PUBLIC = PublicConfiguration("cfg-1")
JANE = Guest(name="Jane Doe", email="jane@example.com")

START = 1_900_000_000
END = START + 1800
FROM = datetime.fromtimestamp(START, UTC)
UNTIL = datetime.fromtimestamp(END, UTC)

CONFIGURATION = {
    "id": "c-1",
    "participants": [{"email": "host@example.com", "is_organizer": True}],
    "availability": {"duration_minutes": 30},
    "event_booking": {"title": "Intro call"},
    "slug": None,
    "scheduler": {"min_booking_notice": 60},
}
SUBSCRIPTION = {
    "id": "w-1",
    "webhook_url": "https://example.com/hook",
    "trigger_types": ["booking.created"],
    "status": "active",
}
GROUP_EVENT = {
    "id": "e-1",
    "calendar_id": "cal-1",
    "title": "Yoga",
    "when": {"start_time": START, "end_time": END},
    "capacity": 12,
}

A_BOOKING = models.Booking(
    booking_id="b-1",
    event_id="e-1",
    title="Intro call",
    organizer=models.Organizer(email="host@example.com", name="Host"),
    status="booked",
    request_id="req-1",
)
A_CONFIGURATION = models.Configuration(
    id="c-1",
    participants=(models.ConfigurationParticipant(email="host@example.com", is_organizer=True),),
    availability=models.ConfigurationAvailability(duration_minutes=30),
    event_booking=models.EventBooking(title="Intro call"),
    slug=None,
    scheduler=models.SchedulerSettings(min_booking_notice=60),
    request_id="req-1",
)
A_GROUP_EVENT = models.GroupEvent(
    id="e-1",
    calendar_id="cal-1",
    title="Yoga",
    when=models.When(start_time=FROM, end_time=UNTIL),
    capacity=12,
    request_id="req-1",
)
A_SUBSCRIPTION = models.WebhookSubscription(
    id="w-1",
    webhook_url="https://example.com/hook",
    trigger_types=("booking.created",),
    status="active",
    request_id="req-1",
)
DONE = models.Receipt(request_id="req-1")
