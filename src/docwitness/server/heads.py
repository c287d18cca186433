"""Heads that keep the grammar of HTTP and that the original router's HTTP library refuses all the same.

Limits of hyper and of the `http` crate as influxdata/influxdb uses them. The answer is an empty one, and ends the connection.
"""

from __future__ import annotations

import re

from docwitness.server.asgi import Response, Scope

LONGEST_TARGET = 65_534
"""Bytes."""
MOST_HEADERS = 100
_VERSIONS = frozenset({"1.0", "1.1"})
_NO_TARGET = re.compile(rb'["<>]')


def refusal(scope: Scope) -> Response | None:
    """The answer to a head that is refused."""
    target = b"?".join(part for part in (scope["raw_path"], scope["query_string"]) if part)
    if scope["http_version"] not in _VERSIONS or _NO_TARGET.search(target):
        return _empty(400)
    if len(target) > LONGEST_TARGET:
        return _empty(414)
    return _empty(431) if len(scope["headers"]) > MOST_HEADERS else None


def _empty(status: int) -> Response:
    return Response(status=status, headers=((b"connection", b"close"),))
