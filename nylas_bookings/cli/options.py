"""Arguments and options that several commands take."""

from __future__ import annotations

from typing import Annotated, Final

from cyclopts import Parameter

Json = Annotated[bool, Parameter(help="Print JSON instead of a table.")]

Yes = Annotated[bool, Parameter(name=["--yes", "-y"], help="Do not ask whether you are sure.")]

Zone = Annotated[
    str | None,
    Parameter(help="A time zone such as Europe/Berlin, for times that name none.", name="--zone"),
]


def _said(kind: type, value: str) -> None:
    if not value.strip():
        raise ValueError("It must not be empty.")


GrantId = Annotated[
    str,
    Parameter(
        env_var="NYLAS_GRANT_ID",
        help="Whose: the id of a grant, or its address.",
        validator=_said,
    ),
]

ConfigurationId = Annotated[
    str,
    Parameter(env_var="NYLAS_CONFIGURATION_ID", help="Of which configuration.", validator=_said),
]


def _no_option(kind: type, value: str) -> None:
    if value.startswith("-") and value != "-":
        raise ValueError(f"there is no option {value}; a file of that name is ./{value}")


OrStdin: Final[Parameter] = Parameter(allow_leading_hyphen=True, validator=_no_option)
"""For an argument that may be - for stdin."""

JsonFile = Annotated[str, OrStdin, Parameter(help="A file with a JSON object, or - for stdin.")]

Reason = Annotated[str | None, Parameter(help="What the others are told.")]
