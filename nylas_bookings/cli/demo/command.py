"""The command itself."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Annotated, Final

from cyclopts import Parameter, validators
from rich.text import Text

from .. import exits, printing
from ..addresses import cannot_listen
from ..ending import told_to_end
from ..options import Json
from ..running import reading

_WIDEST: Final = 100

if TYPE_CHECKING:
    from rich.console import Console

    from ...sandbox import Sandbox
    from .story import Story


@reading
async def demo(
    *,
    keep: bool = False,
    port: Annotated[int, Parameter(validator=validators.Number(gte=0, lte=65535))] = 0,
    json: Json = False,
) -> int:
    """See the life of a booking, against a sandbox on this machine. No account is needed.

    Parameters
    ----------
    keep
        Leave the sandbox and its pages up afterwards, until Ctrl-C.
    port
        Where the sandbox shall listen; any port that is free if 0.
    """
    from ...sandbox import Sandbox

    async with contextlib.AsyncExitStack() as stack:
        try:
            sandbox = await stack.enter_async_context(Sandbox(port=port))
        except OSError as error:
            raise cannot_listen("127.0.0.1", port, error) from None
        console = printing.console()
        console.width = min(console.width, _WIDEST)
        story = await told(sandbox, console, as_json=json)
        links(sandbox, story, kept=keep)
        if keep:
            await told_to_end().wait()
    return exits.DONE


async def told(sandbox: Sandbox, console: Console, *, as_json: bool = False) -> Story:
    """Tell the story of a sandbox, which is new."""
    from .steps import Demo
    from .story import Story

    story = Story(console, as_json=as_json)
    story.step("A Scheduler API on this machine", "async with Sandbox() as sandbox: ...")
    story.tell(f"It listens on {sandbox.url}; nothing leaves this machine.", url=sandbox.url)
    await Demo(sandbox, story, console.width).run()
    return story


def links(sandbox: Sandbox, story: Story, *, kept: bool) -> None:
    """Where to go on from here."""
    pages = {
        "The booking page": f"{sandbox.url}/book/{sandbox.public}",
        "Everything that happened": f"{sandbox.url}/_sandbox/",
    }
    if kept:
        story.step("Look around")
        for name, link in pages.items():
            story.tell(f"{name}:", **{name: link})
            story.show(Text(link, "cyan", no_wrap=True, overflow="ignore"))
        story.tell("Ctrl-C ends it.")
        return
    story.step("Go on")
    story.tell("nylas-bookings demo --keep     the same, and its pages stay up")
    story.tell("nylas-bookings sandbox         a sandbox for your own programs")
