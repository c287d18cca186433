from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing

import pytest

from docwitness.change import Weather
from docwitness.targets import weather

REQUEST = b"POST /api/v2/write HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\na f=1"
DONE = b"HTTP/1.1 204 No Content\r\n\r\n"


@asynccontextmanager
async def server() -> AsyncIterator[int]:
    """Answers each request with 204."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with closing(writer):
            await reader.readexactly(len(REQUEST))
            writer.write(DONE)

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as listening:
        yield listening.sockets[0].getsockname()[1]


async def ask(port: int) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    with closing(writer):
        writer.write(REQUEST)
        return await reader.read()


async def asked(kind: Weather, times: int) -> list[bytes]:
    async with server() as port, weather.relay(kind, port) as relayed:
        return [await ask(relayed) for _ in range(times)]


def test_in_clear_weather_everything_passes() -> None:
    assert asyncio.run(asked(Weather.CLEAR, 2)) == [DONE, DONE]


def test_a_busy_target_refuses_the_first_request_only() -> None:
    first, second = asyncio.run(asked(Weather.BUSY, 2))
    assert first.startswith(b"HTTP/1.1 503 Service Unavailable\r\n")
    assert b"retry-after: 1\r\n" in first
    assert second == DONE


def test_in_slow_weather_an_answer_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    async def impatient() -> bytes:
        async with server() as port, weather.relay(Weather.SLOW, port) as relayed, asyncio.timeout(0.2):
            return await ask(relayed)

    monkeypatch.setattr(weather, "DELAY_S", 60.0)
    with pytest.raises(TimeoutError):
        asyncio.run(impatient())


def test_what_is_under_way_ends_with_the_relay(monkeypatch: pytest.MonkeyPatch) -> None:
    async def leave() -> bytes:
        async with server() as port, weather.relay(Weather.SLOW, port) as relayed:
            asking = asyncio.create_task(ask(relayed))
            await asyncio.sleep(0.05)
        return await asking

    monkeypatch.setattr(weather, "DELAY_S", 60.0)
    assert asyncio.run(leave()) == b""
