"""How the demo is told: numbered steps, each with the code that was run and what came of it."""

from __future__ import annotations

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.text import Text

from .. import printing


class Story:
    """Tells the steps on a console, or as JSON lines."""

    def __init__(self, console: Console, *, as_json: bool = False) -> None:
        self._console = console
        self._as_json = as_json
        self._number = 0

    def step(self, title: str, code: str = "") -> None:
        """Begin a step, with the code that it runs."""
        self._number += 1
        if self._as_json:
            printing.write_line({"step": self._number, "title": title, "code": code})
            return
        self._console.print()
        self._console.print(
            Rule(Text(f" {self._number}  {title} ", "bold"), align="left", style="cyan")
        )
        if code:
            self._indented(_highlighted(code))

    def tell(self, words: str, style: str = "", **document: object) -> None:
        """Say what came of it: in words for people, as data for programs."""
        if self._as_json:
            if document:
                printing.write_line({"step": self._number, **document})
            return
        self._indented(printing.text(words, style))

    def show(self, drawing: RenderableType) -> None:
        """Show something that is for people alone."""
        if not self._as_json:
            self._indented(drawing)

    def _indented(self, what: RenderableType) -> None:
        self._console.print(Padding(what, (0, 0, 0, 4), expand=False))


def _highlighted(code: str) -> RenderableType:
    from rich.syntax import Syntax

    return Syntax(code, "python", theme="ansi_dark", background_color="default", word_wrap=True)
