"""A call on the API, as far as the network has a say in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias, TypeVar

from attrs import frozen

from .. import configurations
from ..access import Asker, configuration_of, grant_of
from ..configurations import Stored
from ..given import as_model, without_nulls
from ..refusals import bad_request
from ..subscriptions import Proof
from ..world import World

Model = TypeVar("Model")


@frozen(kw_only=True, slots=False)
class Call:
    """A call on the API, as far as the network has a say in it."""

    world: World
    asker: Asker
    ids: Mapping[str, str]
    query: Mapping[str, str]
    body: Any
    proof: Proof | None = None

    def configuration(self) -> Stored:
        """The configuration that a visitor's call is about."""
        return configuration_of(self.world, self.asker, self.query)

    def grant(self) -> str:
        """The grant in the path."""
        return grant_of(self.world, self.asker, self.ids["grant_id"])

    def of_grant(self) -> Stored:
        """The configuration in the path."""
        return configurations.of_grant(self.world, self.grant(), self.ids["configuration_id"])

    def document(self) -> dict[str, Any]:
        """The body, which has to be an object."""
        if not isinstance(self.body, dict):
            raise bad_request("error parsing request body")
        return self.body

    def model(self, cls: type[Model]) -> Model:
        """The body as a model; nulls count as not given."""
        return as_model(cls, without_nulls(self.document()), "body")

    def number(self, name: str) -> int:
        """A parameter of the query in epoch seconds."""
        text = self.query.get(name, "")
        if not (text.isascii() and text.isdigit()):
            raise bad_request(f"{name} is required, in epoch seconds")
        return int(text[:12])


Handler: TypeAlias = Callable[[Call], dict[str, Any]]
"""What an operation does; it tells what the answer says besides the request id."""
