"""Blocking work in threads that is never left behind."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")


async def to_its_end(work: Callable[[], Result], stop: Callable[[], None] = lambda: None) -> Result:
    """Runs blocking work in a thread; when cancelled, tells it to `stop` and waits for its end."""
    task = asyncio.create_task(asyncio.to_thread(work))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        stop()
        await asyncio.wait([task])
        raise
