"""Writes `docs/pictures/layers.svg`: the layers, from the table of `tests/test_layers.py`.

`--check` only says whether the picture is up to date.
"""

from __future__ import annotations

import argparse
import ast
import sys
from html import escape
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
TABLE: Final = ROOT / "tests" / "test_layers.py"
TARGET: Final = ROOT / "docs" / "pictures" / "layers.svg"

MEANINGS: Final = {
    0: "the ground",
    1: "values, pure",
    2: "facts and auth",
    3: "one call",
    4: "the async client",
    5: "many calls; the sandbox",
    6: "blocking; workers",
    7: "for people and tests",
    8: "the command",
}
WIDTH, MARGIN, LABEL, HIGH, GAP, LETTER = 880, 16, 200, 30, 8, 8.2

STYLE: Final = """
  svg { --card: #ffffff; --line: #d0d7de; --text: #1f2328; --soft: #59636e; --box: #eef2ff; }
  @media (prefers-color-scheme: dark) {
    svg { --card: #1b1f27; --line: #3d444d; --text: #e6edf3; --soft: #9198a1; --box: #262d45; }
  }
  .card { fill: var(--card); stroke: var(--line); }
  .box { fill: var(--box); stroke: var(--line); }
  text { fill: var(--text); font: 13px Menlo, Consolas, "DejaVu Sans Mono", monospace; }
  .soft { fill: var(--soft); font-family: system-ui, "DejaVu Sans", sans-serif; }
"""


def layers() -> dict[str, int]:
    """The table: the units of the package, and the layer that each is in."""
    for node in ast.parse(TABLE.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "LAYERS":
            known: dict[str, int] = ast.literal_eval(node.value)
            return known
    raise SystemExit(f"{TABLE.name} has no LAYERS")


def picture() -> str:
    """The layers, the highest at the top."""
    known = layers()
    drawn, top = [], MARGIN
    for level in sorted(set(known.values()), reverse=True):
        units = [name for name, there in known.items() if there == level]
        boxes, bottom = _boxes(units, top)
        drawn += [_text(MARGIN, top + 20, f"{level}  {MEANINGS[level]}", "soft"), *boxes]
        top = bottom + GAP
    drawn.append(_text(MARGIN, top + 12, "Imports go down, never up.", "soft"))
    return _framed("The layers of the package", drawn, top + 28)


def _boxes(units: list[str], top: int) -> tuple[list[str], int]:
    """A box for each unit, in as many rows as they need; and where the last row ends."""
    drawn, left = [], LABEL
    for name in units:
        width = round(len(name) * LETTER) + 20
        if left + width > WIDTH - MARGIN:
            left, top = LABEL, top + HIGH + GAP // 2
        drawn += [_box(left, top, width), _text(left + 10, top + 20, name)]
        left += width + GAP
    return drawn, top + HIGH


def _box(left: int, top: int, width: int) -> str:
    return f'<rect class="box" x="{left}" y="{top}" width="{width}" height="{HIGH}" rx="6"/>'


def _text(left: int, base: int, text: str, kind: str = "") -> str:
    return f'<text class="{kind}" x="{left}" y="{base}">{escape(text)}</text>'


def _framed(title: str, drawn: list[str], height: int) -> str:
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">',
        f"<title>{title}</title>",
        f"<style>{STYLE}</style>",
        f'<rect class="card" x=".5" y=".5" width="{WIDTH - 1}" height="{height - 1}" rx="12"/>',
        *drawn,
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Write the picture, or with `--check` compare it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 if it differs")
    if not parser.parse_args().check:
        TARGET.write_text(picture(), encoding="utf-8")
        return 0
    if TARGET.read_text(encoding="utf-8") == picture():
        return 0
    print(f"{TARGET.relative_to(ROOT)}: run tools/generate_layers.py", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
