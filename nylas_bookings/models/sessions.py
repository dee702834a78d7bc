"""Sessions: short-lived credentials for the visitors of a private configuration."""

from __future__ import annotations

from attrs import field, frozen

from .._frames import hides_fields
from ..errors import InvalidRequest
from . import _checks
from ._secret import hidden, is_text


@frozen(kw_only=True)
class NewSession:
    """A session to be opened, for a configuration by its id or by its slug.

    Args:
        time_to_live: How many minutes it shall last: 5 if not given, 30 at most.
    """

    configuration_id: str | None = None
    slug: str | None = None
    time_to_live: int | None = None

    def __attrs_post_init__(self) -> None:
        _checks.texts_or_none(self, "configuration_id", "slug")
        if bool(self.configuration_id) == bool(self.slug):
            raise InvalidRequest("a session needs either configuration_id or slug")
        check_minutes(self.time_to_live)


@hides_fields
@frozen(kw_only=True)
class Session:
    """An open session: hand its id to the visitor's browser, or to `SessionToken`.

    The id is a credential, so it is not shown in the repr.
    """

    session_id: str = field(converter=hidden, validator=is_text)
    request_id: str | None = None


def check_minutes(time_to_live: int | None) -> None:
    """A session lasts 1 to 30 minutes; the API counts them in minutes."""
    if time_to_live is not None and (type(time_to_live) is not int or not 1 <= time_to_live <= 30):
        raise InvalidRequest("time_to_live is in minutes, from 1 to 30")
