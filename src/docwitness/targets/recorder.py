"""The recorder: a transparent tap between the samples of one scope and their target.

It listens on loopback; for samples that do not run on this machine itself, on the address that leads them to it as well.
The bytes of the client arrive unchanged, well-formed or not; only `Host` is rewritten, and a base path put before, where the
upstream says so. Proxy requests for other hosts are refused. What passed is decoded when it is asked for.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from types import TracebackType
from typing import Self

from docwitness.errors import TargetError
from docwitness.exchange import Exchange, RefusedHost
from docwitness.reach import HERE, Reach
from docwitness.targets.base import Upstream
from docwitness.targets.framing import Budget
from docwitness.targets.tap import Tap
from docwitness.targets.tape import Tape

_LARGEST_RECORD = 64 * 1024 * 1024
"""Bytes of bodies that are kept in one scope."""
_PATIENCE_S = 2.0
"""How long an exchange may stay in flight after its sample has ended."""
_BACKLOG = 512
_ROUNDS = 6
"""Turns of the event loop from a connection in the queue to its bytes on the tape."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """What passed the recorder, tokens not redacted."""

    exchanges: tuple[Exchange, ...]
    """In the order in which they began."""
    refused: tuple[RefusedHost, ...]


class Recorder:
    """Listens on ports of its own while it is entered."""

    host: str
    """`127.0.0.1:PORT`"""
    url: str
    """`http://127.0.0.1:PORT`"""
    port: int
    """That of 127.0.0.1."""

    def __init__(
        self,
        upstream: Upstream,
        reaches: Iterable[Reach] = (),
        *,
        largest_record: int = _LARGEST_RECORD,
        patience_s: float = _PATIENCE_S,
    ) -> None:
        """`reaches` are those of its samples, besides `HERE`."""
        self._upstream = upstream
        self._reaches = (HERE, *reaches)
        self._tape = Tape(Budget(largest_record))
        self._patience_s = patience_s
        self._taps: set[Tap] = set()
        self._servers: list[asyncio.Server] = []
        self._ports: dict[str, int] = {}
        """By the address."""
        self._own_addresses: frozenset[str] = frozenset()

    async def __aenter__(self) -> Self:
        """Raises `TargetError` where it cannot listen."""
        try:
            for reach in self._reaches:
                await self._listen(reach)
        except BaseException:
            await self._stop()
            raise
        self.port = self._ports[HERE.address]
        self.host, self.url = self.host_from(HERE), self.url_from(HERE)
        names = {self.host_from(reach) for reach in self._reaches}
        self._own_addresses = frozenset({*names, f"localhost:{self.port}", f"[::1]:{self.port}"})
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self._stop()

    async def _stop(self) -> None:
        for server in self._servers:
            server.close()
        turns = 0
        # what was just accepted has its tap by then, and what was closed has let go of its sockets
        while self._taps or turns < _ROUNDS:
            for tap in self._taps:
                tap.close(broken=True)
            await asyncio.sleep(0)
            turns += 1
        for server in self._servers:
            await server.wait_closed()

    def host_from(self, reach: Reach) -> str:
        """Host and port, as samples with that reach name it."""
        return f"{reach.host}:{self._ports[reach.address]}"

    def url_from(self, reach: Reach) -> str:
        """The same as a URL."""
        return f"http://{self.host_from(reach)}"

    def mark(self) -> int:
        """The position in the record where what comes next will stand."""
        return len(self._tape)

    async def recorded(self, since: int = 0) -> Recording:
        """What has passed from a mark on, when nothing is in flight any more or patience is at its end."""
        for _ in range(_ROUNDS):
            await asyncio.sleep(0)
        await self._tape.settled(self._patience_s)
        return Recording(exchanges=self._tape.exchanges(since), refused=self._tape.refused(since))

    async def _listen(self, reach: Reach) -> None:
        if reach.address in self._ports:
            return
        loop = asyncio.get_running_loop()
        try:
            # asyncio would keep to itself that no more files may be open
            listener = socket.create_server((reach.address, 0), backlog=_BACKLOG)
            server = await loop.create_server(partial(self._tap, reach), sock=listener, backlog=_BACKLOG)
        except OSError as error:
            raise TargetError(f"the recorder cannot listen at {reach.address}: {error.strerror}") from error
        self._servers.append(server)
        self._ports[reach.address] = listener.getsockname()[1]

    def _tap(self, reach: Reach) -> Tap:
        return Tap(self._upstream, self._own_addresses, self._tape, self._taps, reach)
