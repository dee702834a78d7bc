"""The command `webhook listen`: a receiver on this machine that verifies and prints deliveries."""

from __future__ import annotations

import contextlib
import os
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter, validators

from ..errors import WebhookRejected
from . import asking, exits, printing
from .addresses import cannot_listen
from .documents import document
from .ending import told_to_end
from .options import Json
from .running import reading
from .subscriptions import all_triggers

if TYPE_CHECKING:
    from ..models import AnyNotification

_NOT_KNOWN = "there is no NYLAS_WEBHOOK_SECRET to verify it with"


@reading
async def listen(
    *,
    host: str = "127.0.0.1",
    port: Annotated[int, Parameter(validator=validators.Number(gte=0, lte=65535))] = 8080,
    subscribe: str | None = None,
    json: Json = False,
) -> int:
    """Receive webhooks on this machine until Ctrl-C: verify them, and print them.

    The secret of the subscription is read from NYLAS_WEBHOOK_SECRET. Challenges are answered
    without it, so that a subscription can be made while this listens.

    Parameters
    ----------
    host
        The address to listen on.
    port
        The port to listen on; any that is free if 0.
    subscribe
        Subscribe this public address for as long as this listens; its secret is then known.
        `here` is the address that it listens on, for a sandbox.
    """
    import logging

    logging.basicConfig(format="%(message)s")
    known = {"secret": os.environ.get("NYLAS_WEBHOOK_SECRET", "").strip()}

    def secret() -> str:
        if not known["secret"]:
            raise WebhookRejected(_NOT_KNOWN)
        return known["secret"]

    ended = told_to_end()
    async with listening(host, port, secret, Printer(as_json=json)) as url:
        printing.say(f"Listening on {url} until Ctrl-C.")
        if subscribe is None:
            if not known["secret"]:
                printing.say(f"Deliveries are refused: {_NOT_KNOWN}.", "yellow")
            await ended.wait()
            return exits.DONE
        async with _subscribed(url if subscribe == "here" else subscribe) as told:
            known["secret"] = told
            await ended.wait()
    return exits.DONE


class Printer:
    """Prints notifications, and knows which it has printed."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json
        self._seen: set[str] = set()

    def has_seen(self, notification_id: str) -> bool:
        """Whether that one was printed; from now on it was."""
        if notification_id in self._seen:
            return True
        self._seen.add(notification_id)
        return False

    async def show(self, notification: AnyNotification) -> None:
        """Print one."""
        if self._as_json:
            printing.write_line(document(notification))
            return
        time = f"{notification.time:%H:%M:%S}" if notification.time else ""
        line = [time, notification.type]
        info = getattr(notification, "booking_info", None)
        if info is not None:
            line += [getattr(notification, "booking_id", ""), info.title or ""]
        if info is not None and info.start_time:
            line.append(f"{info.start_time:%Y-%m-%d %H:%M %Z}")
        printing.console().print(printing.text("  ".join(filter(None, line))), soft_wrap=True)


@contextlib.asynccontextmanager
async def listening(
    host: str, port: int, secret: Callable[[], str], printer: Printer
) -> AsyncIterator[str]:
    """The receiver, on every path; says where it is."""
    from aiohttp import web

    from ..webhooks.aiohttp import AS_SENT, receiver

    app = web.Application(handler_args=AS_SENT)
    endpoint = receiver(printer.show, secret=secret, seen=printer.has_seen)
    app.router.add_route("*", "/{path:.*}", endpoint)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            raise cannot_listen(host, port, error) from None
        address, bound = runner.addresses[0][:2]
        yield f"http://[{address}]:{bound}" if ":" in address else f"http://{address}:{bound}"
    finally:
        await runner.cleanup()


@contextlib.asynccontextmanager
async def _subscribed(url: str) -> AsyncIterator[str]:
    """A subscription for a while; says its secret."""
    async with asking.key_client() as nylas:
        made = await nylas.webhooks.create(webhook_url=url, trigger_types=all_triggers())
        printing.say(f"Subscribed {url} to everything about bookings, for as long as this listens.")
        try:
            yield made.webhook_secret or ""
        finally:
            await nylas.webhooks.delete(made.id)
