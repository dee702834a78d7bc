"""What each operation does in the sandbox: one function for each row of the table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from . import application, grants, groups, visitors
from .call import Call as Call
from .call import Handler

HANDLERS: Final[Mapping[str, Handler]] = (
    visitors.HANDLERS | application.HANDLERS | grants.HANDLERS | groups.HANDLERS
)

__all__ = ["HANDLERS", "Call"]
