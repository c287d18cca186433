"""What the server answers to: an endpoint as data, and one call of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from docwitness.server.admission import Admission, Hold, Readings
from docwitness.server.asgi import Request, Response
from docwitness.server.databases import Databases
from docwitness.server.errors import DocumentedError
from docwitness.server.metrics import Metrics
from docwitness.server.profiles import Profile
from docwitness.server.query import Parameter
from docwitness.server.workers import Workers


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What all requests of one server share."""

    databases: Databases
    profile: Profile
    admission: Admission
    readings: Readings
    metrics: Metrics
    workers: Workers
    max_body: int
    """Bytes, as sent and as decompressed."""
    body_s: float
    """Seconds that a body may take to arrive."""
    admin_token: str | None
    local_admin: bool
    """Whether administration is open to this machine without a token."""
    inline_writes: bool
    """Whether small writes are stored in the event loop: quicker than a thread, where storing does not wait for a disk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request to one endpoint."""

    context: Context
    request: Request
    hold: Hold
    kept: AsyncExitStack
    """What is let go of when the answer has been sent, or cannot be."""
    words: tuple[str, ...] = ()
    """What stands in place of the words in braces of the endpoint's path, decoded."""


Handler = Callable[[Call], Awaitable[Response]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A successful answer, for the description."""

    status: int
    description: str
    media_type: str | None = None
    schema: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """A method and a path that the server answers to."""

    method: str
    path: str
    """Segments in braces stand for anything."""
    handler: Handler
    summary: str
    answer: Answer
    parameters: tuple[Parameter, ...] = ()
    errors: tuple[DocumentedError, ...] = ()
    body: dict[str, object] | None = None
    """Schema of a JSON body."""
    line_protocol: bool = False
    """Whether the body is line protocol."""
    always: bool = False
    """Answers however busy the server is."""

    @property
    def administration(self) -> bool:
        """Whether it is outside the documented API."""
        return self.path.startswith("/admin/")
