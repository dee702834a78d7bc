"""Every operation once: the call, what it puts on the wire, what the API says, what it returns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
from attrs import evolve, frozen

from nylas_bookings import Response, models, operations
from nylas_bookings.auth import Auth
from nylas_bookings.operations import Operation

from .samples import (
    A_BOOKING,
    A_CONFIGURATION,
    A_GROUP_EVENT,
    A_SUBSCRIPTION,
    CONFIGURATION,
    DONE,
    END,
    FROM,
    GROUP_EVENT,
    JANE,
    KEY,
    PUBLIC,
    START,
    SUBSCRIPTION,
    UNTIL,
)
from .wire_server import BOOKING

GRANT = "/v3/grants/g-1/scheduling/configurations"


@frozen(kw_only=True)
class Case:
    """One operation, used as people use it.

    Attributes:
        operation: Which one.
        call: The call, on either client.
        target: The target of the request line.
        body: The bytes of the body; `None` for a GET.
        data: The `data` of the answer; `None` when it has none.
        result: What the call returns.
        auth: Who is asking.
    """

    operation: Operation[Any]
    call: Callable[[Any], Any]
    target: str
    body: bytes | None = None
    data: Any = None
    result: Any
    auth: Auth = KEY


def yes_to(case: Case) -> Response:
    """What the API says when the case goes well."""
    data = {} if case.data is None else {"data": case.data}
    return Response(200, {}, orjson.dumps({"request_id": "req-1", **data}))


CASES = [
    Case(
        operation=operations.CREATE_BOOKING,
        call=lambda nylas: nylas.bookings.create(
            start_time=FROM,
            end_time=END,
            guest=JANE,
            participants=["host@example.com"],
            timezone="Europe/Berlin",
            email_language="de",
            additional_guests=[JANE],
            additional_fields={"company": "Ürümqi & Söhne"},
            booking_timezone="America/New_York",
            event_id="e-1",
            master_id="m-1",
            calendar_id="cal-1",
        ),
        auth=PUBLIC,
        target="/v3/scheduling/bookings?timezone=America%2FNew_York&configuration_id=cfg-1",
        body='{"start_time":1900000000,"end_time":1900001800,'
        '"guest":{"name":"Jane Doe","email":"jane@example.com"},'
        '"participants":[{"email":"host@example.com"}],"timezone":"Europe/Berlin",'
        '"email_language":"de",'
        '"additional_guests":[{"name":"Jane Doe","email":"jane@example.com"}],'
        '"additional_fields":{"company":"Ürümqi & Söhne"},'
        '"event_id":"e-1","master_id":"m-1","calendar_id":"cal-1"}'.encode(),
        data=BOOKING,
        result=A_BOOKING,
    ),
    Case(
        operation=operations.GET_BOOKING,
        call=lambda nylas: nylas.bookings.get("b-1"),
        auth=PUBLIC,
        target="/v3/scheduling/bookings/b-1?configuration_id=cfg-1",
        data=BOOKING,
        result=A_BOOKING,
    ),
    Case(
        operation=operations.RESCHEDULE_BOOKING,
        call=lambda nylas: nylas.bookings.reschedule("b-1", start_time=FROM, end_time=UNTIL),
        auth=PUBLIC,
        target="/v3/scheduling/bookings/b-1?configuration_id=cfg-1",
        body=b'{"start_time":1900000000,"end_time":1900001800}',
        result=models.BookingReceipt(booking_id="b-1", request_id="req-1"),
    ),
    Case(
        operation=operations.CONFIRM_BOOKING,
        call=lambda nylas: nylas.bookings.confirm("b-1", salt="-zgLLAuk_qtcsw"),
        auth=PUBLIC,
        target="/v3/scheduling/bookings/b-1?configuration_id=cfg-1",
        body=b'{"salt":"-zgLLAuk_qtcsw","status":"confirmed"}',
        data=BOOKING,
        result=A_BOOKING,
    ),
    Case(
        operation=operations.DECLINE_BOOKING,
        call=lambda nylas: nylas.bookings.decline("b-1", salt="-zgLLAuk_qtcsw", reason="ill"),
        auth=PUBLIC,
        target="/v3/scheduling/bookings/b-1?configuration_id=cfg-1",
        body=b'{"salt":"-zgLLAuk_qtcsw","status":"cancelled","cancellation_reason":"ill"}',
        result=models.BookingReceipt(booking_id="b-1", request_id="req-1"),
    ),
    Case(
        operation=operations.CANCEL_BOOKING,
        call=lambda nylas: nylas.bookings.cancel("b-1", reason="Plans changed"),
        auth=PUBLIC,
        target="/v3/scheduling/bookings/b-1?configuration_id=cfg-1",
        body=b'{"cancellation_reason":"Plans changed"}',
        result=models.BookingReceipt(booking_id="b-1", request_id="req-1"),
    ),
    Case(
        operation=operations.GET_AVAILABILITY,
        call=lambda nylas: nylas.availability.get(start_time=START, end_time=END, booking_id="b/1"),
        auth=PUBLIC,
        target="/v3/scheduling/availability"
        "?start_time=1900000000&end_time=1900001800&booking_id=b%2F1&configuration_id=cfg-1",
        data={"time_slots": [{"emails": None, "start_time": START, "end_time": END}]},
        result=models.Availability(
            time_slots=(models.TimeSlot(start_time=FROM, end_time=UNTIL),), request_id="req-1"
        ),
    ),
    Case(
        operation=operations.CREATE_SESSION,
        call=lambda nylas: nylas.sessions.create(configuration_id="c-1", time_to_live=7),
        target="/v3/scheduling/sessions",
        body=b'{"configuration_id":"c-1","time_to_live":7}',
        data={"session_id": "s-1"},
        result=models.Session(session_id="s-1", request_id="req-1"),
    ),
    Case(
        operation=operations.DESTROY_SESSION,
        call=lambda nylas: nylas.sessions.destroy("s-1"),
        target="/v3/scheduling/sessions/s-1",
        body=b"{}",
        result=DONE,
    ),
    Case(
        operation=operations.CREATE_CONFIGURATION,
        call=lambda nylas: nylas.configurations.create("g-1", A_CONFIGURATION),
        target=GRANT,
        body=b'{"participants":[{"email":"host@example.com","is_organizer":true}],'
        b'"availability":{"duration_minutes":30},"event_booking":{"title":"Intro call"},'
        b'"scheduler":{"min_booking_notice":60},"slug":null}',
        data=CONFIGURATION,
        result=A_CONFIGURATION,
    ),
    Case(
        operation=operations.GET_CONFIGURATION,
        call=lambda nylas: nylas.configurations.get("g-1", "c-1"),
        target=f"{GRANT}/c-1",
        data=CONFIGURATION,
        result=A_CONFIGURATION,
    ),
    Case(
        operation=operations.LIST_CONFIGURATIONS,
        call=lambda nylas: nylas.configurations.list("g-1", limit=1, page_token="p=1"),
        target=f"{GRANT}?limit=1&page_token=p%3D1",
        data=[CONFIGURATION],
        result=models.Page(items=(evolve(A_CONFIGURATION, request_id=None),), request_id="req-1"),
    ),
    Case(
        operation=operations.UPDATE_CONFIGURATION,
        call=lambda nylas: nylas.configurations.update("g-1", "c-1", name="Intro", slug=None),
        target=f"{GRANT}/c-1",
        body=b'{"name":"Intro","slug":null}',
        data=CONFIGURATION,
        result=A_CONFIGURATION,
    ),
    Case(
        operation=operations.DELETE_CONFIGURATION,
        call=lambda nylas: nylas.configurations.delete("g-1", "c-1"),
        target=f"{GRANT}/c-1",
        body=b"{}",
        result=DONE,
    ),
    Case(
        operation=operations.LIST_GROUP_EVENTS,
        call=lambda nylas: nylas.group_events.list(
            "g-1", "c-1", calendar_id="cal 1", start_time=FROM, end_time=UNTIL
        ),
        target=f"{GRANT}/c-1/group-events"
        "?start_time=1900000000&end_time=1900001800&calendar_id=cal%201",
        data=[GROUP_EVENT],
        result=models.Page(items=(evolve(A_GROUP_EVENT, request_id=None),), request_id="req-1"),
    ),
    Case(
        operation=operations.CREATE_GROUP_EVENT,
        call=lambda nylas: nylas.group_events.create(
            "g-1",
            "c-1",
            calendar_id="cal-1",
            title="Yoga",
            when=models.EventTime(start_time=FROM, end_time=UNTIL),
            capacity=12,
            participants=[models.GroupEventParticipant(email="host@example.com")],
            recurrence=["RRULE:FREQ=WEEKLY;COUNT=4"],
        ),
        target=f"{GRANT}/c-1/group-events",
        body=b'{"calendar_id":"cal-1","title":"Yoga",'
        b'"when":{"start_time":1900000000,"end_time":1900001800},"capacity":12,'
        b'"participants":[{"email":"host@example.com"}],'
        b'"recurrence":["RRULE:FREQ=WEEKLY;COUNT=4"]}',
        data=GROUP_EVENT,
        result=A_GROUP_EVENT,
    ),
    Case(
        operation=operations.UPDATE_GROUP_EVENT,
        call=lambda nylas: nylas.group_events.update("g-1", "c-1", "e-1", title="Yoga"),
        target=f"{GRANT}/c-1/group-events/e-1",
        body=b'{"title":"Yoga"}',
        data=GROUP_EVENT,
        result=A_GROUP_EVENT,
    ),
    Case(
        operation=operations.DELETE_GROUP_EVENT,
        call=lambda nylas: nylas.group_events.delete("g-1", "c-1", "e-1", calendar_id="cal-1"),
        target=f"{GRANT}/c-1/group-events/e-1?calendar_id=cal-1",
        body=b"{}",
        result=DONE,
    ),
    Case(
        operation=operations.IMPORT_GROUP_EVENTS,
        call=lambda nylas: nylas.group_events.import_events(
            "c-1", [models.GroupEventImport(calendar_id="cal-1", event_id="e-1", capacity=12)]
        ),
        target="/v3/scheduling/configurations/c-1/import-group-events",
        body=b'[{"calendar_id":"cal-1","event_id":"e-1","capacity":12}]',
        data={
            "imported_events": [{"event_id": "e-1"}],
            "import_failed": [{"event_id": "e-2", "reason": "Event already imported"}],
        },
        result=models.ImportReport(
            imported_events=(models.ImportedEvent(event_id="e-1"),),
            import_failed=(models.ImportFailure(event_id="e-2", reason="Event already imported"),),
            request_id="req-1",
        ),
    ),
    Case(
        operation=operations.VALIDATE_TIMESLOT,
        call=lambda nylas: nylas.group_events.validate_timeslot(
            "c-1", calendar_id="cal-1", event_id="e-1", start_time=FROM, end_time=UNTIL
        ),
        target="/v3/scheduling/configurations/c-1/group-events/validate-timeslot",
        body=b'{"calendar_id":"cal-1","event_id":"e-1",'
        b'"start_time":1900000000,"end_time":1900001800}',
        result=DONE,
    ),
    Case(
        operation=operations.LIST_WEBHOOKS,
        call=lambda nylas: nylas.webhooks.list(),
        target="/v3/webhooks",
        data=[SUBSCRIPTION],
        result=models.Page(items=(evolve(A_SUBSCRIPTION, request_id=None),), request_id="req-1"),
    ),
    Case(
        operation=operations.GET_WEBHOOK,
        call=lambda nylas: nylas.webhooks.get("w-1"),
        target="/v3/webhooks/w-1",
        data=SUBSCRIPTION,
        result=A_SUBSCRIPTION,
    ),
    Case(
        operation=operations.CREATE_WEBHOOK,
        call=lambda nylas: nylas.webhooks.create(
            trigger_types=["booking.created"],
            webhook_url="https://example.com/hook",
            compressed_delivery=False,
        ),
        target="/v3/webhooks",
        body=b'{"trigger_types":["booking.created"],"webhook_url":"https://example.com/hook",'
        b'"compressed_delivery":false}',
        data={**SUBSCRIPTION, "webhook_secret": "whsec-1"},
        result=evolve(A_SUBSCRIPTION, webhook_secret="whsec-1"),
    ),
    Case(
        operation=operations.UPDATE_WEBHOOK,
        call=lambda nylas: nylas.webhooks.update("w-1", status="pause"),
        target="/v3/webhooks/w-1",
        body=b'{"status":"pause"}',
        data=SUBSCRIPTION,
        result=A_SUBSCRIPTION,
    ),
    Case(
        operation=operations.DELETE_WEBHOOK,
        call=lambda nylas: nylas.webhooks.delete("w-1"),
        target="/v3/webhooks/w-1",
        body=b"{}",
        data={"status": "success"},
        result=DONE,
    ),
    Case(
        operation=operations.ROTATE_WEBHOOK_SECRET,
        call=lambda nylas: nylas.webhooks.rotate_secret("w-1"),
        target="/v3/webhooks/rotate-secret/w-1",
        body=b"{}",
        data={**SUBSCRIPTION, "webhook_secret": "whsec-2"},
        result=evolve(A_SUBSCRIPTION, webhook_secret="whsec-2"),
    ),
]
