"""Waiting until a server that was just started answers."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

import httpx

from docwitness.errors import TargetUnavailableError

LOG = logging.getLogger(__name__)

_FIRST_PAUSE_S = 0.02
_LONGEST_PAUSE_S = 0.5
_TELL_EVERY_S = 5.0


async def healthy(
    client: httpx.AsyncClient,
    path: str,
    *,
    what: str,
    limit_s: float,
    death: Callable[[], Awaitable[str | None]],
    log: Callable[[], Awaitable[str]],
) -> None:
    """Returns when the path is answered with 2xx.

    Args:
        client: Of the server.
        path: What is asked for.
        what: The server, in words.
        limit_s: How long it may take, in seconds.
        death: Says why the server does not run any more; None while it does.
        log: What it wrote, to end an error with.

    Raises:
        TargetUnavailableError: It died, or its time is over.
    """
    LOG.info("waiting for %s at %s%s", what, client.base_url, path)
    started, told_s, pause_s = time.monotonic(), 0.0, _FIRST_PAUSE_S
    while fault := await _fault(client, path):
        if cause := await death():
            raise TargetUnavailableError(f"{what} does not run: {cause}{await log()}")
        waited_s = time.monotonic() - started
        if waited_s > limit_s:
            raise TargetUnavailableError(f"{what} is not healthy after {limit_s:.0f} s: GET {path} gives {fault}{await log()}")
        if waited_s - told_s >= _TELL_EVERY_S:
            told_s = waited_s
            LOG.info("still waiting for %s (%.0f s): %s", what, waited_s, fault)
        await asyncio.sleep(pause_s)
        pause_s = min(1.3 * pause_s, _LONGEST_PAUSE_S)


async def _fault(client: httpx.AsyncClient, path: str) -> str | None:
    """What is given in place of a 2xx; None for one."""
    try:
        answer = await client.get(path)
    except httpx.HTTPError as error:
        return f"no answer ({type(error).__name__})"
    return None if answer.is_success else f"status {answer.status_code}"
