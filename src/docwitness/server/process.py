"""The server as a process: says where it is, logs, and ends on SIGTERM, SIGINT and SIGHUP."""

from __future__ import annotations

import asyncio
import json
import logging
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from docwitness.server.access_log import LOGGER as ACCESS_LOGGER
from docwitness.server.auth import redacted
from docwitness.server.connection import ConnectionLimits
from docwitness.server.service import ServerOptions, Serving, serving

if sys.platform != "win32":
    import resource

FIRST_DATABASE = "sensors"
_OTHER_FILES = 100
"""Files that a server opens besides its connections, at the most."""


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
    for name in ("docwitness.server", "asyncio"):
        logger = logging.getLogger(name)
        logger.addHandler(handler)
        logger.setLevel(logging.WARNING)
        logger.propagate = False
    ACCESS_LOGGER.setLevel(logging.INFO if access_log else logging.WARNING)


async def run(options: ServerOptions, announce: Callable[[Serving, tuple[str, str] | None], None]) -> None:
    """Serves until a signal comes. `announce` gets the server, and database and token that were made for a new journal."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    ends = [signal.SIGTERM, signal.SIGINT]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # under nohup, it goes on
        ends.append(signal.SIGHUP)
    for number in ends:
        loop.add_signal_handler(number, stop.set)
    async with serving(replace(options, connections=_within_files(options.connections))) as server:
        announce(server, _first_token(server) if server.new else None)
        await stop.wait()


def _within_files(limits: ConnectionLimits) -> ConnectionLimits:
    """No more connections than the process may have files open: each is one, and the journal and readings need some."""
    if sys.platform == "win32":
        return limits
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = limits.connections + _OTHER_FILES
    if resource.RLIM_INFINITY != soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        return replace(limits, connections=max(1, soft - _OTHER_FILES))
    return limits


def _first_token(server: Serving) -> tuple[str, str]:
    """A database and a token to begin with."""
    server.databases.create_database(FIRST_DATABASE)
    _, token = server.databases.create_token(FIRST_DATABASE)
    return FIRST_DATABASE, token
