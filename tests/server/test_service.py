"""The server as a whole, in the same process."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import pytest

from docwitness.server.journal import Journal
from docwitness.server.service import ListenError, ServerOptions, serving
from docwitness.server.storage import JournalError


@asynccontextmanager
async def begun(options: ServerOptions) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A server and a write to it whose body is still to come; the server ends with the block."""
    async with serving(options) as server:
        server.databases.create_database("d")
        _, token = server.databases.create_token("d")
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        head = f"POST /api/v2/write?bucket=d HTTP/1.1\r\nHost: x\r\nAuthorization: Token {token}\r\nContent-Length: 7\r\n"
        writer.write(f"{head}Expect: 100-continue\r\n\r\n".encode())
        assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        yield reader, writer


async def rest(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
    """What the server still sends."""
    try:
        return await reader.read()
    except ConnectionResetError:
        return b""
    finally:
        writer.close()
        await asyncio.gather(writer.wait_closed(), return_exceptions=True)


def test_a_server_in_the_running_event_loop() -> None:
    async def use() -> bytes:
        async with begun(ServerOptions()) as (reader, writer):
            writer.write(b"m f=1 1")
            answer = await reader.readuntil(b"\r\n\r\n")
        await rest(reader, writer)
        return answer

    assert asyncio.run(use()).startswith(b"HTTP/1.1 204 No Content\r\n")


def test_no_signal_handler_is_touched() -> None:
    async def handlers() -> tuple[Any, Any]:
        before = signal.getsignal(signal.SIGTERM)
        async with serving(ServerOptions()):
            return before, signal.getsignal(signal.SIGTERM)

    before, during = asyncio.run(handlers())
    assert before is during


def test_the_port_is_free_afterwards() -> None:
    async def twice() -> None:
        async with serving(ServerOptions()) as server:
            port = server.port
        async with serving(ServerOptions(port=port)) as next_server:
            assert next_server.port == port

    asyncio.run(twice())


def test_what_was_written_is_there_in_the_next_server(tmp_path: Path, start: Callable[..., Any]) -> None:
    async def write() -> tuple[bool, str]:
        async with serving(ServerOptions(data=tmp_path)) as server:
            server.databases.create_database("d")
            server.databases.write("d", "m f=1 1", unit_ns=1)
            return server.new, server.databases.create_token("d")[1]

    new, token = asyncio.run(write())
    server = start(data=tmp_path)
    assert new
    assert len(server.rows("d")) == 1
    assert server.ask("POST", "/api/v2/write?bucket=d", f"Authorization: Token {token}", body=b"m f=2 2").status == 204


def test_a_taken_port_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        async def serve() -> None:
            async with serving(ServerOptions(port=port)):
                pass

        with pytest.raises(ListenError, match=f"^cannot listen on 127.0.0.1 port {port}: Address already in use$"):
            asyncio.run(serve())


def test_a_folder_in_use_is_not_served_twice_and_its_port_is_free_again(tmp_path: Path) -> None:
    async def serve() -> None:
        async with serving(ServerOptions(data=tmp_path)):
            with pytest.raises(JournalError, match="in use"):
                async with serving(ServerOptions(data=tmp_path)):
                    pass

    asyncio.run(serve())


def test_a_request_that_has_begun_is_finished_before_the_server_ends() -> None:
    """Its body comes only after the end has been asked for."""

    async def use() -> bytes:
        async with begun(ServerOptions()) as (reader, writer):
            asyncio.get_running_loop().call_later(0.1, writer.write, b"m f=1 1")
        return await rest(reader, writer)

    assert asyncio.run(use()).startswith(b"HTTP/1.1 204")


def test_an_idle_connection_does_not_hold_the_server_up() -> None:
    async def use() -> bytes:
        async with serving(ServerOptions()) as server:
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        return await rest(reader, writer)

    assert asyncio.run(use()) == b""


def test_a_write_that_is_still_read_when_the_grace_time_ends_is_not_stored(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    body = b"m f=1\n" * 1_000_000

    async def use() -> bytes:
        async with serving(ServerOptions(data=tmp_path, grace_s=0.1)) as server:
            server.databases.create_database("d")
            _, token = server.databases.create_token("d")
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            head = f"POST /api/v2/write?bucket=d HTTP/1.1\r\nHost: x\r\nAuthorization: Token {token}\r\n"
            writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
            await writer.drain()
            await asyncio.sleep(0.3)
        return await rest(reader, writer)

    assert asyncio.run(use()) == b""
    assert "was not finished within the grace time" in caplog.text
    with closing(Journal.open(tmp_path)) as journal:
        assert list(journal.points("d")) == []


def test_the_grace_time_ends() -> None:
    async def use() -> bytes:
        async with begun(ServerOptions(grace_s=0.1)) as (reader, writer):
            pass
        return await rest(reader, writer)

    assert b"204" not in asyncio.run(use())
