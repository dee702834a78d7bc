"""The commands for sessions: `session create` and `session destroy`."""

from __future__ import annotations

from . import asking, printing, telling
from .documents import document
from .options import Json
from .running import Answer, command


@command
async def create(
    *,
    configuration_id: str | None = None,
    slug: str | None = None,
    time_to_live: int | None = None,
    json: Json = False,
) -> Answer:
    """Open a session for the visitor of a private configuration. Its id is a credential.

    Parameters
    ----------
    configuration_id
        Which configuration; NYLAS_CONFIGURATION_ID if neither it nor a slug is given.
    slug
        Which configuration, by its slug.
    time_to_live
        How many minutes it shall last: 5 if not given, 30 at most.
    """
    if configuration_id is None and slug is None:
        configuration_id = asking.configuration_id()
    async with asking.key_client() as nylas:
        session = await nylas.sessions.create(
            configuration_id=configuration_id, slug=slug, time_to_live=time_to_live
        )
    facts = {"session": session.session_id, "request": session.request_id}
    return Answer(document(session), printing.facts(facts))


@command
async def destroy(*, json: Json = False) -> Answer:
    """End a session before its time.

    Its id is read from NYLAS_SESSION_ID, else it is asked for, else it is the first line of stdin.
    """
    session_id = asking.secret("NYLAS_SESSION_ID", "the session's id")
    async with asking.key_client() as nylas:
        receipt = await nylas.sessions.destroy(session_id)
    return telling.gone(receipt, "destroyed")
