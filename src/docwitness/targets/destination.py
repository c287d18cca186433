"""Where a request head wants to go, and the head as the target shall see it."""

from __future__ import annotations

import re

from docwitness.targets.base import Upstream
from docwitness.targets.framing import Head

_ABSOLUTE = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<authority>[^/?#]*)")
"""A request target in absolute form (RFC 9112 §3.2.2), as clients send it to a proxy."""


def named_host(head: Head) -> str | None:
    """The host that a proxy is asked for, with its port unless it is the usual one; None for an ordinary request."""
    method, target, _ = head.start
    if method == "CONNECT":
        return target.removesuffix(":443").removesuffix(":80")
    absolute = _ABSOLUTE.match(target)
    if absolute is None:
        return None
    return absolute["authority"].rpartition("@")[2].removesuffix(":443" if absolute["scheme"].lower() == "https" else ":80")


def rewritten(head: Head, upstream: Upstream) -> bytes:
    """The head to forward: its very bytes, but for a target in absolute form, and the base path and host that `upstream` wants."""
    raw = head.raw
    target = head.start[1].encode("latin-1")
    wanted = _target(head.start[1], upstream.base_path).encode("latin-1")
    if wanted != target:
        raw = raw.replace(b" " + target, b" " + wanted, 1)
    return raw if upstream.host_header is None else _with_host(raw, upstream.host_header)


def _target(target: str, base_path: str) -> str:
    absolute = _ABSOLUTE.match(target)
    if absolute:
        rest = target[absolute.end() :]
        target = rest if rest.startswith("/") else "/" + rest
    return base_path.rstrip("/") + target if target.startswith("/") else target


def _with_host(raw: bytes, host: str) -> bytes:
    lines = raw.split(b"\n")
    for number, line in enumerate(lines[1:], 1):
        name, colon, _ = line.partition(b":")
        if colon and name.lower() == b"host":
            lines[number] = name + b": " + host.encode("latin-1") + (b"\r" if line.endswith(b"\r") else b"")
    return b"\n".join(lines)
