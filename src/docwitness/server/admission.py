"""Bounds on what is worked on at once, so that memory stays bounded whatever clients do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field

from docwitness.server.errors import OVERLOADED


@dataclass(slots=True)
class Hold:
    """The bytes of bodies that one request holds."""

    admission: Admission
    size: int = 0

    def grow(self, count: int) -> None:
        """Raises `ApiError` when all requests together would hold too much."""
        if self.admission.held + count > self.admission.bytes_at_once:
            raise OVERLOADED.error()
        self.size += count
        self.admission.held += count


@dataclass(slots=True, kw_only=True)
class Admission:
    """How much is let in."""

    requests_at_once: int
    bytes_at_once: int
    """Bytes of bodies, as sent and as inflated. What is parsed of them is bounded by the number of threads."""
    requests: int = 0
    held: int = 0

    @contextmanager
    def one(self) -> Iterator[Hold]:
        """A place for one request; raises `ApiError` when there is none."""
        if self.requests >= self.requests_at_once:
            raise OVERLOADED.error()
        hold = Hold(self)
        self.requests += 1
        try:
            yield hold
        finally:
            self.requests -= 1
            self.held -= hold.size


@dataclass(slots=True, kw_only=True)
class Readings:
    """Answers that hold points: each keeps a file of its own until it is sent, so that few are made at a time."""

    at_once: int = 8
    waiting: int = 100
    """Those that are made, included; the next one is refused."""
    begun: int = 0
    turn: asyncio.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        self.turn = asyncio.Semaphore(self.at_once)

    @asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        """Waits for its turn; raises `ApiError` when too many do."""
        if self.begun >= self.waiting:
            raise OVERLOADED.error()
        self.begun += 1
        try:
            async with self.turn:
                yield
        finally:
            self.begun -= 1
