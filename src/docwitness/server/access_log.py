"""The access log: one JSON object a request, with no token in it."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from urllib.parse import unquote

from docwitness.server.auth import redacted

LOGGER = logging.getLogger("docwitness.server.access")
_LONGEST_PATH = 200


def record(*, method: str, path: bytes, status: int, duration_s: float, received: int, peer: str, code: str) -> None:
    """Logs one answered request. Query strings are left out: a token may stand in them."""
    if not LOGGER.isEnabledFor(logging.INFO):
        return
    entry = {
        "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "peer": peer,
        "method": redacted(method[:_LONGEST_PATH]),
        "path": _shown(path[:_LONGEST_PATH].decode("ascii", "replace")),
        "status": status,
        "code": code,
        "duration_ms": round(duration_s * 1000, 3),
        "received": received,
    }
    LOGGER.info(json.dumps(entry))


def _shown(path: str) -> str:
    """As it was sent, unless a token shows in it once it is decoded."""
    decoded = unquote(path, errors="replace")
    return redacted(path) if redacted(decoded) == decoded else redacted(decoded)
