"""What the tests of the sandbox share: one that stands still on a Monday, and clients of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from nylas_bookings import ApiKey, AsyncClient, PublicConfiguration
from nylas_bookings._wire.messages import Request, Response
from nylas_bookings.auth import Auth
from nylas_bookings.sandbox import Sandbox
from nylas_bookings.sandbox.api import Api

from .calls import MONDAY, ONCE, Raw
from .contract.promises import broken
from .groups import Group


@pytest.fixture(autouse=True)
def broken_promises(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Every answer, whatever is tested, is as the contract and the description say."""
    found: list[str] = []
    answer = Api.answer

    def looked_at(self: Api, request: Request, *proof: Any) -> Response:
        response = answer(self, request, *proof)
        found.extend(broken(self.world.behaviour, request, response))
        return response

    monkeypatch.setattr(Api, "answer", looked_at)
    yield found
    assert not found


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A sandbox without a socket, on a Monday at midnight."""
    made = Sandbox(seed=1, now=MONDAY)
    yield made
    made.close()


@pytest.fixture
def listening() -> Iterator[Sandbox]:
    """A sandbox on a socket, on a Monday at midnight."""
    with Sandbox(seed=1, now=MONDAY) as made:
        yield made


def client(sandbox: Sandbox, auth: Auth) -> AsyncClient:
    """A client that asks the sandbox in this process, once."""
    return AsyncClient(auth, send=sandbox.send, retry=ONCE)


@pytest.fixture
async def visitor(sandbox: Sandbox) -> AsyncIterator[AsyncClient]:
    """A visitor of the public configuration."""
    async with client(sandbox, PublicConfiguration(sandbox.public)) as made:
        yield made


@pytest.fixture
async def admin(sandbox: Sandbox) -> AsyncIterator[AsyncClient]:
    """The holder of the application's key."""
    async with client(sandbox, ApiKey(sandbox.api_key)) as made:
        yield made


@pytest.fixture
async def guest_of_confirming(sandbox: Sandbox) -> AsyncIterator[AsyncClient]:
    """A visitor of the configuration whose bookings wait for the organizer."""
    async with client(sandbox, PublicConfiguration(sandbox.confirming)) as made:
        yield made


@pytest.fixture
def raw(sandbox: Sandbox) -> Raw:
    """Requests that the client cannot express."""
    return Raw(sandbox)


@pytest.fixture
async def group(raw: Raw) -> Group:
    """A group configuration."""
    return await Group(raw).make()
