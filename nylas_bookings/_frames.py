"""Errors without the frames that they came through, whose variables error trackers show."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

Params = ParamSpec("Params")
Result = TypeVar("Result")
Class = TypeVar("Class", bound=type)
Error = TypeVar("Error", bound=BaseException)


def detach(error: Error) -> Error:
    """Return an error without its frames, and without the exception that it took the place of."""
    error.__traceback__ = error.__context__ = None
    return error


def hides_arguments(function: Callable[Params, Result]) -> Callable[Params, Result]:
    """Have errors leave a function without any frame that holds its arguments.

    Its caller has them too, but chooses what they are called and what is shown of them.
    """

    @functools.wraps(function)
    def call(*args: Params.args, **kwargs: Params.kwargs) -> Result:
        try:
            return function(*args, **kwargs)
        except Exception as error:  # noqa: BLE001 - it is raised again
            failure = error
        del args, kwargs
        try:
            raise detach(failure)
        finally:
            # The traceback holds this frame, which must not hold it.
            del failure

    return call


def hides_fields(cls: Class) -> Class:
    """Do the same for the arguments that an object of a class is made of."""
    type.__setattr__(cls, "__init__", hides_arguments(vars(cls)["__init__"]))
    return cls
