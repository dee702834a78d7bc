"""The command in this process, against a sandbox that the environment names."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from attrs import frozen

from nylas_bookings.cli import main
from nylas_bookings.sandbox import Sandbox


@frozen
class Ended:
    """How a command ended.

    Attributes:
        code: Its exit code.
        out: What it printed on stdout.
        err: What it printed on stderr.
    """

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The JSON document that it printed."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        """The JSON lines that it printed."""
        return [json.loads(line) for line in self.out.splitlines()]


class CommandLine:
    """Runs commands as if they had been typed, with stdin and stdout that are no terminal."""

    def __init__(self, patch: pytest.MonkeyPatch, capture: pytest.CaptureFixture[str]) -> None:
        self._patch = patch
        self._capture = capture

    def __call__(self, *tokens: str, stdin: str | bytes = "") -> Ended:
        """Run a command."""
        typed = stdin.encode() if isinstance(stdin, str) else stdin
        self._patch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(typed), encoding="utf-8"))
        self._patch.setattr("sys.argv", ["nylas-bookings", *tokens])
        with pytest.raises(SystemExit) as ended:
            main()
        code = ended.value.code
        out, err = self._capture.readouterr()
        assert "Traceback" not in out + err
        assert isinstance(code, int | None)
        return Ended(code or 0, out, err)

    def env(self, **variables: str | None) -> None:
        """Set variables `NYLAS_…`, or remove them."""
        for name, value in variables.items():
            if value is None:
                self._patch.delenv(f"NYLAS_{name.upper()}", raising=False)
            else:
                self._patch.setenv(f"NYLAS_{name.upper()}", value)


def environment(sandbox: Sandbox) -> dict[str, str]:
    """What the commands need to know of a sandbox."""
    return {
        "NYLAS_API_URI": sandbox.url,
        "NYLAS_API_KEY": sandbox.api_key,
        "NYLAS_CONFIGURATION_ID": sandbox.public,
        "NYLAS_GRANT_ID": sandbox.grant_id,
    }
