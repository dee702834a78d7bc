"""The project's chores: `nox` runs what CI runs, `nox --list` says what there is."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import nox

nox.options.default_venv_backend = "uv|virtualenv"
nox.options.error_on_missing_interpreters = False
nox.options.reuse_existing_virtualenvs = True
nox.options.sessions = [
    "lint",
    "types",
    "docs",
    "tests",
    "aiohttp_versions",
    "package",
    "quick_benchmarks",
]

PROJECT = nox.project.load_toml("pyproject.toml")["project"]
GROUPS = nox.project.load_toml("pyproject.toml")["dependency-groups"]


def interpreters() -> list[str]:
    """Every supported Python of this machine: from the PATH, else as pyenv keeps them."""
    found = []
    for version in ("3.11", "3.12", "3.13", "3.14"):
        pyenv = Path(os.environ.get("PYENV_ROOT", "~/.pyenv")).expanduser() / "versions"
        kept = sorted(pyenv.glob(f"{version}.*/bin/python"))
        candidates = [shutil.which(f"python{version}"), *(str(path) for path in kept)]
        found += [path for path in candidates if path and runs(path, version)][:1]
    return found


def runs(python: str, version: str) -> bool:
    """Whether it is that Python; a shim may be there and lead nowhere."""
    told = "import sys; print('{}.{}'.format(*sys.version_info))"
    done = subprocess.run([python, "-c", told], capture_output=True, text=True, check=False)
    return done.returncode == 0 and done.stdout.strip() == version


def groups(*names: str) -> list[str]:
    """The requirements of some dependency groups."""
    return [line for name in names for line in GROUPS[name]]


@nox.session
def lint(session: nox.Session) -> None:
    """Style, spelling, dead code, undeclared imports, and generated files that are out of date."""
    session.install("-e", ".[all]", *groups("lint"), "pytest", "nox")
    session.run("ruff", "format", "--check", ".")
    session.run("ruff", "check", ".")
    for generator in ("sync", "docs", "layers"):
        session.run("python", f"tools/generate_{generator}.py", "--check")
    session.run("codespell", "nylas_bookings", "tests", "tools", "docs", *Path().glob("*.md"))
    session.run("vulture")
    session.run("deptry", "nylas_bookings")
    session.run("slotscheck", "-m", "nylas_bookings")


@nox.session
def types(session: nox.Session) -> None:
    """Types: of the package, of a program that uses it, and of every public name."""
    session.install("-e", ".[all]", *groups("docs", "lint", "test"), "nox")
    session.run("mypy")
    session.run("basedpyright", "--verifytypes", "nylas_bookings", "--ignoreexternal")


@nox.session
def docs(session: nox.Session) -> None:
    """The docs site, into docs/site; fails when a link leads nowhere."""
    session.install("-e", ".[all]", *groups("docs"))
    config = ("--config-file", "docs/zensical.toml")
    session.run("zensical", "build", "--strict", "--clean", *config, silent=True)


PYTHONS = interpreters()
BESIDES_THE_CLIENT = [
    f"--ignore=tests/{name}" for name in ("cli", "official", "pace", "sandbox", "workers")
]
WHERE_PYTHONS_DIFFER = [
    f"tests/test_{name}.py"
    for name in ("bridge", "deadlines", "pool", "repeating", "tracing", "waiting", "wire_facts")
]
EXPLORING = "explored or lifecycles or two_processes or oracle or recurrence or fuzz or killed"


@nox.session(python=PYTHONS)
def tests(session: nox.Session) -> None:
    """The tests, on every Python that is here: all of them on the first.

    The last runs those of the client and of batches, and any between them those of connections,
    deadlines and threads, where Pythons differ most. `nox -s tests -- tests` runs all on all.
    """
    prepare(session)
    if session.posargs:
        session.run("pytest", "-n", "2", *session.posargs)
    elif session.python == PYTHONS[0]:
        session.run("pytest", "-n", "2")
    else:
        wanted = BESIDES_THE_CLIENT if session.python == PYTHONS[-1] else WHERE_PYTHONS_DIFFER
        session.run("pytest", "-n", "2", "-m", "not on_one_python", *wanted)


@nox.session
def aiohttp_versions(session: nox.Session) -> None:
    """The tests of the exchange with the oldest and newest aiohttp, and without its C parts."""
    prepare(session)
    oldest = next(d for d in PROJECT["dependencies"] if d.startswith("aiohttp>="))
    command = ("pytest", "-n", "2", "tests/http", "-k", "not explored")
    session.install(oldest.replace(">=", "=="))
    session.run(*command)
    session.install("--upgrade", "--pre", "aiohttp")
    # The pre-release may be of a series that the direct exchange does not accept yet.
    session.run(*command, "-k", "internals or request_bytes")
    session.install("--upgrade", "--force-reinstall", "aiohttp")
    session.run(*command, env={"AIOHTTP_NO_EXTENSIONS": "1"})


@nox.session
def coverage(session: nox.Session) -> None:
    """How much of the package the tests run through: at least 95 of 100 branches."""
    prepare(session)
    session.run("coverage", "erase")
    session.run("coverage", "run", "-m", "pytest", "-n", "2", "--timeout", "300")
    session.run("coverage", "combine", "--quiet")
    session.run("coverage", "report")


def prepare(session: nox.Session) -> None:
    """Everything that the tests need."""
    session.install("-e", ".[all]", *groups("test"))
    # Tests start hundreds of processes, which would all compile every module anew.
    session.env["PYTHONDONTWRITEBYTECODE"] = None


@nox.session
def thorough(session: nox.Session) -> None:
    """The tests that explore, with many times as many examples, and other ones each time."""
    prepare(session)
    session.env["EXAMPLES_TIMES"] = "10"
    session.run("pytest", "-n", "2", "--timeout", "3600", *(session.posargs or ["-k", EXPLORING]))


@nox.session
def package(session: nox.Session) -> None:
    """The wheel, alone in an empty environment, runs the example of the README."""
    built = Path(session.create_tmp()) / "dist"
    shutil.rmtree(built, ignore_errors=True)
    session.install("build")
    session.run("python", "-m", "build", "--outdir", str(built), silent=True)
    session.run("python", "-m", "venv", "--clear", str(built / "empty"))
    python = str(built / "empty" / "bin" / "python")
    (wheel,) = built.glob("*.whl")
    session.run(python, "-m", "pip", "install", "--quiet", str(wheel), external=True)
    example = Path("docs/examples/first_booking.py").resolve()
    session.run(python, "-X", "dev", "-W", "error", str(example), external=True)


@nox.session
def quick_benchmarks(session: nox.Session) -> None:
    """Every benchmark, for a moment: so that none of them rots."""
    session.install("-e", ".[all]", *groups("bench"))
    session.run("python", "-m", "benchmarks", "--quick")


@nox.session
def benchmarks(session: nox.Session) -> None:
    """Every benchmark, for as long as it takes."""
    session.install("-e", ".[all]", *groups("bench"))
    session.run("python", "-m", "benchmarks", *session.posargs)


@nox.session
def pictures(session: nox.Session) -> None:
    """The pictures of the README: the demo in a terminal, and the pages of the sandbox."""
    session.install("-e", ".[all]", *[line for line in GROUPS["test"] if "playwright" in line])
    session.run("python", "tools/record_pictures.py")
