"""The official Node SDK, asked from Python: a process that makes the calls it is told to make."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any, Self

from attrs import frozen

from ..browser import absent

FOLDER = Path(__file__).parent / "node"
MODULES = FOLDER / "node_modules"


def require_packages() -> None:
    """Skip without what npm installs, and fail where it has to be there."""
    if not MODULES.is_dir():
        absent("run `npm ci` in tests/official/node")


def node() -> str:
    """The interpreter, with the SDK at hand."""
    require_packages()
    return shutil.which("node") or absent("node is not installed")


class NodeProcess:
    """The process, which lives as long as its `with`."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [node(), str(FOLDER / "calls.mjs")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate(timeout=20)

    def told(self, asked: dict[str, Any]) -> dict[str, Any]:
        """What one call comes to."""
        lines, answers = self._process.stdin, self._process.stdout
        assert lines is not None
        assert answers is not None
        lines.write(json.dumps(asked) + "\n")
        lines.flush()
        told: dict[str, Any] = json.loads(answers.readline())
        return told


@frozen
class NodeSdk:
    """The SDK in that process, with a credential."""

    process: NodeProcess
    url: str
    api_key: str

    def told(self, call: str, **parameters: Any) -> dict[str, Any]:
        """What a call comes to: its value, or its error."""
        client = {"apiUri": self.url, "apiKey": self.api_key, "timeout": 10}
        return self.process.told({"call": call, "with": parameters, **client})

    def value(self, call: str, **parameters: Any) -> Any:
        """What a call returns."""
        told = self.told(call, **parameters)
        assert "error" not in told, told
        return told["value"]

    def error(self, call: str, **parameters: Any) -> Any:
        """What a call throws."""
        told = self.told(call, **parameters)
        assert "value" not in told, told
        return told["error"]
