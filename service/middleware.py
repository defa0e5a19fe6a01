"""What holds for every request: HEAD is a GET without its body, bodies are limited, nothing leaks when we fail."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Mapping
from http import HTTPStatus

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.problems import problem

logger = logging.getLogger("geo_lookup.service")


class BodyTooLargeError(Exception):
    """A request's body is larger than is read here."""


class Head:
    """Answers HEAD as GET would, without the body."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: D102 - as ASGI says
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def send_head(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        await self.app({**scope, "method": "GET"}, receive, send_head)


class BodyLimit:
    """Refuses a body of more than `limit` bytes before it is read whole (413); `others` holds those of some paths."""

    def __init__(self, app: ASGIApp, limit: int, others: Mapping[str, int]) -> None:
        self.app = app
        self.limit = limit
        self.others = others

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: D102 - as ASGI says
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        read, limit = 0, self.others.get(scope["path"], self.limit)

        async def receive_limited() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > limit:
                raise BodyTooLargeError
            return message

        stated = dict(scope["headers"]).get(b"content-length", b"0")
        try:
            if stated.isdigit() and int(stated) > limit:
                raise BodyTooLargeError
            await self.app(scope, receive_limited, send)
        except BodyTooLargeError:
            detail = f"The body may hold {limit} bytes at most."
            await problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail)(scope, receive, send)


class LastResort:
    """Turns an unforeseen error into a problem, and logs where it arose but not its message.

    Messages and values may hold what a person asked for; the place in the code does not.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: D102 - as ASGI says
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def send_noting(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, send_noting)
        except ClientDisconnect:
            pass  # nobody is left to be told
        except Exception as error:  # noqa: BLE001 - the last resort catches whatever was not foreseen
            place = traceback.extract_tb(error.__traceback__)[-1]
            logger.error("%s in %s, line %s", type(error).__name__, place.filename, place.lineno)
            if not started:
                detail = "Something went wrong here; it has been noted, without what was asked."
                await problem(HTTPStatus.INTERNAL_SERVER_ERROR, detail)(scope, receive, send)
