"""What the pages answer, without a browser: addresses, statuses, headers, and what is in them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nylas_bookings.sandbox import Sandbox, pages

from ..calls import Raw
from .browsing import Browser

FOLDER = Path(pages.__file__).parent


async def test_a_page_tells_the_sandboxs_time(browse: Browser, sandbox: Sandbox) -> None:
    """A page knows its configuration and the sandbox's time, and no credential."""
    facts = await browse.facts(f"/book/{sandbox.public}")
    assert facts["configuration_id"] == sandbox.public
    assert (facts["now"], facts["frozen"]) == (sandbox.clock.now(), True)
    assert (facts["title"], facts["hosts"], facts["minutes"]) == ("Introduction", ["Ada Host"], 30)
    assert not {"session", "page_slug", "salt"} & facts.keys()


async def test_a_slug_is_an_address_too(browse: Browser, sandbox: Sandbox) -> None:
    """A page can be asked for by the slug, and knows that it was."""
    facts = await browse.facts("/book/introduction")
    assert (facts["configuration_id"], facts["page_slug"]) == (sandbox.public, "introduction")


async def test_pages_have_a_strict_policy(browse: Browser) -> None:
    """No page runs what is not from a file of the sandbox, is kept, or tells where one was."""
    for path in ("/book/introduction", "/book/nowhere"):
        headers = (await browse(path)).headers
        policy = dict(
            part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";")
        )
        assert policy["default-src"] == "'none'"
        assert policy["script-src"] == policy["style-src"] == "'self'"
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"


async def test_every_file_is_served(browse: Browser) -> None:
    """Each style sheet, script and icon in the folder has an address, and a type of its own."""
    kinds = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
    served = [path for path in FOLDER.rglob("*") if path.suffix in kinds]
    assert len(served) > 10
    for path in served:
        response = await browse(f"/book/{path.relative_to(FOLDER).as_posix()}")
        assert response.body == path.read_bytes()
        assert response.headers["Content-Type"].partition(";")[0] == kinds[path.suffix]


def test_nothing_comes_from_elsewhere() -> None:
    """No file of the pages names another site, and scripts import each other only."""
    for path in FOLDER.rglob("*"):
        if path.suffix in (".css", ".js", ".html"):
            text = path.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
            assert not re.search(r"https?://", text), path
            for name in re.findall(r'from "(.*?)"', text):
                assert (path.parent / name).is_file(), f"{path} imports {name}"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/book", 404),
        ("GET", "/book/", 404),
        ("GET", "/book/nowhere", 404),
        ("GET", "/book/introduction/more", 404),
        ("GET", "/book/part.py", 404),
        ("GET", "/book/templates/frame.html", 404),
        ("GET", "/book/..%2Ffront.py", 404),
        ("GET", "/book/scripts/..%2F..%2Ffront.py", 404),
        ("GET", "/book/%FF%00", 404),
        ("HEAD", "/book/introduction", 200),
        ("POST", "/book/introduction", 405),
        ("DELETE", "/book/style.css", 405),
        ("POST", "/book/nowhere/session", 404),
    ],
)
async def test_other_addresses(browse: Browser, method: str, path: str, status: int) -> None:
    """What is no page is a friendly page with the right status."""
    response = await browse(path, method)
    assert response.status == status
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "<h1>" in response.body.decode()


async def test_a_private_page_needs_a_session(browse: Browser, sandbox: Sandbox) -> None:
    """401 and a button without a session, or with one that is over, unknown or for another page."""
    path = f"/book/{sandbox.private}"
    missing = await browse(path)
    assert missing.status == 401
    assert f'action="{path}/session"' in missing.body.decode()
    assert sandbox.private not in re.sub(r'action=".*?"', "", missing.body.decode())
    opened = (await browse(f"{path}/session", "POST")).headers["Location"]
    assert (await browse.facts(opened))["session"] == opened.partition("session=")[2]
    sandbox.clock.advance(minutes=31)
    other = (await browse(f"/book/{sandbox.public}/session", "POST")).headers["Location"]
    for address in (opened, f"{path}?session=unknown", f"{path}?{other.partition('?')[2]}"):
        response = await browse(address)
        assert response.status == 401
        assert "Your session has ended" in response.body.decode()


async def test_an_island_cannot_be_left(browse: Browser, raw: Raw, sandbox: Sandbox) -> None:
    """Whatever a configuration says, the facts stay data and the rest of the page stays text."""
    nasty = "</script><script>alert(1)</script><!--$title"
    path = f"/v3/grants/{sandbox.grant_id}/scheduling/configurations/{sandbox.public}"
    event = {"title": nasty, "description": nasty, "location": nasty}
    scheduler = {"cancellation_policy": nasty}
    body = {"name": nasty, "event_booking": event, "scheduler": scheduler}
    assert (await raw("PUT", path, body, key=sandbox.api_key)).status == 200
    facts = await browse.facts(f"/book/{sandbox.public}")
    assert facts["title"] == facts["cancellation_policy"] == nasty


@pytest.mark.parametrize(
    ("minutes", "told"),
    [
        (1, "1 minute"),
        (30, "30 minutes"),
        (60, "1 hour"),
        (75, "1 hour 15 minutes"),
        (120, "2 hours"),
    ],
)
async def test_durations_read_well(
    browse: Browser, raw: Raw, sandbox: Sandbox, minutes: int, told: str
) -> None:
    """The length of a meeting is told as people say it."""
    path = f"/v3/grants/{sandbox.grant_id}/scheduling/configurations/{sandbox.public}"
    availability = {"duration_minutes": minutes}
    await raw("PUT", path, {"availability": availability}, key=sandbox.api_key)
    page = (await browse(f"/book/{sandbox.public}")).body.decode()
    assert f'<li class="duration">{told}</li>' in page


async def test_what_a_meeting_is_like(browse: Browser, raw: Raw, sandbox: Sandbox) -> None:
    """A page names all hosts, the organizer first, the service for calls, and who takes notes."""
    host = {"availability": {}, "booking": {"calendar_id": "primary"}}
    ada = {**host, "email": sandbox.organizer_email, "name": "Ada Host", "is_organizer": True}
    others = [{"email": f"{name}@example.com", "name": name} for name in ("bob", "Cleo de Nil")]
    event = {"title": "Call", "conferencing": {"provider": "Zoom Meeting", "autocreate": {}}}
    path = f"/v3/grants/{sandbox.grant_id}/scheduling/configurations/{sandbox.public}"
    notetaker = {"enabled": True, "notetaker_name": "Scribe"}
    body = {
        "participants": [*others, ada],
        "event_booking": event,
        "scheduler": {"notetaker_settings": notetaker},
    }
    assert (await raw("PUT", path, body, key=sandbox.api_key)).status == 200
    page = (await browse(f"/book/{sandbox.public}")).body.decode()
    assert "Ada Host, bob and Cleo de Nil" in page
    assert "<span>AH</span><span>B</span><span>CN</span>" in page
    assert '<li class="place">Zoom Meeting</li>' in page
    assert "Scribe takes notes of this meeting" in page
    notetaker["show_ui_consent_message"] = False
    await raw("PUT", path, body, key=sandbox.api_key)
    assert "Scribe" not in (await browse(f"/book/{sandbox.public}")).body.decode()


async def test_a_running_clock_is_not_mentioned(browse: Browser, sandbox: Sandbox) -> None:
    """The footer tells the sandbox's time only where it stands still."""
    assert "stands still at 00:00 UTC" in (await browse("/book/introduction")).body.decode()
    sandbox.clock.resume()
    assert "stands still" not in (await browse("/book/introduction")).body.decode()


async def test_pages_leave_no_trace_in_the_record(browse: Browser, sandbox: Sandbox) -> None:
    """Looking at a page is not a call on the API, and changes nothing."""
    before = sandbox._world.store.version
    await browse("/book/introduction")
    assert sandbox._world.store.version == before
    assert sandbox.requests() == []
