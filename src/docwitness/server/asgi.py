"""Requests and responses over ASGI (asgi.readthedocs.io, HTTP connection scope)."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any

from docwitness.server.errors import ApiError

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

UPLOAD_BROKEN = "upload_broken"
"""Key of the scope's `state`: the client ended its side, or broke the framing, in the middle of the body."""
LONE_MARK = "lone_mark"
"""Key of the scope's `state`: the target ends with a question mark that may have nothing behind it, which ASGI does not tell."""
LONGEST_MESSAGE = 65536
"""Characters. A message may quote a line, which may be as long as a body, and escaped it is six times as long."""
CLIENT_GONE = "client_gone"
"""Key of the scope's `state`: nobody is there to read the answer."""


@dataclass(slots=True, kw_only=True)
class Request:
    """One request. Its body is read from `receive`, at most once."""

    method: str
    path: bytes
    """As sent, not decoded: an encoded slash is no slash."""
    query: bytes | None
    """Without the `?`; None when there is none."""
    headers: tuple[tuple[bytes, bytes], ...]
    """Names in lower case."""
    peer: str
    """The client's address; empty when it is not known."""
    receive: Receive
    state: Mapping[str, Any]
    unread: bool = True
    """Whether some of the body may still be under way."""
    received: int = 0
    """Bytes of the body that were read."""

    @classmethod
    def of(cls, scope: Scope, receive: Receive) -> Request:
        """Absolute-form targets lose scheme and host, fragments are cut off, as in the original router."""
        state = scope.get("state", {})
        path, query = scope["raw_path"], scope["query_string"] or (b"" if state.get(LONE_MARK) else None)
        if b"#" in path:
            path, query = path.partition(b"#")[0], None
        if not path.startswith(b"/") and b"://" in path:
            path = b"/" + path.partition(b"://")[2].partition(b"/")[2]
        headers = tuple(scope["headers"])
        return cls(
            method=scope["method"],
            path=path,
            query=None if query is None else query.partition(b"#")[0],
            headers=headers,
            peer=(scope.get("client") or ("",))[0],
            receive=receive,
            state=state,
            unread=_announces_body(headers),
        )

    def header(self, name: bytes) -> bytes | None:
        """The first header of that name counts."""
        return next((value for key, value in self.headers if key == name), None)


def _announces_body(headers: tuple[tuple[bytes, bytes], ...]) -> bool:
    """Whether a body follows the head (RFC 9112 §6.3)."""
    return any(name == b"transfer-encoding" or (name == b"content-length" and value != b"0") for name, value in headers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One response."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...] = ()
    body: bytes = b""
    stream: AsyncIterator[bytes] | None = field(default=None, compare=False)
    """A body of unknown length; then `body` is empty."""

    @classmethod
    def json(cls, status: int, value: object) -> Response:
        """Compact JSON."""
        body = json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()
        return cls(status=status, headers=((b"content-type", b"application/json"),), body=body)

    @classmethod
    def error(cls, error: ApiError) -> Response:
        """The error as clients parse it; the order of keys is that of the original router, which gives any message whole."""
        message = error.message if len(error.message) <= LONGEST_MESSAGE else f"{error.message[:LONGEST_MESSAGE]}…"
        value: dict[str, object] = {"code": error.code, "message": message}
        if error.line is not None:
            value["line"] = error.line
        return cls.json(error.status, value)


NO_CONTENT = Response(status=204)
