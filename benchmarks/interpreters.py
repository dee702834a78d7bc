"""Other Pythons of this machine, each in a cached environment with the package's dependencies."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import requires, version
from pathlib import Path

from . import processes

OTHERS = ("3.12", "3.13", "3.14")
_TIMEOUT_SECONDS = 300


class Unavailable(Exception):
    """A Python cannot be used; the text says why."""


def prepare(number: str) -> Path:
    """Return a Python of that version with the dependencies; raises `Unavailable`."""
    python = find(number)
    if python is None:
        raise Unavailable("not on this machine")
    requirements = _requirements()
    folder = _cache() / f"{number}-{_digest(python, *requirements)}"
    created = folder / "bin" / "python"
    if not (folder / "complete").exists():
        shutil.rmtree(folder, ignore_errors=True)
        _install(python, folder, created, requirements)
        (folder / "complete").touch()
    return created


def find(number: str) -> str | None:
    """Return an interpreter of that version: from the PATH, or as pyenv keeps it."""
    pyenv = Path(os.environ.get("PYENV_ROOT", "~/.pyenv")).expanduser() / "versions"
    kept = [str(path) for path in sorted(pyenv.glob(f"{number}.*/bin/python"))]
    candidates = [shutil.which(f"python{number}"), *kept]
    return next((path for path in candidates if path and _is_version(path, number)), None)


def _is_version(python: str, number: str) -> bool:
    """Whether it is that Python: a shim of pyenv may exist and lead nowhere."""
    code = "import sys; print('{}.{}'.format(*sys.version_info))"
    done = subprocess.run([python, "-c", code], capture_output=True, text=True, check=False)
    return done.returncode == 0 and done.stdout.strip() == number


def _requirements() -> list[str]:
    """The dependencies of the package, in the versions that are installed here."""
    lines = [line for line in requires("nylas-bookings") or [] if "extra ==" not in line]
    names = [re.split(r"[^A-Za-z0-9._-]", line)[0] for line in lines]
    return [f"{name}=={version(name)}" for name in names]


def _cache() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(base).expanduser() / "nylas-bookings-benchmarks"


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


def _install(python: str, folder: Path, created: Path, requirements: Sequence[str]) -> None:
    uv = shutil.which("uv", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if uv is not None:
        _run(uv, "venv", "--quiet", "--python", python, str(folder))
        _run(uv, "pip", "install", "--quiet", "--python", str(created), *requirements)
    else:
        _run(python, "-m", "venv", str(folder))
        _run(str(created), "-m", "pip", "install", "--quiet", *requirements)


def _run(*command: str) -> None:
    try:
        subprocess.run(
            command,
            check=True,
            capture_output=True,
            text=True,
            timeout=_TIMEOUT_SECONDS,
            env=processes.environment(),
        )
    except (OSError, subprocess.SubprocessError) as error:
        output = (getattr(error, "stderr", None) or str(error)).strip()
        raise Unavailable(f"its environment cannot be created: {output.splitlines()[-1]}") from None
