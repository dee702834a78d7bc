"""The backend of a booking page: a session for each visitor, slots, bookings, and a webhook.

    export NYLAS_API_KEY=… NYLAS_CONFIGURATION_ID=… NYLAS_WEBHOOK_SECRET=…
    uvicorn --factory service:from_environment

One client, and one pool of connections, serves all visitors. The API key stays here; the browser
has a cookie with a session that ends by itself.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Cookie, FastAPI, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from nylas_bookings import US, ApiKey, AsyncClient, Guest, SessionToken, errors
from nylas_bookings.models import Notification
from nylas_bookings.webhooks import starlette

MINUTES = 15
Visit = Annotated[str, Cookie()]

routes = APIRouter()


class Wish(BaseModel):
    """What a visitor asks for."""

    start_time: datetime
    end_time: datetime
    name: str
    email: str


@routes.post("/visits", status_code=204)
async def visit(request: Request, response: Response) -> None:
    """Open a session for a visitor, and hand it over in a cookie that no script can read."""
    state = request.app.state
    session = await state.nylas.sessions.create(
        configuration_id=state.configuration_id, time_to_live=MINUTES, auth=state.key
    )
    response.set_cookie(
        "visit",
        session.session_id,
        max_age=MINUTES * 60,
        httponly=True,
        samesite="strict",
    )


@routes.get("/slots")
async def slots(
    request: Request, visit: Visit, start: datetime, end: datetime
) -> list[dict[str, datetime]]:
    """The times that are on offer."""
    nylas: AsyncClient = request.app.state.nylas
    offer = await nylas.availability.get(start_time=start, end_time=end, auth=SessionToken(visit))
    return [{"start_time": one.start_time, "end_time": one.end_time} for one in offer.time_slots]


@routes.post("/bookings", status_code=201)
async def book(request: Request, visit: Visit, wish: Wish) -> dict[str, str]:
    """Book one of them."""
    nylas: AsyncClient = request.app.state.nylas
    booking = await nylas.bookings.create(
        start_time=wish.start_time,
        end_time=wish.end_time,
        guest=Guest(name=wish.name, email=wish.email),
        auth=SessionToken(visit),
    )
    return {"booking_id": booking.booking_id, "status": str(booking.status)}


@routes.delete("/bookings/{booking_id}", status_code=204)
async def cancel(request: Request, visit: Visit, booking_id: str) -> None:
    """Cancel it again."""
    nylas: AsyncClient = request.app.state.nylas
    await nylas.bookings.cancel(booking_id, auth=SessionToken(visit))


def explained(request: Request, error: Exception) -> JSONResponse:
    """What a visitor is told when the API did not do it. What nobody knows is told as that."""
    assert isinstance(error, errors.BookingsError)
    status, text = 502, "That did not work, and nothing is booked. Please try again."
    if error.outcome is errors.Outcome.UNKNOWN:
        status, text = 202, "We do not know yet. If it is booked, you get a mail."
    elif isinstance(error, errors.SlotUnavailable):
        status, text = 409, "Somebody was faster. Choose another time."
    elif isinstance(error, errors.Unauthorized):
        status, text = 401, "This page was open for a long time. Load it again."
    elif isinstance(error, errors.NotFound):
        status, text = 404, "There is no such booking any more."
    elif isinstance(error, errors.InvalidRequest | errors.BadRequest):
        status, text = 422, error.message
    return JSONResponse({"detail": text}, status)


def service(
    nylas: AsyncClient, *, key: ApiKey, configuration_id: str, webhook_secret: starlette.Secret
) -> FastAPI:
    """The service, for one configuration."""
    handled: dict[str, Notification] = {}  # a service of more than one process needs a table here

    async def told(notification: Notification) -> None:
        handled[notification.id] = notification

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        await nylas.close()

    app = FastAPI(lifespan=lifespan)
    app.state.nylas, app.state.key, app.state.configuration_id = nylas, key, configuration_id
    app.state.handled = handled
    app.include_router(routes)
    app.add_exception_handler(errors.BookingsError, explained)
    hook = starlette.receiver(told, secret=webhook_secret, seen=handled.__contains__)
    app.add_route("/nylas", hook, methods=["GET", "POST"])
    return app


def from_environment(environment: Mapping[str, str] = os.environ) -> FastAPI:
    """The service as the environment describes it."""
    return service(
        AsyncClient(api_url=environment.get("NYLAS_API_URI", US)),
        key=ApiKey(environment["NYLAS_API_KEY"]),
        configuration_id=environment["NYLAS_CONFIGURATION_ID"],
        webhook_secret=environment.get("NYLAS_WEBHOOK_SECRET", ""),
    )
