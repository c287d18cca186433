"""The schedule: hands out plans, the longest first among those whose tools are known."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from docwitness.plan import Plan


class Schedule:
    """Plans wait until every language in them has been prepared. One run owns it."""

    def __init__(self, plans: Sequence[Plan]) -> None:
        """`plans` are in the order in which they should start."""
        self._waiting = list(enumerate(plans))
        self._untaken = len(plans)
        self._prepared: set[str] = set()
        self._ready: asyncio.PriorityQueue[tuple[int, Plan]] = asyncio.PriorityQueue()

    def prepared(self, language: str) -> None:
        """Lets go of the plans that waited for this language alone."""
        self._prepared.add(language)
        ready = [(rank, plan) for rank, plan in self._waiting if plan.languages <= self._prepared]
        self._waiting = [(rank, plan) for rank, plan in self._waiting if not plan.languages <= self._prepared]
        for entry in ready:
            self._ready.put_nowait(entry)

    async def take(self) -> Plan | None:
        """The next plan, as soon as one can start; None when all are taken."""
        if not self._untaken:
            return None
        self._untaken -= 1
        _, plan = await self._ready.get()
        return plan
