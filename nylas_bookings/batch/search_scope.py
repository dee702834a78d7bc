"""Search scope: the calendars in which the event of a booking would be."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

from ..auth import PublicPage
from ..models import Configuration, ConfigurationParticipant
from ..models.configurations import AnyConfiguration
from .addresses import comparable, comparable_set
from .settling import LostCall


@frozen
class CalendarRef:
    """A calendar in which the event would be."""

    grant: str
    calendar: str


@frozen(kw_only=True)
class SearchScope:
    """Where the event of a booking would be.

    Attributes:
        places: The calendars.
        configuration_id: Of which configuration it would be, if that is known.
        certain: Whether it cannot be anywhere else.
        is_group: Whether the event is there before the booking, and the guest only joins it.
        hosts: The addresses of those whom the configuration brings along.
    """

    places: tuple[CalendarRef, ...]
    configuration_id: str | None
    certain: bool
    is_group: bool = False
    hosts: frozenset[str] = frozenset()


def is_meant(configuration: AnyConfiguration, lost: LostCall) -> bool:
    """Whether the configuration can be the one that the call was for."""
    if not isinstance(lost.auth, PublicPage):
        return True
    if isinstance(configuration.slug, str):
        return configuration.slug == lost.auth.slug
    return not lost.has_own_auth


def of_hosts(
    configuration: Configuration,
    configuration_id: str | None,
    lost: LostCall,
    otherwise: CalendarRef,
) -> SearchScope:
    """The calendars of the hosts who may have been booked. An address names a grant as its id does.

    With one host for everybody it is the organizer's; in turn, it may be any host's.
    """
    hosts = configuration.participants
    asked = comparable_set(host.email for host in lost.request.participants or ())
    booked = _booked_hosts(configuration, asked)
    places = tuple(
        CalendarRef(otherwise.grant if host.is_organizer else host.email, host.booking.calendar_id)
        for host in booked
        if host.booking is not None and host.booking.calendar_id
    )
    return SearchScope(
        places=places or (otherwise,),
        configuration_id=configuration_id,
        certain=bool(places) and len(places) == len(booked),
        hosts=comparable_set(host.email for host in hosts) | asked,
    )


def _booked_hosts(
    configuration: Configuration, asked: frozenset[str]
) -> Sequence[ConfigurationParticipant]:
    """The hosts in whose calendars the event may be."""
    hosts = configuration.participants
    rules = configuration.availability.availability_rules
    if rules is not None and rules.availability_method not in (None, "collective"):
        return [host for host in hosts if not asked or comparable(host.email) in asked]
    organizers = [host for host in hosts if host.is_organizer]
    return organizers or [host for host in hosts if host.booking is not None]
