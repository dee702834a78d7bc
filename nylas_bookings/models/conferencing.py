"""How the participants of a meeting meet online."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeAlias

from attrs import field, frozen

from ._checks import many
from ._extra import extra
from ._unset import UNSET, Unset

ConferencingProvider: TypeAlias = Literal[
    "Google Meet",
    "Zoom Meeting",
    "Microsoft Teams",
    "Teams for Business",
    "Skype for Consumer",
    "Skype for Business",
    "WebEx",
    "GoToMeeting",
]


@frozen(kw_only=True)
class ConferencingAutocreate:
    """Let the provider open a room for each event.

    Attributes:
        conf_grant_id: The grant of the provider's account, where it is not the organizer's.
        conf_settings: Whatever the provider takes, as it is.
    """

    conf_grant_id: str | None = None
    conf_settings: Mapping[str, Any] | Unset | None = UNSET
    extra: Mapping[str, Any] = extra()


@frozen(kw_only=True)
class ConferencingDetails:
    """A room that exists already."""

    url: str | None = None
    meeting_code: str | Unset | None = UNSET
    password: str | Unset | None = field(default=UNSET, repr=False)
    pin: str | None = field(default=None, repr=False)
    phone: Sequence[str] | None = field(default=None, validator=many(str))
    extra: Mapping[str, Any] = extra()


@frozen(kw_only=True)
class Conferencing:
    """Either a room for each event (`autocreate`) or a room that exists (`details`), never both."""

    provider: ConferencingProvider | str | None = None
    autocreate: ConferencingAutocreate | None = None
    details: ConferencingDetails | None = None
    extra: Mapping[str, Any] = extra()
