"""The commands for configurations: `config list`, `get`, `create`, `update`, `delete`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from . import asking, documents, printing, telling
from .documents import document
from .options import GrantId, Json, JsonFile, Yes
from .running import Answer, command, reading

if TYPE_CHECKING:
    from ..models import AnyConfiguration

Which = Annotated[str, Parameter(help="The configuration's id.")]


@reading
async def list_all(*, grant_id: GrantId, json: Json = False) -> Answer:
    """List the configurations of a grant."""
    async with asking.key_client() as nylas:
        found = await nylas.configurations.list_all(grant_id)
    rows = [_row(one) for one in found]
    table = printing.table(("id", "name", "slug", "minutes", "hosts", "needs"), rows)
    return Answer(document(found), table)


@reading
async def get(configuration_id: Which, /, *, grant_id: GrantId, json: Json = False) -> Answer:
    """Read a configuration. With --json it is whole, and can be given to `create` and `update`."""
    async with asking.key_client() as nylas:
        return _answer(await nylas.configurations.get(grant_id, configuration_id))


@command
async def create(file: JsonFile, /, *, grant_id: GrantId, json: Json = False) -> Answer:
    """Make a configuration out of a file of JSON, as the API documents it."""
    from ..models import AnyConfiguration

    wanted = documents.read_model(AnyConfiguration, file)
    async with asking.key_client() as nylas:
        return _answer(await nylas.configurations.create(grant_id, wanted))


@command
async def update(
    configuration_id: Which, file: JsonFile, /, *, grant_id: GrantId, json: Json = False
) -> Answer:
    """Change the parts of a configuration that a file of JSON has, each of them as a whole."""
    from ..models import ConfigurationChanges

    changes = documents.given(ConfigurationChanges, file)
    async with asking.key_client() as nylas:
        return _answer(await nylas.configurations.update(grant_id, configuration_id, **changes))


@command
async def delete(
    configuration_id: Which, /, *, grant_id: GrantId, yes: Yes = False, json: Json = False
) -> Answer:
    """Delete a configuration. Nobody can book it any more."""
    asking.sure(f"Delete the configuration {configuration_id}, with its page?", yes=yes)
    async with asking.key_client() as nylas:
        receipt = await nylas.configurations.delete(grant_id, configuration_id)
    return telling.gone(receipt, "deleted", configuration=configuration_id)


def _answer(told: AnyConfiguration) -> Answer:
    names = ("configuration", "name", "slug", "minutes", "hosts", "needs")
    facts = dict(zip(names, _row(told), strict=True))
    return Answer(document(told), printing.facts(facts | {"request": told.request_id}))


def _row(told: AnyConfiguration) -> tuple[object, ...]:
    """What tells a configuration from others, of either kind."""
    known: dict[str, Any] = document(told)
    hosts = ", ".join(host["email"] for host in known.get("participants", ()))
    event = known.get("event_booking") or known.get("group_booking") or {}
    needs = [
        "a session" * bool(known.get("requires_session_auth")),
        "the organizer's yes" * (event.get("booking_type") == "organizer-confirmation"),
    ]
    return (
        told.id,
        told.name or event.get("title"),
        known.get("slug"),
        known.get("availability", {}).get("duration_minutes", "group"),
        hosts,
        " and ".join(filter(None, needs)),
    )
