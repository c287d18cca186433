"""Reads the body of a request, within limits of size and time."""

from __future__ import annotations

import asyncio

from docwitness.server.admission import Hold
from docwitness.server.asgi import UPLOAD_BROKEN, Request
from docwitness.server.errors import DISCONNECTED, TOO_LARGE


async def read(request: Request, *, limit: int, seconds: float, hold: Hold) -> bytes:
    """The whole body. Raises `ApiError` as soon as one byte too many arrives: a declared length is never looked at."""
    try:
        async with asyncio.timeout(seconds):
            return await _whole(request, limit, hold)
    except TimeoutError:
        raise DISCONNECTED.error() from None


async def _whole(request: Request, limit: int, hold: Hold) -> bytes:
    pieces: list[bytes] = []
    more = True
    while more:
        message = await request.receive()
        if message["type"] == "http.disconnect" or request.state.get(UPLOAD_BROKEN):
            request.unread = False
            raise DISCONNECTED.error()
        piece, more = message.get("body", b""), message.get("more_body", False)
        request.received += len(piece)
        if request.received > limit:
            request.unread = more
            raise TOO_LARGE.error(limit=limit)
        hold.grow(len(piece))
        pieces.append(piece)
    request.unread = False
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)
