"""The ASGI application: admission, routing, and turning errors into answers."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from email.utils import formatdate

from docwitness.server import access_log, heads, routes
from docwitness.server.admin import check_access
from docwitness.server.admission import Hold
from docwitness.server.asgi import CLIENT_GONE, Receive, Request, Response, Scope, Send
from docwitness.server.endpoint import Call, Context, Endpoint
from docwitness.server.errors import INTERNAL, NOT_FOUND, ApiError

LOGGER = logging.getLogger("docwitness.server")
_KEPT_BODY = 64 * 1024
"""Bytes: an answer that comes before a body of at most that length keeps the connection."""


class App:
    """Answers HTTP requests; one object a server."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self._date = (0, b"")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request (ASGI). Knows no other kind of connection."""
        try:
            await self._serve(Request.of(scope, receive), heads.refusal(scope), send)
        except asyncio.CancelledError:  # The server ends, and has cut the connection.
            LOGGER.warning("a request was not finished within the grace time")

    async def _serve(self, request: Request, refusal: Response | None, send: Send) -> None:
        started = time.perf_counter()
        found = routes.find(request.method, request.path)
        code = ""
        async with AsyncExitStack() as kept:
            try:
                response = refusal or await self._answer(request, kept, *(found or (None, ())))
            except ApiError as error:
                response, code = Response.error(error), error.code
                if error.__cause__ is not None:
                    LOGGER.error("%s: %s", error.message, error.__cause__)
            except Exception:
                LOGGER.exception("a request failed through a fault of the server")
                response, code = Response.error(INTERNAL.error()), INTERNAL.code
            await self._send(request, response, send)
        duration = time.perf_counter() - started
        self._count(request, found[0] if found else None, response.status, duration)
        access_log.record(
            method=request.method,
            path=request.path,
            status=response.status,
            duration_s=duration,
            received=request.received,
            peer=request.peer,
            code=code,
        )

    async def _answer(self, request: Request, kept: AsyncExitStack, endpoint: Endpoint | None, words: tuple[str, ...]) -> Response:
        """Admission comes before routing, as in the original router, and then the token of the administration."""
        if endpoint is not None and endpoint.always:
            hold = Hold(self.context.admission)
            return await endpoint.handler(Call(context=self.context, request=request, hold=hold, kept=kept))
        hold = kept.enter_context(self.context.admission.one())
        if endpoint is None:
            raise NOT_FOUND.error()
        if endpoint.administration:
            check_access(self.context, request)
        return await endpoint.handler(Call(context=self.context, request=request, hold=hold, kept=kept, words=words))

    async def _send(self, request: Request, response: Response, send: Send) -> None:
        """An answer to a request whose body is still under way ends the connection, unless what is left is short."""
        headers = [(b"date", self._now()), *response.headers]
        if request.unread and not _short_rest(request) and (b"connection", b"close") not in headers:
            headers.append((b"connection", b"close"))
        if response.stream is None and response.status != 204:
            headers.append((b"content-length", str(len(response.body)).encode()))
        await send({"type": "http.response.start", "status": response.status, "headers": headers})
        if response.stream is not None:
            await _send_pieces(request, response.stream, send)
        await send({"type": "http.response.body", "body": response.body})

    def _now(self) -> bytes:
        """The `Date` header, made once a second."""
        now = int(time.time())
        if self._date[0] != now:
            self._date = now, formatdate(now, usegmt=True).encode()
        return self._date[1]

    def _count(self, request: Request, endpoint: Endpoint | None, status: int, duration_s: float) -> None:
        self.context.metrics.count(
            method=endpoint.method if endpoint else "other",
            route=endpoint.path if endpoint else "other",
            status=status,
            duration_s=duration_s,
            body_bytes=request.received,
        )


async def _send_pieces(request: Request, pieces: AsyncIterator[bytes], send: Send) -> None:
    """As long as the client is there: without it, those that make the pieces give up with an error, which is no fault then."""
    try:
        async for piece in pieces:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            if request.state.get(CLIENT_GONE):
                break
    except ApiError:
        if not request.state.get(CLIENT_GONE):
            raise


def _short_rest(request: Request) -> bool:
    """Whether the body is announced as short, and is on its way without being asked for."""
    length = request.header(b"content-length") or b""
    return length.isdigit() and len(length) < 9 and int(length) <= _KEPT_BODY and request.header(b"expect") is None
