from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from docwitness.server.service import ServerOptions, serving
from docwitness.targets.connections import Connections

pytestmark = pytest.mark.anyio


class Counted:
    """Answers each request with the number of its connection; ends connections as it is told to."""

    def __init__(self, answer: bytes, *, end: bool = False) -> None:
        self.connections = 0
        self.tasks: list[asyncio.Task[None] | None] = []
        self._answer = answer
        self._end = end

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.tasks.append(asyncio.current_task())
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                writer.write(self._answer)
                if self._end:
                    break
        except asyncio.IncompleteReadError:
            pass
        writer.close()


@asynccontextmanager
async def client_of(server: Counted, **options: float) -> AsyncIterator[httpx.AsyncClient]:
    async with await asyncio.start_server(server, "127.0.0.1", 0) as listener:
        url = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}"
        async with httpx.AsyncClient(base_url=url, transport=Connections(), **options) as client:  # type: ignore[arg-type]
            yield client
        await asyncio.gather(*filter(None, server.tasks))


OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"


async def test_a_connection_is_used_again() -> None:
    server = Counted(OK)
    async with client_of(server) as client:
        assert [(await client.get("/")).text for _ in range(3)] == ["ok", "ok", "ok"]
    assert server.connections == 1


async def test_requests_at_the_same_time_have_connections_of_their_own() -> None:
    server = Counted(OK)
    async with client_of(server) as client:
        await asyncio.gather(client.get("/"), client.get("/"))
        await asyncio.gather(client.get("/"), client.get("/"))
    assert server.connections == 2


async def test_one_that_the_server_has_ended_is_replaced() -> None:
    server = Counted(OK, end=True)
    async with client_of(server) as client:
        for _ in range(2):
            assert (await client.get("/")).text == "ok"
            await asyncio.sleep(0.01)
    assert server.connections == 2


async def test_one_that_the_server_announces_to_end_is_not_kept() -> None:
    server = Counted(b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok")
    async with client_of(server) as client:
        await client.get("/")
        await client.get("/")
    assert server.connections == 2


@pytest.mark.parametrize(("answer", "error"), [(b"", httpx.RemoteProtocolError), (b"nonsense\r\n\r\n", httpx.RemoteProtocolError)])
async def test_an_answer_that_is_none_is_an_error(answer: bytes, error: type[Exception]) -> None:
    async with client_of(Counted(answer, end=True)) as client:
        with pytest.raises(error):
            await client.get("/")


async def test_an_answer_that_does_not_come_is_a_timeout() -> None:
    async with client_of(Counted(b""), timeout=0.5) as client:
        with pytest.raises(httpx.ReadTimeout, match=r"no answer within 0\.5 s"):
            await client.get("/")


async def test_nobody_there_is_a_connect_error() -> None:
    async with httpx.AsyncClient(base_url="http://127.0.0.1:1", transport=Connections()) as client:
        with pytest.raises(httpx.ConnectError, match="refused"):
            await client.get("/")


async def test_bodies_pass_both_ways() -> None:
    async with serving(ServerOptions()) as server, httpx.AsyncClient(base_url=server.url, transport=Connections()) as client:
        made = await client.post("/admin/databases", json={"name": "fresh", "tokens": [["write"]]})
        headers = {"authorization": f"Bearer {made.json()['tokens'][0]['token']}"}
        lines = "\n".join(f"m,t={number} f=1i {number}" for number in range(20_000))
        written = await client.post("/api/v2/write?bucket=fresh", headers=headers, content=lines)
        points = await client.get("/admin/databases/fresh/points")
    assert (made.status_code, written.status_code, points.text.count("\n")) == (201, 204, 20_000)
