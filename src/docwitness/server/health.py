"""Asks the server whether it is healthy: `python -m docwitness.server.health [PORT]`, exit status 0 or 1.

A health check runs every few seconds, so this imports nothing of the server, and little else.
"""

from __future__ import annotations

import http.client
import sys
from collections.abc import Sequence

LIMIT_S = 5.0


def healthy(host: str = "127.0.0.1", port: int = 8181) -> bool:
    """Whether `GET /health` is answered with 200 within `LIMIT_S` seconds."""
    connection = http.client.HTTPConnection(host, port, timeout=LIMIT_S)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def main(arguments: Sequence[str]) -> int:
    """The exit status; the only argument is the port."""
    return 0 if healthy(port=int(arguments[0]) if arguments else 8181) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
