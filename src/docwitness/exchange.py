"""Recorded HTTP exchanges and stored points: the evidence that no client can talk its way around."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from docwitness import lines
from docwitness.lines import TypedValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request as the client sent it, tokens redacted."""

    method: str
    target: str
    version: str
    headers: tuple[tuple[str, str], ...]
    """In order, names as sent."""
    body: bytes
    """Transfer coding and content coding undone."""
    problem: str = ""
    """What could not be decoded, in words."""

    @property
    def start_line(self) -> str:
        """What begins it (RFC 9112 §3), as far as it has that."""
        return f"{self.method} {self.target} {self.version}".rstrip()

    @property
    def path(self) -> str:
        """The path of its target, also where that is in absolute form."""
        target = self.target.partition("?")[0]
        _, separator, rest = target.partition("://")
        return f"/{rest.partition('/')[2]}" if separator else target

    @property
    def query(self) -> dict[str, list[str]]:
        """The parameters of its query string, empty ones too."""
        return parse_qs(self.target.partition("?")[2], keep_blank_values=True)

    @property
    def operation(self) -> str:
        """Method and path, as tables name what they are about: `POST /api/v2/write`."""
        return f"{self.method} {self.path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A final response, tokens redacted; interim responses are left out."""

    status: int
    reason: str
    version: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    problem: str = ""

    @property
    def start_line(self) -> str:
        """What begins it (RFC 9112 §4), as far as it has that."""
        return f"{self.version} {self.status} {self.reason}".rstrip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and what came back."""

    request: Request
    response: Response | None
    """None when the connection ended without one, or there was none to the target."""
    started_ns: int
    """Wall clock, nanoseconds since the epoch, when the first byte of the request arrived."""
    ended_ns: int
    """When the last byte of the response arrived, or the connection ended."""
    unreachable: str = ""
    """Why no connection to the target could be made; empty when there was one."""
    client: str = ""
    """The address that the client connected from, without its port."""

    @property
    def status(self) -> int:
        """That of the response; 0 when there is none."""
        return 0 if self.response is None else self.response.status

    @property
    def accepted(self) -> bool:
        """Whether the target says that it did what was asked."""
        return 200 <= self.status < 300

    @property
    def silence(self) -> str:
        """Why there is no response, in words."""
        if self.unreachable:
            return f"no connection to the target: {self.unreachable}"
        return "the connection ended without a response"


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedHost:
    """A connection to a host that is not the target; the recorder refused it."""

    host: str
    """As the client named it, with its port when it named one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPoint:
    """A point that the target holds."""

    table: str
    tags: tuple[tuple[str, str], ...]
    """Sorted by key."""
    fields: tuple[tuple[str, TypedValue], ...]
    """Sorted by key."""
    time_ns: int

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> StoredPoint:
        """The point that is in JSON, as the administration API and reports have it."""
        fields = ((key, _value(*typed)) for key, held in document["fields"].items() for typed in held.items())
        return cls(
            table=document["table"],
            tags=tuple(sorted(document["tags"].items())),
            fields=tuple(sorted(fields)),
            time_ns=document["time_ns"],
        )

    @property
    def line(self) -> str:
        """The point as line protocol, exactly."""
        return lines.line(self.table, self.tags, self.fields, self.time_ns)


Effect = tuple[StoredPoint, ...]
"""All points of a scope."""


def _value(kind: str, value: float | str | bool) -> TypedValue:
    """JSON tells neither infinities nor whole floats from other values; the type word does."""
    return (kind, float(value)) if kind == "float" else (kind, value)
