"""How a request ends: as the API answers it, or as a scripted fault has it."""

from __future__ import annotations

import asyncio

from attrs import evolve

from .._wire.messages import Request, Response
from .api import Api
from .faults import Fault
from .post.handshake import prove
from .subscriptions import Unproven

_GARBAGE = b"<html><body><h1>Bad gateway</h1>a fault of the sandbox</body></html>"


async def carried_out(api: Api, request: Request) -> Response | None:
    """The answer to a request; nothing, when the connection is to be closed instead."""
    fault = api.fault(request)
    if fault is None:
        return await _answered(api, request)
    if fault.kind == "status":
        return api.refuse(request, fault)
    if fault.kind == "drop_before":
        api.overlook(request)
        return None
    if fault.kind == "drop_then_book":
        api.later(fault.seconds, lambda: asyncio.run(_answered(api, request)))
        return None
    answer = await _answered(api, request)
    if fault.kind == "drop_after":
        return None
    return await _spoilt(answer, fault)


async def _answered(api: Api, request: Request) -> Response:
    """What the API answers, after asking the address of a webhook for a challenge if need be."""
    proof = None
    while True:
        try:
            return api.answer(request, proof)
        except Unproven as unproven:
            url = unproven.url
        proof = await prove(url)


async def _spoilt(answer: Response, fault: Fault) -> Response:
    if fault.kind == "latency":
        await asyncio.sleep(fault.seconds)
    if fault.kind == "truncate":
        half = answer.body[: len(answer.body) // 2]
        return evolve(answer, body=half, cut="stopped in the middle")
    if fault.kind == "garbage":
        return evolve(answer, headers={"Content-Type": "text/html"}, body=_GARBAGE)
    return answer
