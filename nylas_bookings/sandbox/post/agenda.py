"""What is to be sent, now or later: the one place that knows all kinds of it."""

from __future__ import annotations

from ..world import World
from . import queue, reminders


def queues(world: World) -> tuple[queue.Queue, ...]:
    """Those from which something is sent: without a mail server, mails stay where they are."""
    return queue.QUEUES if world.mail_server is not None else ("deliveries",)


def next_due(world: World, after: float) -> float | None:
    """When something of any kind will be due after that moment, by the sandbox's clock."""
    moments = [queue.next_due(world, name, after) for name in queues(world)]
    moments.append(reminders.next_due(world, after))
    return min((moment for moment in moments if moment is not None), default=None)


def has_work(world: World) -> bool:
    """Whether something is due, or will be if the clock runs."""
    if any(queue.is_due(world, name) for name in queues(world)):
        return True
    return not world.clock.is_frozen and next_due(world, world.clock.exact()) is not None


def left(world: World) -> list[tuple[str, str]]:
    """What is due and has not been tried: of which kind, and to whom."""
    due = "(state = 'sending' OR (state = 'waiting' AND due <= ?)) ORDER BY id"
    now = world.clock.exact()
    rows = world.store.rows(
        "SELECT json_extract(document, '$.type'), 'webhook ' || webhook_id FROM deliveries "
        f"WHERE {due}",
        now,
    )
    if world.mail_server is not None:
        rows += world.store.rows(f"SELECT kind, recipient FROM outbox WHERE {due}", now)
    return [(row[0], row[1]) for row in rows]
