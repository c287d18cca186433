"""The record of what passes one recorder, in the order in which it began."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass

from docwitness.exchange import Exchange, RefusedHost
from docwitness.targets.decoding import Message, decode_request, decode_response
from docwitness.targets.framing import Budget


@dataclass(slots=True, eq=False)
class Take:
    """One exchange while it is being recorded."""

    request: Message
    started_ns: int
    on_finished: Callable[[], None]
    client: str = ""
    response: Message | None = None
    ended_ns: int = 0
    """0 while it is in flight."""
    unreachable: str = ""

    def finish(self, *, unreachable: str = "") -> None:
        """Its response is complete, or its connection has ended."""
        self.ended_ns = time.time_ns()
        self.unreachable = unreachable
        self.on_finished()

    def exchange(self) -> Exchange:
        """What has been recorded of it, decoded."""
        return Exchange(
            request=decode_request(self.request),
            response=decode_response(self.response) if self.response else None,
            started_ns=self.started_ns,
            ended_ns=self.ended_ns or time.time_ns(),
            unreachable=self.unreachable,
            client=self.client,
        )


class Tape:
    """Everything that has been recorded, and how much of it is in flight."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self._entries: list[Take | RefusedHost] = []
        self._in_flight = 0
        self._idle = asyncio.Event()

    def __len__(self) -> int:
        return len(self._entries)

    def begin(self, request: Message, started_ns: int, client: str = "") -> Take:
        """Adds an exchange that has begun."""
        take = Take(request, started_ns, self._finished, client)
        self._entries.append(take)
        self._in_flight += 1
        self._idle.clear()
        return take

    def refuse(self, refused: RefusedHost) -> None:
        """Adds a connection that was refused."""
        self._entries.append(refused)

    def exchanges(self, since: int) -> tuple[Exchange, ...]:
        """Those from position `since` on, decoded."""
        return tuple(entry.exchange() for entry in self._entries[since:] if isinstance(entry, Take))

    def refused(self, since: int) -> tuple[RefusedHost, ...]:
        """The refused hosts from position `since` on."""
        return tuple(entry for entry in self._entries[since:] if isinstance(entry, RefusedHost))

    async def settled(self, limit_s: float) -> None:
        """Returns when nothing is in flight, or after `limit_s` seconds."""
        if not self._in_flight:
            return
        with contextlib.suppress(TimeoutError):  # what is still in flight then is decoded as far as it came
            async with asyncio.timeout(limit_s):
                await self._idle.wait()

    def _finished(self) -> None:
        self._in_flight -= 1
        if not self._in_flight:
            self._idle.set()
