"""The life of a booking on the command line, in tables and in JSON."""

from __future__ import annotations

import pytest

from nylas_bookings.sandbox import Fault, Sandbox

from .commands import CommandLine

JANE = ("--name", "Jane Doe", "--email", "jane@example.com")
MONDAY = ("--start", "2027-01-04T09:00Z")


def book(nylas: CommandLine, *more: str) -> str:
    """Book Monday at nine; says the id."""
    return str(nylas("create", *(more or MONDAY), *JANE, "--json").json["booking_id"])


def test_life(nylas: CommandLine, sandbox: Sandbox) -> None:
    """What one command prints, the next one takes."""
    booking_id = book(nylas)
    assert nylas("get", booking_id, "--json").json["status"] == "booked"
    moved = nylas("reschedule", booking_id, "--start", "2027-01-05T10:00Z", "--json").json
    gone = nylas("cancel", moved["booking_id"], "--reason", "Plans changed", "--json")
    assert gone.code == 0
    (kept,) = sandbox.bookings()
    assert kept["status"] == "cancelled"
    assert [entry["what"] for entry in kept["history"]] == ["created", "rescheduled", "cancelled"]
    assert kept["start"] == 1799143200


def test_for_people(nylas: CommandLine) -> None:
    """A table says when it is, on the clocks of the zone that was asked for."""
    done = nylas("create", "--start", "2027-01-04T10:00", "--zone", "Europe/Berlin", *JANE)
    assert done.code == 0
    assert "Mon 4 January 2027, 10:00–10:30 (Europe/Berlin)" in done.out
    assert "Jane Doe <jane@example.com>" in done.out
    assert done.err == ""


def test_everything_is_sent(nylas: CommandLine, sandbox: Sandbox) -> None:
    """All that a booking can say can be said on the command line."""
    more = ("--additional-guest", "Joe <joe@example.com>", "--email-language", "de")
    done = nylas("create", *MONDAY, *JANE, "--zone", "Europe/Berlin", *more, "--json")
    assert done.code == 0, done.err
    document = sandbox.bookings()[0]["document"]
    assert document["additional_guests"] == [{"name": "Joe", "email": "joe@example.com"}]
    assert (document["timezone"], document["email_language"]) == ("Europe/Berlin", "de")


def test_end_is_the_slots(nylas: CommandLine, sandbox: Sandbox) -> None:
    """Without an end it is the slot that is offered; with one, exactly what was said is asked."""
    book(nylas)
    end = nylas("create", *MONDAY, "--end", "2027-01-04T11:00Z", *JANE)
    assert (end.code, len(sandbox.bookings())) == (1, 1)
    taken = nylas("create", *MONDAY, *JANE)
    assert taken.code == 1
    said = "nothing is offered at 2027-01-04T09:00+00:00; the next slot begins at 2027-01-04T09:30"
    assert said in taken.err
    assert "`nylas-bookings slots` shows" in taken.err
    berlin = nylas("create", "--start", "2027-01-04T10:00", "--zone", "Europe/Berlin", *JANE)
    assert "begins at 2027-01-04T10:30+01:00. Nothing" in berlin.err
    weekend = nylas("create", "--start", "2027-01-08T23:00:30Z", *JANE)
    assert "nothing is offered at 2027-01-08T23:00:30+00:00. Nothing" in weekend.err
    past = nylas("create", "--start", "2020-01-04T10:00Z", *JANE, "--json")
    assert "2020-01-04T10:00+00:00, which is in the past" in past.err
    assert past.json["error"]["class"] == "NotOffered"


@pytest.mark.parametrize(
    ("start", "complaint"),
    [
        ("2027-01-04T09:00", "names no zone"),
        ("soon", "is not a time"),
        ("99999999999999", "is not a time"),
    ],
)
def test_times_that_are_refused(nylas: CommandLine, start: str, complaint: str) -> None:
    """A time that could be misread is refused before anything is sent."""
    done = nylas("create", "--start", start, *JANE)
    assert (done.code, done.out) == (2, "")
    assert complaint in done.err


def test_confirm_with_the_link(nylas: CommandLine, sandbox: Sandbox) -> None:
    """The organizer's link on stdin is all that is needed to confirm, whoever runs the command."""
    nylas.env(configuration_id=sandbox.confirming)
    booking_id = book(nylas)
    mail = next(m for m in sandbox.outbox() if m["recipient"] == sandbox.organizer_email)
    link = next(word for word in mail["body"].split() if "ref=" in word)
    nylas.env(configuration_id=None, api_key=None)
    done = nylas("confirm", "--json", stdin=link)
    assert (done.json["booking_id"], done.json["status"]) == (booking_id, "booked")


def test_decline_with_the_salt(nylas: CommandLine, sandbox: Sandbox) -> None:
    """With the id, the salt is enough; it comes from the environment."""
    nylas.env(configuration_id=sandbox.confirming)
    booking_id = book(nylas)
    nylas.env(booking_ref=sandbox.bookings()[0]["salt"])
    done = nylas("decline", booking_id, "--reason", "Away")
    assert (done.code, done.err) == (0, "")
    assert "declined" in done.out
    assert sandbox.bookings()[0]["status"] == "cancelled"


def test_reference_of_another(nylas: CommandLine, sandbox: Sandbox) -> None:
    """A reference of another booking than the one that is named is refused."""
    nylas.env(configuration_id=sandbox.confirming)
    book(nylas)
    nylas.env(booking_ref=sandbox.bookings()[0]["booking_ref"])
    done = nylas("confirm", "another")
    assert done.code == 2
    assert "of another booking" in done.err


def test_reference(nylas: CommandLine, sandbox: Sandbox) -> None:
    """A reference is taken apart from an argument, from stdin, and out of a link."""
    book(nylas)
    kept = sandbox.bookings()[0]
    reference = kept["booking_ref"]
    wanted = {
        "configuration_id": sandbox.public,
        "booking_id": kept["id"],
        "salt": kept["salt"],
    }
    link = f"https://book.example.com/confirm/{reference}?utm=1"
    for done in (
        nylas("ref", reference, "--json"),
        nylas("ref", link, "--json"),
        nylas("ref", "--json", stdin=f"{reference}\n"),
    ):
        assert done.json == wanted
    assert nylas("ref", "nonsense").code == 2
    assert nylas("ref").code == 2


def test_lost_answer(nylas: CommandLine, sandbox: Sandbox) -> None:
    """A lost answer is told as one, with an exit code of its own."""
    sandbox.faults.add("create", Fault.drop_after())
    done = nylas("create", *MONDAY, *JANE, "--json")
    assert done.code == 3
    assert done.json["error"]["outcome"] == "unknown"
    assert "It may have taken effect. " in done.err.replace("\n", " ")
    assert "Look in the host's calendar" in done.err


def test_lost_answer_to_a_question(nylas: CommandLine, sandbox: Sandbox) -> None:
    """A lost answer to a call that only reads leaves nothing to worry about."""
    sandbox.faults.add("*", Fault.drop_before(), times=None)
    done = nylas("get", "b-1")
    assert done.code == 1
    assert "The call only reads." in done.err
    assert "calendar" not in done.err
