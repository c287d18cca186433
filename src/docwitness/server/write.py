"""The two write endpoints. Checks stand in the order of influxdata/influxdb `router/src/server/http.rs`."""

from __future__ import annotations

from docwitness.server import body
from docwitness.server.asgi import NO_CONTENT, Response
from docwitness.server.auth import WRITE, header_token
from docwitness.server.encoding import gunzip, is_gzip, utf8
from docwitness.server.endpoint import Call, Context
from docwitness.server.query import Destination, v1_destination, v2_destination

INLINE = 16 * 1024
INLINE_LINES = 200
"""Bytes and lines of line protocol that are parsed in the event loop: about a millisecond."""
LONG, LONGER = 64 * 1024, 1024 * 1024
"""Bytes of line protocol from which reading them may take so long that others should not wait for it: half a second; many."""


async def write_v2(call: Call) -> Response:
    """`POST /api/v2/write`."""
    return await _write(call, v2_destination(call.request.query, call.context.profile))


async def write_v1(call: Call) -> Response:
    """`POST /write`."""
    return await _write(call, v1_destination(call.request.query, call.context.profile))


async def _write(call: Call, destination: Destination) -> Response:
    context, request = call.context, call.request
    token = header_token(request.header(b"authorization")) or destination.token
    context.databases.tokens.authorize(token, destination.database, WRITE)
    compressed = is_gzip(request.header(b"content-encoding"))
    content = await body.read(request, limit=context.max_body, seconds=context.body_s, hold=call.hold)
    if compressed:
        content = await _inflated(context, content)
        call.hold.grow(len(content))
    context.databases.tokens.authorize(token, destination.database, WRITE)  # It may have been revoked while the body came.
    stored = await _store(context, destination, content)
    context.metrics.points += stored
    return NO_CONTENT


async def _inflated(context: Context, content: bytes) -> bytes:
    if len(content) <= INLINE:
        return gunzip(content, context.max_body)
    return await context.workers.run(gunzip, content, context.max_body)


async def _store(context: Context, destination: Destination, content: bytes) -> int:
    """In the event loop when that is quick; never while a thread may hold the journal."""
    if len(content) >= LONG:
        run = context.workers.run_long if len(content) < LONGER else context.workers.run_longer
        return await run(_stored, context, destination, content)
    if context.inline_writes and not context.workers.busy and len(content) <= INLINE and content.count(b"\n") <= INLINE_LINES:
        return _stored(context, destination, content)
    return await context.workers.run(_stored, context, destination, content)


def _stored(context: Context, destination: Destination, content: bytes) -> int:
    return context.databases.write(destination.database, utf8(content), unit_ns=destination.unit_ns)
