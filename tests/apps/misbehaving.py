"""Small servers that each misbehave in one named way: `python tests/apps/misbehaving.py NAME [PORT]` runs one by hand."""

from __future__ import annotations

import asyncio
import socket
import struct
import sys
from collections.abc import Awaitable, Callable
from ssl import SSLContext

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def read_head(reader: asyncio.StreamReader) -> bytes:
    return await reader.readuntil(b"\r\n\r\n")


async def echoes(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answers with the very bytes that came, when the client's side is at its end."""
    data = await reader.read()
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % len(data) + data)


async def answers_200_for_204(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Says OK where a write server says No Content, to each request head on the connection."""
    while not reader.at_eof():
        await read_head(reader)
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")


async def says_no_content(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answers without any length, to each request head on the connection."""
    while not reader.at_eof():
        await read_head(reader)
        writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")


async def hangs_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Reads a request and closes without a word."""
    await read_head(reader)


async def resets(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Reads a request and resets the connection."""
    await read_head(reader)
    connection: socket.socket = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def stops_halfway(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Promises a longer body than it sends."""
    await read_head(reader)
    writer.write(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 100\r\n\r\n{")


async def chunks_errors(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Sends its error in small chunks, each on its own."""
    await read_head(reader)
    writer.write(b"HTTP/1.1 400 Bad Request\r\ntransfer-encoding: chunked\r\n\r\n")
    for part in (b'{"code":', b'"invalid"', b"}"):
        writer.write(b"%x\r\n%b\r\n" % (len(part), part))
        await writer.drain()
        await asyncio.sleep(0)
    writer.write(b"0\r\n\r\n")


async def hesitates(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Sends two interim responses, and the final one after a while."""
    await read_head(reader)
    writer.write(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n")
    await asyncio.sleep(0.05)
    writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")


async def never_answers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Reads for ever."""
    await reader.read()


async def speaks_no_http(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answers in another protocol."""
    await read_head(reader)
    writer.write(b"\x00\x00\x12\x04")


async def answers_early(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Refuses a body before it has come."""
    await read_head(reader)
    writer.write(b"HTTP/1.1 413 Payload Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")


async def has_no_length(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Ends its response with the connection."""
    await read_head(reader)
    writer.write(b"HTTP/1.0 200 OK\r\n\r\nto the end")


async def serve(handler: Handler, port: int = 0, *, ssl: SSLContext | None = None) -> asyncio.Server:
    """Starts one on loopback; its connections end with its answer."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await handler(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            return
        finally:
            writer.close()

    return await asyncio.start_server(answer, "127.0.0.1", port, ssl=ssl)


async def main(name: str, port: int) -> None:
    server = await serve(globals()[name], port)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 0))
