"""Threads for what would hold up the event loop, so that long work does not keep short work waiting."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

THREADS = 4
"""For short work. Long work has a thread to itself, and so have longer work and reading back what is stored: each takes much
memory, two at once would gain nothing, and what takes seconds should not wait for what takes a minute."""


class Workers:
    """A few threads; they start when they are first needed."""

    def __init__(self) -> None:
        self._short = ThreadPoolExecutor(THREADS, thread_name_prefix="docwitness-server")
        self._long = ThreadPoolExecutor(1, thread_name_prefix="docwitness-server-long")
        self._longer = ThreadPoolExecutor(1, thread_name_prefix="docwitness-server-longer")
        self._reading = ThreadPoolExecutor(1, thread_name_prefix="docwitness-server-reading")
        self.busy = 0
        """Jobs that wait or run."""

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Runs short work in a thread. A job that has begun goes on to its end although its caller is cancelled."""
        return await self._run(self._short, lambda: function(*args, **kwargs))

    async def run_long(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The same for work that may take seconds: one job after the other."""
        return await self._run(self._long, lambda: function(*args, **kwargs))

    async def run_longer(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The same for work that may take a minute."""
        return await self._run(self._longer, lambda: function(*args, **kwargs))

    async def run_reading(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The same for reading points back: one job after the other."""
        return await self._run(self._reading, lambda: function(*args, **kwargs))

    async def _run(self, pool: ThreadPoolExecutor, job: Callable[[], T]) -> T:
        self.busy += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(pool, job)
        finally:
            self.busy -= 1

    def close(self) -> None:
        """Waits for the jobs that have begun; the others are dropped."""
        for pool in (self._short, self._long, self._longer, self._reading):
            pool.shutdown(wait=True, cancel_futures=True)
