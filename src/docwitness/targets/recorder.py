"""The recorder: a transparent loopback tap between the samples of one scope and their target.

The bytes of the client arrive unchanged, well-formed or not; only `Host` is rewritten, and a base path put before, where the
upstream says so. Proxy requests for other hosts are refused. What passed is decoded when it is asked for.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from docwitness.exchange import Exchange, RefusedHost
from docwitness.targets.base import Upstream
from docwitness.targets.framing import Budget
from docwitness.targets.tap import Tap
from docwitness.targets.tape import Tape

_LARGEST_RECORD = 64 * 1024 * 1024
"""Bytes of bodies that are kept in one scope."""
_PATIENCE_S = 2.0
"""How long an exchange may stay in flight after its sample has ended."""
_ROUNDS = 6
"""Turns of the event loop from a connection in the queue to its bytes on the tape."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """What passed the recorder, tokens not redacted."""

    exchanges: tuple[Exchange, ...]
    """In the order in which they began."""
    refused: tuple[RefusedHost, ...]


class Recorder:
    """Listens on a loopback port of its own while it is entered."""

    host: str
    """`127.0.0.1:PORT`"""
    url: str
    """`http://127.0.0.1:PORT`"""
    port: int

    def __init__(self, upstream: Upstream, *, largest_record: int = _LARGEST_RECORD, patience_s: float = _PATIENCE_S) -> None:
        self._upstream = upstream
        self._tape = Tape(Budget(largest_record))
        self._patience_s = patience_s
        self._taps: set[Tap] = set()
        self._server: asyncio.Server

    async def __aenter__(self) -> Self:
        self._server = await asyncio.get_running_loop().create_server(self._tap, "127.0.0.1", 0, backlog=512)
        self.port = self._server.sockets[0].getsockname()[1]
        self.host = f"127.0.0.1:{self.port}"
        self.url = f"http://{self.host}"
        self._own_addresses = frozenset(f"{name}:{self.port}" for name in ("127.0.0.1", "localhost", "[::1]"))
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.close()
        turns = 0
        # what was just accepted has its tap by then, and what was closed has let go of its sockets
        while self._taps or turns < _ROUNDS:
            for tap in self._taps:
                tap.close(broken=True)
            await asyncio.sleep(0)
            turns += 1
        await self._server.wait_closed()

    def mark(self) -> int:
        """The position in the record where what comes next will stand."""
        return len(self._tape)

    async def recorded(self, since: int = 0) -> Recording:
        """What has passed from a mark on, when nothing is in flight any more or patience is at its end."""
        for _ in range(_ROUNDS):
            await asyncio.sleep(0)
        await self._tape.settled(self._patience_s)
        return Recording(exchanges=self._tape.exchanges(since), refused=self._tape.refused(since))

    def _tap(self) -> Tap:
        return Tap(self._upstream, self._own_addresses, self._tape, self._taps)
