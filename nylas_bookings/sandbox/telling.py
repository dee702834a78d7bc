"""What the API tells of a booking, in the shapes that the official clients need."""

from __future__ import annotations

from typing import Any

from . import calendar, events
from .booked import Booking
from .configurations import Stored
from .world import World


def booking(world: World, booked: Booking) -> dict[str, Any]:
    """A booking, as the contract has it, and with what the browser component reads besides."""
    document = booked.document
    told = {
        "booking_id": booked.id,
        "event_id": booked.event_id,
        "title": events.title(booked),
        "organizer": document["organizer"],
        "status": world.behaviour.booked_status if booked.status == "booked" else booked.status,
        "description": document["description"],
    }
    if not world.behaviour.effective.booking_extras:
        return told
    return {
        **told,
        "organizer": {**document["organizer"], "is_organizer": True},
        "booking_ref": booked.reference,
        "location": document["location"],
    }


def ui_settings(world: World, stored: Stored, booked: Booking | None) -> dict[str, Any]:
    """What the browser component asks for before anything else."""
    event = stored.document.get("event_booking") or stored.document.get("group_booking") or {}
    told: dict[str, Any] = {
        "configuration_id": stored.id,
        "app_client_id": world.client_id,
        "slug": stored.slug or "",
        "name": stored.name,
        "booking_type": event.get("booking_type") or "booking",
        "appearance": stored.document.get("appearance") or {},
        "organizer": _organizer(world, stored),
        "scheduler": stored.scheduler,
    }
    return told if booked is None else {**told, "booking": _prefilled(booked)}


def _organizer(world: World, stored: Stored) -> dict[str, str]:
    """Who is on the page: the host who organizes; for group events, the one who has the grant."""
    hosts = stored.document.get("participants") or [calendar.owner(world, stored.grant_id)]
    host = next((host for host in hosts if host.get("is_organizer")), hosts[0])
    return {"name": str(host.get("name") or ""), "email": str(host.get("email") or "")}


def _prefilled(booked: Booking) -> dict[str, Any]:
    """The booking that is to be moved, so that the guest need not type everything again."""
    document = booked.document
    return {
        "guest": document["guest"],
        "additional_guests": document["additional_guests"],
        "additional_fields": document["additional_fields"],
        "booking_ref": booked.reference,
        "booking_ref_salt": booked.salt,
        "timezone": document["timezone"] or "",
        "email_language": document["email_language"],
        "event_organizer": document["organizer"],
        "event_data": {
            "location": document["location"],
            "when": {"object": "timespan", "start_time": booked.start, "end_time": booked.end},
        },
    }
