"""The official Python SDK makes, lists, changes and removes configurations."""

from __future__ import annotations

from typing import Any

import nylas
import pytest
from nylas.models.errors import NylasApiError

from nylas_bookings.sandbox import Sandbox


def document(sandbox: Sandbox, **more: Any) -> dict[str, Any]:
    """A configuration, as the vendor's guides write one."""
    hours = [{"days": [1, 2, 3], "start": "9:00", "end": "12:00", "timezone": "Europe/Paris"}]
    return {
        "participants": [
            {
                "email": sandbox.organizer_email,
                "name": "Ada Host",
                "is_organizer": True,
                "availability": {"calendar_ids": ["primary"], "open_hours": hours},
                "booking": {"calendar_id": "primary"},
            }
        ],
        "availability": {"duration_minutes": 45},
        "event_booking": {"title": "Checkup", "timezone": "Europe/Paris"},
        **more,
    }


def test_a_configuration_from_its_beginning_to_its_end(sandbox: Sandbox, sdk: nylas.Client) -> None:
    """Create, find, update, destroy; and then it is not there any more."""
    configurations, grant_id = sdk.scheduler.configurations, sandbox.grant_id
    made = configurations.create(grant_id, document(sandbox, slug="checkup")).data
    assert (made.slug, made.availability.duration_minutes) == ("checkup", 45)
    assert made.scheduler.available_days_in_future == 30
    assert configurations.find(grant_id, made.id).data == made
    changes = {"event_booking": {"title": "Second checkup"}, "requires_session_auth": True}
    changed = configurations.update(grant_id, made.id, changes).data
    assert (changed.event_booking.title, changed.slug) == ("Second checkup", "checkup")
    assert changed.requires_session_auth is True
    assert configurations.destroy(grant_id, made.id).request_id
    with pytest.raises(NylasApiError) as refused:
        configurations.find(grant_id, made.id)
    assert refused.value.status_code == 404


def test_a_grant_is_also_called_by_its_address(sandbox: Sandbox, sdk: nylas.Client) -> None:
    """The organizer's e-mail address stands for the grant, as the guides show."""
    found = sdk.scheduler.configurations.find(sandbox.organizer_email, sandbox.public)
    assert found.data.event_booking.title == "Introduction"


def test_the_list_comes_in_pages(sandbox: Sandbox, sdk: nylas.Client) -> None:
    """With a limit and the cursor of each page, all configurations come once, in order."""
    configurations = sdk.scheduler.configurations
    for number in range(2):
        configurations.create(sandbox.grant_id, document(sandbox, slug=f"page-{number}"))
    pages, cursor = [], None
    while not pages or cursor:
        asked = {"limit": 2} if cursor is None else {"limit": 2, "page_token": cursor}
        page = configurations.list(sandbox.grant_id, asked)
        pages.append([configuration.id for configuration in page.data])
        cursor = page.next_cursor
    assert [len(page) for page in pages] == [2, 2, 1]
    assert pages[0] + pages[1][:1] == [sandbox.public, sandbox.private, sandbox.confirming]


def test_what_it_reads_it_can_send_back(sandbox: Sandbox, sdk: nylas.Client) -> None:
    """A configuration that was read, nulls and id and all, is taken as an update."""
    configurations = sdk.scheduler.configurations
    made = configurations.create(sandbox.grant_id, document(sandbox)).data
    assert configurations.update(sandbox.grant_id, made.id, made.to_dict()).data == made


def test_a_slug_that_is_taken_is_refused(sandbox: Sandbox, sdk: nylas.Client) -> None:
    """Two configurations cannot have one slug."""
    with pytest.raises(NylasApiError, match="slug already exists") as refused:
        sdk.scheduler.configurations.create(
            sandbox.grant_id, document(sandbox, slug="introduction")
        )
    assert (refused.value.status_code, refused.value.type) == (400, "invalid_request_error")
