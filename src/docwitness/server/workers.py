"""Threads for what would hold up the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

THREADS = 4


class Workers:
    """A few threads; they start when they are first needed."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="docwitness-server")
        self.busy = 0
        """Jobs that wait or run."""

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Runs it in a thread. A job that has begun goes on to its end although its caller is cancelled."""
        loop = asyncio.get_running_loop()
        self.busy += 1
        try:
            return await loop.run_in_executor(self._pool, lambda: function(*args, **kwargs))
        finally:
            self.busy -= 1

    def close(self) -> None:
        """Waits for the jobs that have begun; the others are dropped."""
        self._pool.shutdown(wait=True, cancel_futures=True)
