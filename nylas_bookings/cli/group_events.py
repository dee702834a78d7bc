"""The commands for group events, which take and give JSON as the API documents it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from ..errors import InvalidRequest
from . import asking, documents, printing, telling, times
from .documents import document
from .options import ConfigurationId, GrantId, Json, JsonFile, OrStdin, Yes, Zone
from .running import Answer, command, reading

if TYPE_CHECKING:
    from ..models import GroupEvent

Which = Annotated[str, Parameter(help="The event's id.")]


@reading
async def list_page(
    *,
    grant_id: GrantId,
    configuration_id: ConfigurationId,
    calendar_id: str,
    start: Annotated[str, Parameter(name="--start")],
    end: Annotated[str, Parameter(name="--end")],
    zone: Zone = None,
    page_token: str | None = None,
    json: Json = False,
) -> Answer:
    """List the group events from one time to another, a page at a time.

    Parameters
    ----------
    calendar_id
        In which calendar.
    start
        From when.
    end
        Until when.
    page_token
        The `next_cursor` of the page before.
    """
    where = times.zone(zone)
    async with asking.key_client() as nylas:
        page = await nylas.group_events.list(
            grant_id,
            configuration_id,
            calendar_id=calendar_id,
            start_time=times.moment(start, where, "--start"),
            end_time=times.moment(end, where, "--end"),
            page_token=page_token,
        )
    rows = [_row(event, zone) for event in page]
    return Answer(
        document(page), printing.table(("id", "title", "starts", "capacity", "series"), rows)
    )


@command
async def create(
    file: JsonFile,
    /,
    *,
    grant_id: GrantId,
    configuration_id: ConfigurationId,
    json: Json = False,
) -> Answer:
    """Make a group event."""
    from ..models import NewGroupEvent

    wanted = documents.given(NewGroupEvent, file, capacity=1, participants=[])
    async with asking.key_client() as nylas:
        return _answer(await nylas.group_events.create(grant_id, configuration_id, **wanted))


@command
async def update(
    event_id: Which,
    file: JsonFile,
    /,
    *,
    grant_id: GrantId,
    configuration_id: ConfigurationId,
    json: Json = False,
) -> Answer:
    """Change a group event; what is not in the file stays."""
    from ..models import GroupEventChanges

    changes = documents.given(GroupEventChanges, file)
    async with asking.key_client() as nylas:
        return _answer(
            await nylas.group_events.update(grant_id, configuration_id, event_id, **changes)
        )


@command
async def delete(
    event_id: Which,
    /,
    *,
    grant_id: GrantId,
    configuration_id: ConfigurationId,
    calendar_id: str | None = None,
    yes: Yes = False,
    json: Json = False,
) -> Answer:
    """Delete a group event.

    Parameters
    ----------
    calendar_id
        In which calendar, where the API asks for it.
    """
    asking.sure(f"Delete the event {event_id}?", yes=yes)
    async with asking.key_client() as nylas:
        receipt = await nylas.group_events.delete(
            grant_id, configuration_id, event_id, calendar_id=calendar_id
        )
    return telling.gone(receipt, "deleted", event=event_id)


@command
async def import_events(
    file: Annotated[str, OrStdin, Parameter(help="A file with a JSON list, or - for stdin.")],
    /,
    *,
    configuration_id: ConfigurationId,
    json: Json = False,
) -> Answer:
    """Make group events out of up to twenty events that are in the calendar already."""
    from ..models import GroupEventImport

    events = documents.read(file)
    if not isinstance(events, list):
        raise InvalidRequest("the events to be imported are a JSON list")
    wanted = [
        documents.model(GroupEventImport, one, f"events[{n}]") for n, one in enumerate(events)
    ]
    async with asking.key_client() as nylas:
        report = await nylas.group_events.import_events(configuration_id, wanted)
    rows = [(one.event_id, "imported") for one in report.imported_events]
    rows += [(one.event_id or "?", f"not imported: {one.reason}") for one in report.import_failed]
    return Answer(document(report), printing.table(("event", "result"), rows))


@reading
async def validate_timeslot(
    file: JsonFile, /, *, configuration_id: ConfigurationId, json: Json = False
) -> Answer:
    """Ask whether a slot of a group configuration can still be booked."""
    from ..models import SlotToValidate

    slot = documents.given(SlotToValidate, file)
    async with asking.client() as nylas:
        receipt = await nylas.group_events.validate_timeslot(configuration_id, **slot)
    return telling.gone(receipt, "can be booked")


def _answer(event: GroupEvent) -> Answer:
    names = ("event", "title", "starts", "capacity", "series")
    facts = dict(zip(names, _row(event, None), strict=True))
    return Answer(document(event), printing.facts(facts | {"request": event.request_id}))


def _row(event: GroupEvent, zone: str | None) -> Iterable[object]:
    starts = event.when.start_time if event.when else None
    shown = f"{times.local(starts, times.zone(zone)):%Y-%m-%d %H:%M}" if starts else None
    return event.id, event.title, shown, event.capacity, event.master_event_id
