"""Recorded messages as requests and responses that can be read: content codings undone, what cannot be read said in words."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass

from docwitness.exchange import Request, Response
from docwitness.targets.framing import Body, Head

LARGEST_CONTENT = 64 * 1024 * 1024
"""Bytes to which a compressed body is inflated."""

_WINDOW = {"gzip": 31, "x-gzip": 31, "deflate": 15}
"""zlib's window bits for each content coding."""
_STATUS = re.compile(r"[1-9][0-9]{2}")
"""RFC 9110 §15; those that it leaves open (600 and more) are statuses as well."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message as it was cut out of the stream; without a head it is no HTTP."""

    head: Head | None
    body: Body


def decode_request(message: Message) -> Request:
    """The request, or what came in place of one."""
    if message.head is None:
        return Request(
            method="", target="", version="", headers=(), body=message.body.content, problem="this is not an HTTP request"
        )
    method, target, version = message.head.start
    body, problem = _content(message.head, message.body)
    return Request(method=method, target=target, version=version, headers=message.head.headers, body=body, problem=problem)


def decode_response(message: Message) -> Response:
    """The response; status 0 when it is none."""
    version, status, reason = message.head.start if message.head else ("", "", "")
    if message.head is None or not (version.startswith("HTTP/") and _STATUS.fullmatch(status)):
        raw = message.head.raw if message.head else b""
        return Response(
            status=0, reason="", version="", headers=(), body=raw + message.body.content, problem="this is not an HTTP response"
        )
    body, problem = _content(message.head, message.body)
    return Response(status=int(status), reason=reason, version=version, headers=message.head.headers, body=body, problem=problem)


def _content(head: Head, body: Body) -> tuple[bytes, str]:
    """The body with its content codings undone, and what is wrong with it; what cannot be undone stays as it is."""
    content, problem = body.content, head.problem or body.shortfall
    codings = [word.strip().lower() for value in head.values("content-encoding") for word in value.split(",")]
    for coding in reversed(codings):
        if coding in ("", "identity") or not content:
            continue
        if coding not in _WINDOW:
            return content, problem or f"content coding {coding!r} is not undone"
        content, fault = inflate(content, _WINDOW[coding])
        problem = problem or fault
    return content, problem


def inflate(data: bytes, window: int) -> tuple[bytes, str]:
    """Inflates all members of `data`; returns what could be had, and what stopped it."""
    members: list[bytes] = []
    left = LARGEST_CONTENT
    problem = ""
    while data and not problem:
        member = zlib.decompressobj(window)
        try:
            members.append(member.decompress(data, left + 1))
        except zlib.error as error:
            if not members:
                return data, f"not what its coding says: {error}"
            problem = f"bytes after the compressed body: {error}"
            break
        left -= len(members[-1])
        if left < 0:
            problem = f"inflates to more than {LARGEST_CONTENT} bytes"
        elif not member.eof:
            problem = "the compressed body is not complete"
        data = member.unused_data
    return b"".join(members)[:LARGEST_CONTENT], problem
