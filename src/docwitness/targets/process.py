"""The target `process`: a server that is started on this machine for the run, and ended with it."""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from docwitness import process
from docwitness.description import TargetDescription
from docwitness.errors import TargetUnavailableError
from docwitness.settings import ProcessSettings
from docwitness.targets.administration import Administration
from docwitness.targets.base import RunningTarget, Scope, Upstream
from docwitness.targets.connections import client_of
from docwitness.targets.health import healthy
from docwitness.targets.shared import SharedServer
from docwitness.throwaway import throwaway

_LOG_LINES = 20


class OwnProcess:
    """A docwitness server makes fresh scopes; with any other one, all samples share a database and one random token."""

    def __init__(self, settings: ProcessSettings) -> None:
        self._settings = settings
        self._token = secrets.token_urlsafe(32)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[RunningTarget]:
        """The server, once it is healthy. Raises `TargetUnavailableError`; nothing of it is left afterwards."""
        with throwaway() as folder:
            port = self._settings.port or _free_port()
            server = await self._started(folder, port)
            try:
                async with client_of(f"http://127.0.0.1:{port}") as client:
                    await self._healthy(client, server)
                    yield await self._reached(client, port)
            finally:
                await server.end()

    async def _started(self, folder: Path, port: int) -> process.Process:
        values = {"port": str(port), "folder": str(folder), "token": self._token, "database": self._settings.database}
        command = [_filled(word, values) for word in self._settings.command]
        environment = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(folder), "TMPDIR": str(folder), "LANG": "C.UTF-8"}
        environment |= {name: _filled(text, values) for name, text in self._settings.environment.items()}
        try:
            return await process.start(command, folder=folder, environment=environment)
        except (OSError, ValueError) as error:
            beside = "/" in command[0] and not Path(command[0]).is_absolute()
            advice = "It runs in a folder of its own; {project}/… is a file of the project." if beside else "Is it installed?"
            raise TargetUnavailableError(f"{command[0]} cannot be started: {error}. {advice}") from error

    async def _healthy(self, client: httpx.AsyncClient, server: process.Process) -> None:
        ending = asyncio.create_task(server.wait())

        async def death() -> str | None:
            return f"it ended with status {ending.result()}" if ending.done() else None

        async def log() -> str:
            text = f"{server.stdout.text}{server.stderr.text}".replace(self._token, "[token]")
            return "".join(f"\n  {line}" for line in text.splitlines()[-_LOG_LINES:])

        settings = self._settings
        try:
            await healthy(client, settings.health, what=settings.command[0], limit_s=settings.start_limit_s, death=death, log=log)
        finally:
            ending.cancel()

    async def _reached(self, client: httpx.AsyncClient, port: int) -> RunningTarget:
        upstream = Upstream(host="127.0.0.1", port=port)
        try:
            administration = await Administration.reached(client, upstream, kind="process", required=False)
        except httpx.HTTPError as error:
            raise TargetUnavailableError(f"{self._settings.command[0]} does not answer any more: {error!r}") from error
        if administration is not None:
            return administration
        scope = Scope(database=self._settings.database, token=self._token, read_token=self._token)
        name = Path(self._settings.command[0]).name
        return SharedServer(scope, upstream, TargetDescription(kind="process", server=name, address=str(client.base_url)))


def _filled(text: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port
