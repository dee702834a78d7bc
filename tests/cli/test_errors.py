"""What goes wrong is told in a line, with an exit code that a script can use."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nylas_bookings import errors
from nylas_bookings.cli import exits
from nylas_bookings.sandbox import Fault, Sandbox

from .commands import CommandLine
from .processes import ended

SECRET = "nyk_v0_very_secret"


def api_error(kind: type[errors.APIError], status: int) -> errors.APIError:
    """An error of the API's."""
    return kind("no", status=status)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.InvalidRequest("no"), 2),
        (errors.NotSent("no"), 1),
        (errors.NoAnswer("no"), 3),
        (api_error(errors.NotFound, 404), 1),
        (api_error(errors.ProviderFailure, 504), 3),
        (errors.UnexpectedAnswer("no", status=200, body=b"", outcome=errors.Outcome.DONE), 3),
        (errors.BatchError("no"), 1),
    ],
)
def test_codes(error: errors.BookingsError, code: int) -> None:
    """The code says whether something may have happened, and nothing else."""
    assert exits.code(error) == code
    error.reads = True
    assert exits.code(error) == (code if code == 2 else 1)


def test_refused(nylas: CommandLine) -> None:
    """A refusal says what it concerns and that nothing was changed, on stderr alone."""
    done = nylas("get", "no-such-booking")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("Error: bookings.get: 404 not_found_error: ")
    assert done.err.endswith("Nothing was changed.\n")
    assert done.err.count("\n") == 1


def test_refused_as_json(nylas: CommandLine) -> None:
    """With `--json` the error is a document too; the words for people are on stderr."""
    done = nylas("get", "no-such-booking", "--json")
    error = done.json["error"]
    assert (error["class"], error["status"], error["outcome"]) == ("NotFound", 404, "refused")
    assert error["request_id"]
    assert done.err.startswith("Error: ")


def test_no_credentials(bare: CommandLine) -> None:
    """Who has no credentials in the environment is told which there are."""
    done = bare("slots")
    assert done.code == 2
    assert "NYLAS_CONFIGURATION_ID" in done.err
    assert "No account? `nylas-bookings sandbox` says" in done.err
    bare.env(configuration_id="c")
    done = bare("config", "list", "--grant-id", "g")
    assert done.code == 2
    assert "NYLAS_API_KEY" in done.err


def test_nobody_there(bare: CommandLine) -> None:
    """Without a connection nothing was sent, and that is what it says."""
    bare.env(api_uri="http://127.0.0.1:9", configuration_id="c")
    done = bare("get", "b")
    assert done.code == 1
    assert "Nothing was sent." in done.err
    assert "NYLAS_API_URI names the server" in done.err


def test_no_secret_is_told(nylas: CommandLine) -> None:
    """A key that is wrong is refused, and not repeated."""
    nylas.env(api_key=SECRET)
    done = nylas("config", "list")
    assert done.code == 1
    assert "NYLAS_API_URI" in done.err
    assert SECRET not in done.err


def test_session_does_not_stand_in_the_way(nylas: CommandLine, sandbox: Sandbox) -> None:
    """What needs the key uses it, although a visitor's session is in the environment too."""
    opened = nylas("session", "create", "--configuration-id", sandbox.private, "--json").json
    nylas.env(session_id=opened["session_id"])
    assert nylas("config", "list").code == 0
    assert nylas("slots", "--from", "2027-01-04").code == 0
    assert nylas("session", "destroy").code == 0
    assert nylas("slots", "--from", "2027-01-04").code == 1


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("{", "configuration.json is not JSON (line 1, column 2)"),
        ("[]", "must hold a JSON object"),
        ('{"names": "x"}', "there is no 'names' (did you mean 'name'?)"),
        ('{"name": 5}', "expected str, got int @ configuration.json.name"),
        ("{}", "nothing to change was given"),
    ],
)
def test_bad_documents(nylas: CommandLine, tmp_path: Path, content: str, complaint: str) -> None:
    """A document that does not fit is refused with the place, and nothing is sent."""
    file = tmp_path / "configuration.json"
    file.write_text(content)
    done = nylas("config", "update", "some-id", str(file))
    assert done.code == 2
    assert complaint in done.err


def test_file_that_is_not_there(nylas: CommandLine) -> None:
    """A file that cannot be read is said in a line."""
    done = nylas("config", "create", "nowhere.json")
    assert done.code == 2
    assert "nowhere.json cannot be read: No such file or directory" in done.err


@pytest.mark.parametrize(
    ("tokens", "said", "of"),
    [
        (("booking",), 'Unknown command "booking".', ""),
        (("slot",), 'Unknown command "slot". Did you mean "slots"?', ""),
        (("config", "lst"), 'Unknown command "lst". Did you mean "list"?', "config"),
        (("create", "--strat", "now"), "Did you mean --start instead of --strat?", "create"),
        (("create",), "`create` needs --start, --name and --email.", "create"),
        (("create", "--start=x", "--email", "y"), "`create` needs --name.", "create"),
        (("create", "--start"), "--start needs a value.", "create"),
        (("get",), "`get` needs BOOKING_ID.", "get"),
        (("get", "a", "b"), "`get` takes no 'b'.", "get"),
        (("config", "get"), "`config get` needs CONFIGURATION_ID.", "config get"),
        (("slots", "--zon", "UTC"), "Unknown option: --zon. Did you mean --zone?", "slots"),
        (("slots", "--days", "0"), 'Invalid value "0" for --days. Must be >= 1.', "slots"),
        (
            ("completion", "tcsh"),
            'Invalid value "tcsh" for SHELL. Choose from: "bash", "zsh", "fish".',
            "completion",
        ),
    ],
)
def test_usage(nylas: CommandLine, tokens: tuple[str, ...], said: str, of: str) -> None:
    """A command line that is wrong is told in a line, with what helps; nothing is sent."""
    done = nylas(*tokens)
    assert (done.code, done.out) == (2, "")
    helps = f"nylas-bookings {of} --help".replace("  ", " ")
    assert done.err == f"Error: {said}\n`{helps}` shows what there is.\n"


def test_usage_without_the_environment(nylas: CommandLine) -> None:
    """What the environment could say is told with its name; nothing there is not an answer."""
    nylas.env(grant_id=None)
    assert "`config list` needs --grant-id (or NYLAS_GRANT_ID in the" in nylas("config", "list").err
    nylas.env(grant_id=" ")
    done = nylas("config", "list")
    assert done.code == 2
    assert "NYLAS_GRANT_ID" in done.err


def test_dry_run_misspelt(nylas: CommandLine, sandbox: Sandbox) -> None:
    """An option that is not there is never taken for the file to be imported."""
    done = nylas("import", "--dryrun")
    assert done.code == 2
    assert "there is no option --dryrun" in done.err
    assert not sandbox.requests()


def test_usage_as_json() -> None:
    """With `--json` a command line that is wrong is told as a document too."""
    done = ended("slots", "--days", "0", "--json")
    assert done.returncode == 2
    assert json.loads(done.stdout)["error"]["outcome"] == "not sent"
    assert "--days" in json.loads(done.stdout)["error"]["message"]
    assert "--days" in done.stderr
    done = ended("slots", "--days", "0")
    assert (done.returncode, done.stdout) == (2, "")


def test_what_the_api_says_is_not_obeyed(nylas: CommandLine, sandbox: Sandbox) -> None:
    """Markup and control characters in data are text: no terminal ever sees them raw."""
    evil = "\x1b]0;owned\x07 [red]x[/red] [bold \x9b31m ü"
    done = nylas(
        "create", "--start", "2027-01-04T09:00Z", "--name", evil, "--email", "jane@example.com"
    )
    assert done.code == 0, done.err
    assert "[red]x[/red] [bold" in done.out
    assert not any(bad in done.out for bad in "\x1b\x07\x9b")
    body = {"name": evil, "slug": "evil"}
    update = ("config", "update", sandbox.public, "-", "--json")
    changed = nylas(*update, stdin=json.dumps(body))
    assert changed.json["name"] == evil
    assert not any(bad in changed.out for bad in "\x1b\x07\x9b")
    assert "ü" in changed.out
    listed = nylas("config", "list").out
    assert "[red]x[/red]" in listed
    assert not any(bad in listed for bad in "\x1b\x07\x9b")


def test_garbage(nylas: CommandLine, sandbox: Sandbox) -> None:
    """An answer that cannot be read is no traceback."""
    sandbox.faults.add("*", Fault.garbage(), times=None)
    assert nylas("get", "b-1").code == 1
