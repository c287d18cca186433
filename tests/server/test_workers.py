"""Threads."""

from __future__ import annotations

import asyncio
import threading

from docwitness.server.workers import THREADS, Workers


def test_long_work_does_not_keep_short_work_waiting() -> None:
    """More long jobs than there are threads; none ends before the short one has."""

    async def use() -> tuple[int, int]:
        workers, gate = Workers(), threading.Event()
        waiting = [asyncio.ensure_future(workers.run_long(gate.wait, 60)) for _ in range(THREADS + 1)]
        try:
            result = await workers.run(int, "7")
            return result, workers.busy
        finally:
            gate.set()
            await asyncio.gather(*waiting)
            workers.close()

    assert asyncio.run(use()) == (7, THREADS + 1)


def test_long_work_is_done_one_after_the_other() -> None:
    at_once: list[int] = []
    running = threading.Semaphore(1)

    def job() -> None:
        at_once.append(running.acquire(blocking=False))
        threading.Event().wait(0.01)
        running.release()

    async def use() -> None:
        workers = Workers()
        await asyncio.gather(*(workers.run_long(job) for _ in range(5)))
        workers.close()

    asyncio.run(use())
    assert at_once == [True] * 5
