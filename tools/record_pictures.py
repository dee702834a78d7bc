"""Records the pictures of the README: the demo in a terminal, and the pages of the sandbox.

python tools/record_pictures.py    writes docs/pictures; needs playwright, and the system's Chromium
"""

from __future__ import annotations

import asyncio
import io
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from nylas_bookings.cli.demo.command import told
from nylas_bookings.sandbox import Sandbox

if TYPE_CHECKING:
    from playwright.sync_api import Page

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "pictures"
PORT = 8025
WIDTH = 92


def main() -> None:
    """Record all of them, of one and the same sandbox."""
    PICTURES.mkdir(exist_ok=True)
    with Sandbox(seed=1, port=PORT) as sandbox:
        record_demo(sandbox, PICTURES / "demo.svg")
        with browser() as page:
            take_booking_page(sandbox, page, PICTURES / "booking-page.png")
            take_inspector(sandbox, page, PICTURES / "inspector.png")


def record_demo(sandbox: Sandbox, to: Path) -> None:
    """The demo, as a terminal shows it."""
    console = Console(
        record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, highlight=False
    )
    asyncio.run(told(sandbox, console))
    console.save_svg(str(to), title="nylas-bookings demo", unique_id="demo")


@contextmanager
def browser() -> Iterator[Page]:
    """A page of a browser without a window."""
    from playwright.sync_api import sync_playwright

    found = shutil.which("chromium") or shutil.which("chromium-headless-shell")
    executable = found or sys.exit("chromium is not installed")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=executable, args=["--headless", "--no-sandbox", "--disable-gpu"]
        )
        page = started.new_page(
            viewport={"width": 1100, "height": 720}, locale="en-GB", timezone_id="Europe/Berlin"
        )
        yield page
        started.close()


def take_booking_page(sandbox: Sandbox, page: Page, to: Path) -> None:
    """The booking page, with its days and times."""
    page.goto(f"{sandbox.url}/book/{sandbox.public}", wait_until="networkidle")
    page.locator("button.day[data-day]:not([aria-disabled=true])").first.click()
    page.get_by_text("10:00", exact=True).first.wait_for()
    page.screenshot(path=to)


def take_inspector(sandbox: Sandbox, page: Page, to: Path) -> None:
    """The inspector, after all that the demo has done."""
    page.goto(f"{sandbox.url}/_sandbox/#bookings")
    page.get_by_text("Jane Doe", exact=True).first.wait_for()
    page.screenshot(path=to)


if __name__ == "__main__":
    main()
