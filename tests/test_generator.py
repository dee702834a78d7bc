"""The blocking client is the generated twin of the asynchronous one, down to its help."""

from __future__ import annotations

import inspect
import pydoc
import re
from functools import cached_property
from typing import Any

import pytest

from nylas_bookings import AsyncClient, Client
from tools import generate_sync

from .samples import KEY

RESOURCES = [
    name for name, value in vars(AsyncClient).items() if isinstance(value, cached_property)
]
SOURCES = {name: getattr(AsyncClient(KEY), name) for name in RESOURCES}
TWINS = {name: getattr(Client(KEY), name) for name in RESOURCES}
METHODS = [
    (name, method)
    for name, source in SOURCES.items()
    for method in dir(source)
    if not method.startswith("_")
]
each_method = pytest.mark.parametrize(("resource", "method"), METHODS)


def in_blocking_words(text: str | None) -> str | None:
    """A docstring, as the generator changes it."""
    for awaited, blocking in generate_sync.IN_BLOCKING_WORDS:
        text = text and text.replace(awaited, blocking)
    return text


def test_the_file_is_what_the_generator_writes() -> None:
    """`_sync.py` is up to date."""
    text = generate_sync.TARGET.read_text(encoding="utf-8")
    assert text == generate_sync.generated()


@pytest.mark.parametrize(("more", "result"), [("", 0), ("# new\n", 1)])
def test_check(
    more: str, result: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--check` fails when the file is not what it should be, says so, and leaves it as it is."""
    text = generate_sync.TARGET.read_text(encoding="utf-8")
    monkeypatch.setattr(generate_sync, "generated", lambda: text + more)
    monkeypatch.setattr("sys.argv", ["generate_sync.py", "--check"])
    assert generate_sync.main() == result
    assert ("_sync.py is not up to date" in capsys.readouterr().err) is bool(result)
    assert generate_sync.TARGET.read_text(encoding="utf-8") == text


@each_method
def test_twins(resource: str, method: str) -> None:
    """Every coroutine has a blocking twin with its parameters, result and docstring."""
    source, twin = getattr(SOURCES[resource], method), getattr(TWINS[resource], method)
    assert inspect.iscoroutinefunction(source)
    assert not inspect.iscoroutinefunction(twin)
    assert inspect.signature(twin) == inspect.signature(source)
    assert inspect.getdoc(twin) == in_blocking_words(inspect.getdoc(source))


def test_nothing_is_missing() -> None:
    """Both clients, and each pair of resources, have the same public names."""
    assert public(Client) == public(AsyncClient)
    for name in RESOURCES:
        assert public(TWINS[name]) == public(SOURCES[name]) != []
        assert type(TWINS[name]).__doc__ == type(SOURCES[name]).__doc__
        assert getattr(Client, name).__doc__ == getattr(AsyncClient, name).__doc__


def public(thing: Any) -> list[str]:
    """The names that people may use."""
    return [name for name in dir(thing) if not name.startswith("_")]


def test_the_clients_themselves() -> None:
    """Both are made with the same arguments and told about in the same words, but for a session.

    That would belong to the event loop of somebody else, so a blocking client takes none.
    """
    awaited = inspect.signature(AsyncClient)
    both = [each for each in awaited.parameters.values() if each.name != "session"]
    assert inspect.signature(Client) == awaited.replace(parameters=both)
    words = in_blocking_words(inspect.getdoc(AsyncClient)).splitlines()
    told = "\n".join(line for line in words if not line.lstrip().startswith("session: "))
    assert inspect.getdoc(Client) == told
    assert inspect.getdoc(Client.from_env) == inspect.getdoc(AsyncClient.from_env)


@each_method
def test_help(resource: str, method: str) -> None:
    """`help()` shows the parameters and what they mean, and speaks of nothing to be awaited."""
    shown = pydoc.plain(pydoc.render_doc(getattr(TWINS[resource], method)))
    for parameter in inspect.signature(getattr(TWINS[resource], method)).parameters:
        assert f"{parameter}: " in shown
    assert re.search(r"\b(await|async|coroutine)", shown) is None


def test_help_of_the_client() -> None:
    """The same for the client's own docstring."""
    assert re.search(r"\b(await|async|coroutine)", inspect.getdoc(Client) or "") is None
