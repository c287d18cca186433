"""The server as a process: says where it is, logs, and ends on SIGTERM and SIGINT."""

from __future__ import annotations

import asyncio
import json
import logging
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime

from docwitness.server.access_log import LOGGER as ACCESS_LOGGER
from docwitness.server.auth import redacted
from docwitness.server.service import ServerOptions, Serving, serving

FIRST_DATABASE = "sensors"


class JsonFormatter(logging.Formatter):
    """One JSON object a line, with no token in it."""

    def format(self, record: logging.LogRecord) -> str:
        """Access records are JSON already."""
        if record.name == ACCESS_LOGGER.name:
            return record.getMessage()
        time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        entry = {"time": time, "level": record.levelname.lower(), "message": redacted(record.getMessage())}
        if record.exc_info:
            entry["traceback"] = redacted(self.formatException(record.exc_info))
        return json.dumps(entry)


def configure_logging(*, access_log: bool) -> None:
    """Logs of the server go to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    logger = logging.getLogger("docwitness.server")
    logger.addHandler(handler)
    logger.setLevel(logging.WARNING)
    logger.propagate = False
    ACCESS_LOGGER.setLevel(logging.INFO if access_log else logging.WARNING)


async def run(options: ServerOptions, announce: Callable[[Serving, tuple[str, str] | None], None]) -> None:
    """Serves until a signal comes. `announce` gets the server, and database and token that were made for a new journal."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with serving(options) as server:
        announce(server, _first_token(server) if server.new else None)
        await stop.wait()


def _first_token(server: Serving) -> tuple[str, str]:
    """A database and a token to begin with."""
    server.databases.create_database(FIRST_DATABASE)
    _, token = server.databases.create_token(FIRST_DATABASE)
    return FIRST_DATABASE, token
