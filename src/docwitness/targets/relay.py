"""A relay: it passes everything on, and can let answers come late, refuse the first request, or speak TLS."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager

import h11

from docwitness.reach import HERE, Reach

_RETRY_AFTER_S = 1
_CHUNK = 65536


@asynccontextmanager
async def relay(
    port: int, *, delay_s: float = 0.0, refuse_first: bool = False, tls: ssl.SSLContext | None = None, reach: Reach = HERE
) -> AsyncIterator[int]:
    """Relays to a loopback port while it is entered; yields the port that it listens on.

    Args:
        port: What it relays to.
        delay_s: How late each piece of an answer comes, in seconds.
        refuse_first: Whether it answers the first request itself, as a server does that is busy.
        tls: What clients must speak to it; None for plain text.
        reach: Where samples look for it.
    """
    connections: set[asyncio.Task[None]] = set()
    busy = refuse_first

    def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal busy
        if not reach.admits(writer.get_extra_info("peername")[0]):
            writer.close()
            return
        answer = _refuse(reader, writer) if busy else _pass_on(reader, writer, port, delay_s)
        busy = False
        task = asyncio.create_task(_answered(answer, writer))
        connections.add(task)
        task.add_done_callback(connections.discard)

    listener = socket.create_server((reach.address, 0))  # as asyncio's own does not tell that no more files may be open
    server = await asyncio.start_server(serve, sock=listener, ssl=tls)
    try:
        yield listener.getsockname()[1]
    finally:
        server.close()
        for task in connections:
            task.cancel()
        await asyncio.gather(*connections, return_exceptions=True)


async def _answered(answer: Coroutine[None, None, None], writer: asyncio.StreamWriter) -> None:
    with contextlib.closing(writer), contextlib.suppress(OSError):
        await answer


async def _refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Reads one request and answers it with 503."""
    connection = h11.Connection(h11.SERVER)
    while True:
        event = connection.next_event()
        if event is h11.NEED_DATA:
            connection.receive_data(await reader.read(_CHUNK))
        elif isinstance(event, h11.EndOfMessage | h11.ConnectionClosed):
            break
    body = b'{"code": "unavailable", "message": "busy"}'
    headers = [("content-type", "application/json"), ("retry-after", str(_RETRY_AFTER_S)), ("connection", "close")]
    answer = h11.Response(status_code=503, headers=[*headers, ("content-length", str(len(body)))], reason="Service Unavailable")
    for event in (answer, h11.Data(data=body), h11.EndOfMessage()):
        writer.write(connection.send(event) or b"")
    await writer.drain()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int, delay_s: float) -> None:
    """Both ways until both have ended; what comes back waits first."""
    far_reader, far_writer = await asyncio.open_connection("127.0.0.1", port)
    with contextlib.closing(far_writer):
        await asyncio.gather(_copy(reader, far_writer, 0.0), _copy(far_reader, writer, delay_s))


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, delay_s: float) -> None:
    while data := await reader.read(_CHUNK):
        await asyncio.sleep(delay_s)
        writer.write(data)
        await writer.drain()
    if writer.can_write_eof():
        writer.write_eof()
    else:  # TLS has no end of one direction
        writer.close()
