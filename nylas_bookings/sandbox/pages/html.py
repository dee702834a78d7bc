"""HTML: the frame of all pages, what a page says about its meeting, and notices."""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape
from string import Template
from typing import Any, Final
from urllib.parse import quote

import orjson

from ..._wire.messages import Response
from ..world import World
from . import files
from .problems import Problem

_HEADERS: Final = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_TITLES: Final = {
    "book": "{title}",
    "reschedule": "Reschedule: {title}",
    "cancel": "Cancel: {title}",
    "confirm": "Confirm: {title}",
}

_CHOOSING: Final = ("book", "reschedule")


def page(world: World, name: str, facts: dict[str, Any]) -> Response:
    """A page with its facts, which its script reads."""
    island = orjson.dumps(facts).decode().replace("<", "\\u003c")
    chooser = files.template("chooser") if name in _CHOOSING else ""
    content = _filled("meeting", about=_about(facts), chooser=chooser, facts=island)
    script = f'<script type="module" src="/book/scripts/{name}.js"></script>'
    return _framed(world, 200, _TITLES[name].format(title=facts["title"]), content, script)


def notice(world: World, problem: Problem) -> Response:
    """A page that says why there is no other."""
    page = quote(problem.page, safe="")
    button = _filled(problem.offer, page=page) if problem.offer else ""
    text = {"title": escape(problem.title), "text": escape(problem.text), "button": button}
    return _framed(world, problem.status, problem.title, _filled("notice", **text), "")


def _framed(world: World, status: int, title: str, content: str, script: str) -> Response:
    whole = _filled(
        "frame", title=escape(title), content=content, script=script, clock=_clock(world)
    )
    return Response(status, _HEADERS, whole.encode())


def _filled(name: str, **values: str) -> str:
    return Template(files.template(name)).substitute(values)


def _clock(world: World) -> str:
    """The sandbox's time, where it is not the visitor's."""
    if not world.clock.is_frozen:
        return ""
    moment = datetime.fromtimestamp(world.clock.now(), UTC)
    return f"Its clock stands still at {moment:%H:%M UTC, %-d %B %Y}."


def _about(facts: dict[str, Any]) -> str:
    """With whom, what, how long, where."""
    rows = {
        "duration": "" if facts["minutes"] is None else _duration(facts["minutes"]),
        "place": facts["location"],
        "waiting": "The host confirms each booking" if facts["pending"] else "",
        "notes": facts["consent"] and f"{facts['consent']} takes notes of this meeting",
    }
    return _filled(
        "about",
        initials="".join(f"<span>{escape(_initials(host))}</span>" for host in facts["hosts"][:3]),
        hosts=escape(_listed(facts["hosts"])),
        title=escape(facts["title"]),
        rows="".join(_row(kind, text) for kind, text in rows.items() if text),
        description=escape(facts["description"]),
    )


def _row(kind: str, text: str) -> str:
    return f'<li class="{kind}">{escape(text)}</li>'


def _duration(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    parts = [_counted(hours, "hour")] if hours else []
    return " ".join(parts + ([_counted(rest, "minute")] if rest or not hours else []))


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def _initials(name: str) -> str:
    """The first letters of the first word and of the last."""
    words = name.partition("@")[0].split()
    return "".join(word[0] for word in (*words[:1], *words[1:][-1:])).upper()


def _listed(names: list[str]) -> str:
    """The names as one reads them aloud."""
    *others, last = names or [""]
    return f"{', '.join(others)} and {last}" if others else last
