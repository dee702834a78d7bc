"""What machine-made requests have found: each is refused, or told as it has to be."""

from __future__ import annotations

import json
import sqlite3
import threading
from pathlib import Path
from typing import Any

import pytest

from nylas_bookings.sandbox import Sandbox

from ..calls import BOOKINGS, MONDAY, Answer, Raw, dump, slot, wanted

_GROUP = {"type": "group", "name": "Class", "group_booking": {"calendar_id": "primary"}}
_YOGA = {"calendar_id": "primary", "capacity": 2, "title": "Yoga", "when": slot(96)}


class _Keys:
    """Calls with the application's key."""

    def __init__(self, raw: Raw) -> None:
        self._raw = raw
        self.grant = f"/v3/grants/{raw.sandbox.grant_id}"
        self.configurations = f"{self.grant}/scheduling/configurations"

    async def __call__(self, method: str, path: str, body: Any = None, **query: Any) -> Answer:
        """Ask."""
        return await self._raw(method, path, body, key=self._raw.sandbox.api_key, **query)

    async def group(self) -> str:
        """The path of the events of a new group configuration."""
        made = await self("POST", self.configurations, _GROUP)
        return f"{self.configurations}/{made.told['data']['id']}/group-events"


@pytest.fixture
def keys(raw: Raw) -> _Keys:
    """Calls with the application's key."""
    return _Keys(raw)


def _deep(levels: int) -> Any:
    value: Any = "bottom"
    for _ in range(levels):
        value = [value]
    return value


_PATTERN = {"label": "Q", "type": "text", "required": False, "pattern": "a{99999999999999999999}"}


def _reminding(kind: str, minutes: int) -> dict[str, Any]:
    reminders = [{"type": kind, "minutes_before_event": minutes}]
    return {"group_booking": {"calendar_id": "primary", "reminders": reminders}}


_TWO_ROOMS = {"calendar_id": "primary", "conferencing": {"autocreate": {}, "details": {}}}


@pytest.mark.parametrize(
    "wrong",
    [
        _reminding("email", 2**62),
        _reminding("pigeon", 5),
        {"group_booking": _TWO_ROOMS},
        {"scheduler": {"additional_fields": {"q": _PATTERN}}},
    ],
)
async def test_a_wrong_group_configuration_is_refused(keys: _Keys, wrong: dict[str, Any]) -> None:
    """What could not be kept, or would fail when it is booked, is refused at once."""
    assert (await keys("POST", keys.configurations, _GROUP | wrong)).status == 400


async def test_what_is_nested_deep_is_told_again(keys: _Keys) -> None:
    """What could be read but not written again is refused; what is just not so deep is told."""
    too_deep = json.dumps({**_GROUP, "anything": _deep(300)}).encode()
    assert (await keys("POST", keys.configurations, too_deep)).status == 400
    for extra in (_deep(98), [[] for _ in range(500)]):
        made = await keys("POST", keys.configurations, {**_GROUP, "anything": extra})
        assert made.told["data"]["anything"] == extra


async def test_the_kind_of_a_configuration_stays(keys: _Keys, sandbox: Sandbox) -> None:
    """Bookings of one kind could not be handled by a configuration of the other."""
    path = f"{keys.configurations}/{sandbox.public}"
    assert (await keys("PUT", path, _GROUP)).status == 400


async def test_null_is_not_given(keys: _Keys, sandbox: Sandbox) -> None:
    """What is null counts as not given, however deep it is, and so it is not told again."""
    path = f"{keys.configurations}/{sandbox.public}"
    availability = {"duration_minutes": 30, "interval_minutes": None, "availability_rules": None}
    told = await keys("PUT", path, {"availability": availability, "slug": None})
    assert told.told["data"]["availability"] == {"duration_minutes": 30}
    assert told.told["data"]["slug"] is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"conferencing": "a room"},
        {"conferencing": {"details": []}},
        {"participants": {}},
        {"participants": [{"email": "a@example.com", "name": 5}]},
        {"title": ""},
        {"when": {**slot(96), "start_timezone": "", "end_timezone": ""}},
        {"when": {name: str(value) for name, value in slot(96).items()}},
    ],
)
async def test_a_wrong_group_event_is_refused(keys: _Keys, wrong: dict[str, Any]) -> None:
    """Nothing is taken that could not be told as the contract says, new or changed."""
    path = await keys.group()
    assert (await keys("POST", path, _YOGA | wrong)).status == 400
    event_id = (await keys("POST", path, _YOGA)).told["data"]["id"]
    assert (await keys("PUT", f"{path}/{event_id}", wrong)).status == 400


async def test_a_time_has_nothing_else_in_it(keys: _Keys) -> None:
    """Of a time only what belongs to it is kept."""
    when = {**slot(96), "anything": [1]}
    made = await keys("POST", await keys.group(), {**_YOGA, "when": when})
    assert made.told["data"]["when"] == slot(96)


async def test_everybody_is_in_an_event_once(keys: _Keys, raw: Raw, sandbox: Sandbox) -> None:
    """Who is invited twice is in the event once, and an event without anybody has its organizer."""
    jane = {"name": "Jane", "email": "jane@example.com"}
    await raw.book(additional_guests=[jane, {**jane, "email": "Jane@Example.com"}])
    path = await keys.group()
    event_id = (await keys("POST", path, _YOGA)).told["data"]["id"]
    joined = {**wanted(96), "event_id": event_id}
    for _ in range(2):
        group = {"configuration_id": path.split("/")[-2]}
        assert (await raw("POST", BOOKINGS, joined, **group)).status == 200
    names = [[p["email"] for p in event["participants"]] for event in sandbox.events()]
    assert names == [[sandbox.organizer_email, jane["email"]]] * 2


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"slug": "introduction", "time_to_live": False}, 400),
        ({"slug": "introduction", "configuration_id": []}, 400),
        ({"slug": "introduction", "configuration_id": None}, 200),
    ],
)
async def test_a_session_is_asked_for_in_texts(
    keys: _Keys, body: dict[str, Any], status: int
) -> None:
    """What is of the wrong type does not count as not given."""
    assert (await keys("POST", "/v3/scheduling/sessions", body)).status == status


async def test_a_trigger_has_to_exist(keys: _Keys) -> None:
    """Of the other triggers of the API too only those are taken that there are."""
    hook = {"webhook_url": "http://127.0.0.1:9/", "trigger_types": ["calendar.anything"]}
    assert (await keys("POST", "/v3/webhooks", hook)).status == 400


@pytest.mark.parametrize(("text", "status"), [("true", 200), ("False", 200), ("2", 400)])
async def test_a_switch_is_true_or_false(keys: _Keys, text: str, status: int) -> None:
    """A switch in the query is one of two words."""
    query = {"calendar_id": "primary", "show_cancelled": text}
    assert (await keys("GET", f"{keys.grant}/events", **query)).status == status


async def test_a_long_title_still_fits(keys: _Keys, raw: Raw, sandbox: Sandbox) -> None:
    """A title is not empty, and what is put before it does not make it too long for an event."""
    path = f"{keys.configurations}/{sandbox.confirming}"
    booking = {"title": "x" * 1024, "booking_type": "organizer-confirmation"}
    assert (await keys("PUT", path, {"event_booking": {**booking, "title": ""}})).status == 400
    assert (await keys("PUT", path, {"event_booking": booking})).status == 200
    await raw("POST", BOOKINGS, wanted(), configuration_id=sandbox.confirming)
    told = await keys("GET", f"{keys.grant}/events", calendar_id="primary")
    assert told.told["data"][0]["title"] == ("[PENDING] " + "x" * 1024)[:1024]


def test_another_may_be_opening_the_file(tmp_path: Path) -> None:
    """Who opens a file while another process prepares it waits for that one to be done."""
    path = tmp_path / "sandbox.db"
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    later = threading.Timer(0.2, other.execute, ["COMMIT"])
    later.start()
    Sandbox(path, now=MONDAY).close()
    later.join()
    other.close()


async def test_a_commit_that_fails_changes_nothing(sandbox: Sandbox, raw: Raw) -> None:
    """What SQLite refuses only in the end is taken back, and the next call is a new transaction."""
    store = sandbox._world.store
    store._connection.executescript(
        "PRAGMA foreign_keys = ON; CREATE TABLE one (id INTEGER PRIMARY KEY);"
        "CREATE TABLE two (id INTEGER REFERENCES one DEFERRABLE INITIALLY DEFERRED);"
    )
    before, steps = dump(sandbox), list[str]()

    def change() -> None:
        with store.transaction():
            store.run("DELETE FROM configurations")
            store.run("INSERT INTO two VALUES (1)")
            store.afterwards(lambda: steps.append("done"))

    with pytest.raises(sqlite3.IntegrityError):
        change()
    assert dump(sandbox) == before
    assert (await raw.book()).status == 200
    assert steps == []
