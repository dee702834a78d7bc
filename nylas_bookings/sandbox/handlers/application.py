"""What the holder of the application's key can ask: sessions and webhook subscriptions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from .. import sessions, subscriptions
from ..access import require_key
from .call import Call, Handler


def _create_session(call: Call) -> dict[str, Any]:
    require_key(call.asker)
    return {"data": sessions.create(call.world, call.document())}


def _get_session(call: Call) -> dict[str, Any]:
    require_key(call.asker)
    return {"data": sessions.read(call.world, call.ids["session_id"])}


def _destroy_session(call: Call) -> dict[str, Any]:
    require_key(call.asker)
    sessions.destroy(call.world, call.ids["session_id"])
    return {}


def _with_key(work: Callable[[Call], Any]) -> Callable[[Call], dict[str, Any]]:
    """For the holder of the application's key alone."""

    def handler(call: Call) -> dict[str, Any]:
        require_key(call.asker)
        return {"data": work(call)}

    return handler


HANDLERS: Final[dict[str, Handler]] = {
    "sessions.create": _create_session,
    "sessions.get": _get_session,
    "sessions.destroy": _destroy_session,
    "webhooks.list": _with_key(lambda call: subscriptions.all_of_them(call.world)),
    "webhooks.get": _with_key(lambda call: subscriptions.read(call.world, call.ids["webhook_id"])),
    "webhooks.create": _with_key(
        lambda call: subscriptions.create(call.world, call.document(), call.proof)
    ),
    "webhooks.update": _with_key(
        lambda call: subscriptions.update(
            call.world, call.ids["webhook_id"], call.document(), call.proof
        )
    ),
    "webhooks.delete": _with_key(
        lambda call: subscriptions.delete(call.world, call.ids["webhook_id"])
    ),
    "webhooks.rotate_secret": _with_key(
        lambda call: subscriptions.rotate_secret(call.world, call.ids["webhook_id"])
    ),
}
