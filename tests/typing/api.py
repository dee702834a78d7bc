"""The whole public API as a user would write it. mypy checks this file; nothing runs it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import assert_type

import aiohttp.web
import attrs
import flask
import starlette.routing

from nylas_bookings import (
    EU,
    US,
    ApiKey,
    AsyncClient,
    Auth,
    Client,
    Exchange,
    Guest,
    MintedSession,
    NewBooking,
    Pace,
    PublicConfiguration,
    PublicPage,
    Request,
    Response,
    Retry,
    SessionToken,
    Timeout,
    batch,
    errors,
    models,
    references,
    webhooks,
)
from nylas_bookings.sandbox import Behaviour, Fault, Sandbox
from nylas_bookings.webhooks import aiohttp as on_aiohttp
from nylas_bookings.webhooks import flask as on_flask
from nylas_bookings.webhooks import starlette as on_starlette

START = datetime(2026, 12, 1, 9, tzinfo=UTC)
END = START + timedelta(minutes=30)
GUEST = Guest(name="Jane Doe", email="jane@example.com")


async def bookings(nylas: AsyncClient) -> None:
    """Bookings, awaited."""
    booking = await nylas.bookings.create(
        start_time=START,
        end_time=1_796_000_000,
        guest=GUEST,
        participants=["host@example.com"],
        timezone="Europe/Berlin",
        email_language="de",
        additional_guests=[GUEST],
        additional_fields={"company": "Example"},
        booking_timezone="UTC",
        event_id="e",
        master_id="m",
        calendar_id="c",
        auth=SessionToken("session"),
        timeout=Timeout(connect=1, total=5),
    )
    assert_type(booking, models.Booking)
    assert_type(booking.booking_id, str)
    assert_type(booking.location, str | None)
    receipt = await nylas.bookings.reschedule(booking.booking_id, start_time=START, end_time=END)
    assert_type(receipt, models.BookingReceipt)
    assert_type(receipt.booking, models.Booking | None)
    assert_type(await nylas.bookings.confirm(receipt.booking_id, salt="s"), models.Booking)
    await nylas.bookings.decline(receipt.booking_id, salt="s", reason="no")
    await nylas.bookings.cancel(receipt.booking_id, reason="no")
    assert_type(await nylas.bookings.get(receipt.booking_id), models.Booking)


async def around(nylas: AsyncClient) -> None:
    """What stands around the bookings."""
    availability = await nylas.availability.get(start_time=START, end_time=END, booking_id="b")
    assert_type(availability.time_slots, tuple[models.TimeSlot, ...])
    session = await nylas.sessions.create(configuration_id="c", time_to_live=10)
    assert_type(await nylas.sessions.destroy(session.session_id), models.Receipt)
    subscription = await nylas.webhooks.create(
        trigger_types=["booking.created"], webhook_url="https://example.com/hook"
    )
    assert_type(subscription.webhook_secret, str | None)
    assert_type(await nylas.webhooks.list(), models.Page[models.WebhookSubscription])
    await nylas.webhooks.update(subscription.id, status="pause", description="off")
    await nylas.webhooks.rotate_secret((await nylas.webhooks.get(subscription.id)).id)
    await nylas.webhooks.delete(subscription.id)


async def configurations(nylas: AsyncClient) -> None:
    """Configurations, made, changed and listed."""
    wanted = models.Configuration(
        participants=[
            models.ConfigurationParticipant(
                email="host@example.com",
                is_organizer=True,
                availability=models.ParticipantAvailability(
                    calendar_ids=["primary"],
                    open_hours=[models.OpenHours(days=[1, 2], start="9:00", end="17:00")],
                ),
                booking=models.ParticipantBooking(calendar_id="primary"),
            )
        ],
        availability=models.ConfigurationAvailability(duration_minutes=30),
        event_booking=models.EventBooking(title="Intro", disable_emails=None),
        scheduler=models.SchedulerSettings(
            additional_fields={
                "company": models.AdditionalField(label="Company", type="text", required=True)
            }
        ),
        slug=None,
    )
    made = await nylas.configurations.create("grant", wanted)
    assert_type(made, models.Configuration | models.GroupConfiguration)
    assert made.id is not None
    if isinstance(made, models.Configuration) and made.scheduler is not None:
        shorter = attrs.evolve(made.scheduler, available_days_in_future=7)
        await nylas.configurations.update("grant", made.id, scheduler=shorter, slug=None)
    page = await nylas.configurations.list("grant", limit=10, page_token=None)
    assert_type(page.next_cursor, str | None)
    for configuration in await nylas.configurations.list_all("grant"):
        assert_type(configuration.name, str | None)
    await nylas.configurations.get("grant", made.id)
    await nylas.configurations.delete("grant", made.id)


async def group_events(nylas: AsyncClient) -> None:
    """Group events."""
    when = models.EventTime(start_time=START, end_time=END)
    event = await nylas.group_events.create(
        "grant", "configuration", calendar_id="c", title="Class", when=when, capacity=5
    )
    assert_type(event, models.GroupEvent)
    await nylas.group_events.update("grant", "configuration", event.id or "", title="Course")
    await nylas.group_events.list(
        "grant", "configuration", calendar_id="c", start_time=START, end_time=END
    )
    report = await nylas.group_events.import_events(
        "configuration", [models.GroupEventImport(calendar_id="c", event_id="e")]
    )
    assert_type(report.import_failed, tuple[models.ImportFailure, ...])
    await nylas.group_events.validate_timeslot(
        "configuration", calendar_id="c", event_id="e", start_time=START, end_time=END
    )
    await nylas.group_events.delete("grant", "configuration", "e", calendar_id="c")


async def clients() -> None:
    """Every way to make a client."""
    auths: list[Auth] = [
        PublicConfiguration("c"),
        PublicPage("slug", "client"),
        SessionToken("s"),
        ApiKey("k", "c"),
        MintedSession("k", "c", time_to_live=10),
    ]
    for auth in auths:
        async with AsyncClient(auth, api_url=EU, retry=Retry(attempts=1, deadline=None)) as nylas:
            await bookings(nylas)
            await around(nylas)
            await configurations(nylas)
            await group_events(nylas)
    async with aiohttp.ClientSession() as session:
        AsyncClient(auths[0], api_url=US, session=session)
    AsyncClient(send=stand_in, on_exchange=see)
    await AsyncClient.from_env().close()


async def stand_in(request: Request) -> Response:
    """A sender of one's own."""
    return Response(200, {}, request.body or b"{}")


def see(exchange: Exchange) -> None:
    """A hook."""
    assert_type(exchange.status, int | None)


def blocking() -> models.Booking:
    """The same, blocking."""
    with Client(PublicConfiguration("c")) as nylas:
        booking = nylas.bookings.create(start_time=START, end_time=END, guest=GUEST)
        assert_type(booking, models.Booking)
        assert_type(nylas.bookings.cancel(booking.booking_id), models.BookingReceipt)
        assert_type(nylas.configurations.list("g"), models.Page[models.AnyConfiguration])
    Client.from_env().close()
    return booking


def failures(nylas: Client) -> str:
    """Errors, and what they tell."""
    try:
        nylas.bookings.get("b")
    except errors.RateLimited as error:
        assert_type(error.retry_after, float | None)
    except errors.APIError as error:
        assert_type(error.status, int)
        assert_type(error.type, str | None)
    except errors.BookingsError as error:
        if error.outcome is errors.Outcome.UNKNOWN:
            return str(error.request_id)
    return ""


async def many(nylas: AsyncClient) -> int:
    """A batch, and what became of a single lost call."""
    settler = batch.CalendarSettler("key", "grant", limit=90.0)
    report = await nylas.bookings.create_many(
        [NEW],
        concurrency=8,
        pace=Pace(per_second=50),
        journal="import.sqlite3",
        settle=settler,
        on_result=lambda result: assert_type(result.key, str),
        stop_on=errors.Unauthorized,
    )
    assert_type(report, batch.BatchReport)
    for result in report:
        if isinstance(result, batch.Created):
            assert_type(result.booking, models.Booking)
        else:
            assert_type(result.error, errors.BookingsError)
    try:
        await nylas.bookings.create(start_time=START, end_time=END, guest=GUEST)
    except errors.NoAnswer as error:
        assert_type(await nylas.bookings.settle(error, settler), batch.Result)
    return report.created


def many_blocking(nylas: Client) -> batch.BatchReport:
    """The same, blocking."""
    return nylas.bookings.create_many([NEW], on_result=print)


async def on_this_machine() -> None:
    """The sandbox, from both worlds."""
    async with Sandbox(seed=1, behaviour=Behaviour(strict=True)) as sandbox:
        assert_type(sandbox.url, str)
        sandbox.faults.add("create", Fault.status(503, retry_after=2), times=None)
        sandbox.clock.advance(minutes=5)
        AsyncClient(PublicConfiguration(sandbox.public), send=sandbox.send)
    with Sandbox("file.sqlite3", now=START) as sandbox:
        assert_type(sandbox.add_host("bob@example.com"), str)
        sandbox.add_event("bob@example.com", START, END)
        sandbox.settle(timeout=5)
        sandbox.reset()


def deliveries(body: bytes, headers: dict[str, str]) -> str:
    """Webhooks and references."""
    notification = webhooks.receive(body, headers, secret="s")
    if isinstance(notification, models.BookingRescheduled):
        assert_type(notification.booking_info.old_start_time, datetime | None)
        reference = references.decode(notification.booking_ref or "")
        assert_type(reference.salt, str | None)
        return references.encode(
            configuration_id=reference.configuration_id, booking_id=reference.booking_id
        )
    assert webhooks.challenge({"challenge": "c"}) == "c"
    return webhooks.sign(body, secret="s")


async def told(notification: models.Notification) -> None:
    """Acts on a notification."""


def receivers(app: aiohttp.web.Application, flask_app: flask.Flask) -> None:
    """Receivers in their frameworks."""
    handled: set[str] = set()
    hook = on_aiohttp.receiver(told, secret="s", seen=handled.__contains__, limit=1000)
    app.router.add_route("*", "/nylas", hook)
    starlette.routing.Route("/nylas", on_starlette.receiver(told, secret=lambda: "s"))
    flask_app.add_url_rule("/nylas", view_func=on_flask.receiver(print, secret="s"))


NEW = NewBooking(start_time=START, end_time=END, guest=GUEST)

if __name__ == "__main__":
    asyncio.run(clients())
