from __future__ import annotations

import asyncio
import importlib.util
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from docwitness.targets.base import Upstream
from docwitness.targets.recorder import Recorder

APPS = Path(__file__).parents[1] / "apps"


class Tapped:
    """A recorder before one of the misbehaving servers, and a client that speaks in raw bytes."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder

    async def send(self, *pieces: bytes, end: bool = True) -> bytes:
        """Sends each piece on its own, half-closes where `end` says so, and returns all that comes back."""
        loop = asyncio.get_running_loop()
        with socket.create_connection(("127.0.0.1", self.recorder.port)) as client:
            client.setblocking(False)
            answer = b""
            try:
                for piece in pieces:
                    await loop.sock_sendall(client, piece)
                    await asyncio.sleep(0.001)
                if end:
                    client.shutdown(socket.SHUT_WR)
                while data := await loop.sock_recv(client, 65536):
                    answer += data
            except OSError:
                answer += b"(reset)"
            return answer


class Behind:
    """A server that answers one request of each connection, and who makes that request through whatever stands before it."""

    REQUEST = b"POST /api/v2/write HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\na f=1"
    DONE = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"

    def __init__(self, port: int) -> None:
        self.port = port

    @classmethod
    async def serve(cls, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with closing(writer):
            await reader.readexactly(len(cls.REQUEST))
            writer.write(cls.DONE)

    async def ask(self, port: int, host: str = "127.0.0.1", **tls: Any) -> bytes:
        """All that comes back; keywords go to the connection."""
        reader, writer = await asyncio.open_connection(host, port, **tls)
        with closing(writer):
            writer.write(self.REQUEST)
            return await reader.read()


@pytest.fixture
async def behind() -> AsyncIterator[Behind]:
    async with await asyncio.start_server(Behind.serve, "127.0.0.1", 0) as server:
        yield Behind(server.sockets[0].getsockname()[1])


@pytest.fixture(scope="session")
def apps() -> ModuleType:
    """The module of misbehaving servers."""
    spec = importlib.util.spec_from_file_location("misbehaving", APPS / "misbehaving.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def tapped(apps: ModuleType) -> Callable[..., AbstractAsyncContextManager[Tapped]]:
    """Starts the misbehaving server of a name and a recorder before it; keywords go to the upstream."""

    @asynccontextmanager
    async def start(
        name: str, *, largest_record: int = 2**26, patience_s: float = 2.0, **upstream: object
    ) -> AsyncIterator[Tapped]:
        server = await apps.serve(getattr(apps, name))
        try:
            port = server.sockets[0].getsockname()[1]
            where = Upstream(host="127.0.0.1", port=port, **upstream)  # type: ignore[arg-type]
            async with Recorder(where, largest_record=largest_record, patience_s=patience_s) as recorder:
                yield Tapped(recorder)
        finally:
            server.close()

    return start
