"""The server as a whole: opens the journal, listens, and ends without losing what it accepted."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from uvicorn.config import Config
from uvicorn.server import ServerState

from docwitness.server.admin import is_loopback
from docwitness.server.admission import Admission, Readings
from docwitness.server.app import App
from docwitness.server.connection import Connection, ConnectionLimits
from docwitness.server.databases import Databases
from docwitness.server.endpoint import Context
from docwitness.server.journal import Journal
from docwitness.server.metrics import Metrics
from docwitness.server.profiles import CLOUD_DEDICATED, PROFILES
from docwitness.server.workers import Workers


class ListenError(Exception):
    """The address cannot be listened on; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerOptions:
    """How a server runs."""

    host: str = "127.0.0.1"
    port: int = 0
    """0: any free one."""
    profile: str = CLOUD_DEDICATED.name
    """A key of `docwitness.server.profiles.PROFILES`."""
    data: Path | None = None
    """The folder of the journal; None: in memory."""
    partial_writes: bool = False
    """For databases that do not say it themselves."""
    max_body: int = 10 * 1024 * 1024
    """Bytes, as sent and as decompressed."""
    sync: bool = False
    """Whether a write survives a power cut, not only the end of the process."""
    admin_token: str | None = None
    """Opens administration to whoever has it; without one only this machine may, while the address is a loopback one."""
    requests_at_once: int = 200
    bytes_at_once: int = 128 * 1024 * 1024
    """Bytes of bodies that all requests together may hold; at least one of the largest body always fits."""
    body_s: float = 60.0
    """Seconds that a body may take to arrive."""
    grace_s: float = 10.0
    """Seconds that requests have to end when the server is stopped."""
    connections: ConnectionLimits = field(default_factory=ConnectionLimits)

    @property
    def local(self) -> bool:
        """Whether only this machine can reach the address."""
        return self.host == "localhost" or is_loopback(self.host)


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """A server that answers."""

    url: str
    port: int
    databases: Databases
    new: bool
    """Whether the journal was made just now."""
    options: ServerOptions


@asynccontextmanager
async def serving(options: ServerOptions) -> AsyncIterator[Serving]:
    """Serves in the running event loop until the block ends, and touches no signal handlers.

    Raises `ListenError` and `docwitness.server.storage.JournalError`.
    """
    listener = _listener(options)
    try:
        journal = Journal.open(options.data, sync=options.sync)
    except BaseException:
        listener.close()
        raise
    workers = Workers()
    try:
        context = _context(options, journal, workers)
        port = listener.getsockname()[1]
        async with _answering(App(context), listener, options):
            yield Serving(url=_url(options.host, port), port=port, databases=context.databases, new=journal.new, options=options)
    finally:
        journal.give_up()
        workers.close()
        journal.close()


def _listener(options: ServerOptions) -> socket.socket:
    try:
        family, *_, address = socket.getaddrinfo(options.host, options.port, type=socket.SOCK_STREAM)[0]
        listener = socket.create_server((str(address[0]), int(address[1])), family=family, backlog=512)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
        raise ListenError(f"cannot listen on {options.host} port {options.port}: {reason}") from error
    except UnicodeError as error:  # of the codec for names of hosts
        raise ListenError(f"cannot listen on {options.host} port {options.port}: it is not the name of a host") from error
    # Head and body of a response are two packets. Connections inherit this; asyncio sets it only on sockets that it made itself.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def _context(options: ServerOptions, journal: Journal, workers: Workers) -> Context:
    return Context(
        databases=Databases(journal, partial_writes=options.partial_writes),
        profile=PROFILES[options.profile],
        admission=Admission(
            requests_at_once=options.requests_at_once,
            bytes_at_once=max(options.bytes_at_once, 2 * options.max_body),  # As sent, and as inflated.
        ),
        readings=Readings(),
        metrics=Metrics(),
        workers=workers,
        max_body=options.max_body,
        body_s=options.body_s,
        admin_token=options.admin_token,
        local_admin=options.local,
        inline_writes=not options.sync,
    )


def _url(host: str, port: int) -> str:
    """An address that a client on this machine can use."""
    name = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{name}:{port}"


@asynccontextmanager
async def _answering(app: App, listener: socket.socket, options: ServerOptions) -> AsyncIterator[None]:
    """Serves with the protocol of uvicorn, but without its `Server`, which takes over signals and wakes up ten times a second."""
    config = Config(
        app,
        interface="asgi3",
        http=Connection,
        ws="none",
        lifespan="off",
        log_config=None,
        proxy_headers=False,
        timeout_keep_alive=options.connections.idle_s,  # type: ignore[arg-type]
    )
    config.load()
    state = ServerState()
    server = await asyncio.get_running_loop().create_server(lambda: Connection(config, state, options.connections), sock=listener)
    try:
        yield
    finally:
        server.close()
        await _finish(state, options.grace_s)


async def _finish(state: ServerState, grace_s: float) -> None:
    """Lets requests end, for as long as the grace time allows; then every connection is cut, and what is late gets no answer."""
    for connection in list(state.connections):
        connection.shutdown()
    if state.tasks:
        await asyncio.wait(set(state.tasks), timeout=grace_s)
    for connection in list(state.connections):
        connection.transport.abort()
    await asyncio.sleep(0)
    late = set(state.tasks)
    for task in late:
        task.cancel()
    if late:
        await asyncio.wait(late)
