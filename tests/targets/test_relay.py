from __future__ import annotations

import asyncio
from typing import Any

import pytest

from docwitness.targets.relay import relay

pytestmark = pytest.mark.anyio


async def test_unless_told_otherwise_it_passes_everything_on(behind: Any) -> None:
    async with relay(behind.port) as port:
        assert [await behind.ask(port) for _ in range(2)] == [behind.DONE, behind.DONE]


async def test_it_can_refuse_the_first_request_and_no_other(behind: Any) -> None:
    async with relay(behind.port, refuse_first=True) as port:
        first, second = [await behind.ask(port) for _ in range(2)]
    assert first.startswith(b"HTTP/1.1 503 Service Unavailable\r\n")
    assert b"retry-after: 1\r\n" in first
    assert second == behind.DONE


async def test_it_can_let_answers_wait(behind: Any) -> None:
    async with relay(behind.port, delay_s=60.0) as port:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await behind.ask(port)


async def test_what_is_under_way_ends_with_it(behind: Any) -> None:
    async with relay(behind.port, delay_s=60.0) as port:
        asking = asyncio.create_task(behind.ask(port))
        await asyncio.sleep(0.05)
    assert await asking == b""
