"""The target `container`: a server in a container of its own, which only lives for the run and can do nothing but serve."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import httpx

from docwitness.containers.blocking import to_its_end
from docwitness.containers.errors import ContainerError
from docwitness.description import TargetDescription
from docwitness.directives import ScopeSettings
from docwitness.errors import TargetError, TargetUnavailableError
from docwitness.exchange import Effect
from docwitness.settings import ContainerSettings
from docwitness.targets.administration import Administration
from docwitness.targets.base import RunningTarget, Scope, Upstream
from docwitness.targets.connections import client_of
from docwitness.targets.health import healthy
from docwitness.targets.shared import SharedServer

if TYPE_CHECKING:
    from docwitness.targets.vessel import Vessel


class Container:
    """Needs a Docker engine; see `docwitness.settings.ContainerSettings` for what can be set."""

    def __init__(self, settings: ContainerSettings | None = None) -> None:
        self._settings = settings or ContainerSettings()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[RunningTarget]:
        """The server, once it is healthy. Raises `TargetUnavailableError`; the container is removed whatever happens."""
        vessel = _vessel(self._settings)
        try:
            with _unavailable():
                await to_its_end(vessel.launch, vessel.stopping.set)
            token = vessel.token if self._settings.administration else None
            async with client_of(f"http://127.0.0.1:{vessel.port}", token) as client:
                with _unavailable():
                    await self._healthy(client, vessel)
                server = await self._server(client, vessel)
                with _shared_with_samples(vessel.token) as variables:
                    yield RunningContainer(server, vessel, variables if server.fresh_scopes else {})
        finally:
            await to_its_end(vessel.remove)

    async def _healthy(self, client: httpx.AsyncClient, vessel: Vessel) -> None:
        """Returns when the health path is answered with 2xx."""
        settings = self._settings

        async def death() -> str | None:
            return await asyncio.to_thread(vessel.death)

        async def log() -> str:
            return await asyncio.to_thread(vessel.log)

        what = f"the container of {settings.image}"
        await healthy(client, settings.health, what=what, limit_s=settings.start_limit_s, death=death, log=log)

    async def _server(self, client: httpx.AsyncClient, vessel: Vessel) -> Administration | SharedServer:
        upstream = Upstream(host="127.0.0.1", port=vessel.port, network=vessel.network)
        if not self._settings.administration:
            scope = Scope(database=self._settings.database, token=vessel.token, read_token=vessel.token)
            return SharedServer(scope, upstream, TargetDescription(kind="container", server=self._settings.image))
        administration = await Administration.reached(client, upstream, kind="container", required=True)
        assert administration is not None, "it is required"
        return administration


class RunningContainer:
    """The server in a container; where it fails because the container died, the error says why that did."""

    def __init__(self, server: Administration | SharedServer, vessel: Vessel, variables: Mapping[str, str]) -> None:
        self._server = server
        self._vessel = vessel
        self._variables = variables
        self.fresh_scopes = server.fresh_scopes
        self.upstream = server.upstream
        self.description = replace(server.description, image=vessel.description)

    async def open_scope(self, settings: ScopeSettings) -> Scope:
        """As the server in it makes them."""
        async with self._explained():
            scope = await self._server.open_scope(settings)
        return replace(scope, variables=self._variables, secrets=(self._vessel.token,))

    async def openapi(self) -> Mapping[str, Any] | None:
        """What the server in it says."""
        async with self._explained():
            return await self._server.openapi()

    async def close_scope(self, scope: Scope) -> None:
        """Drops what was made."""
        async with self._explained():
            await self._server.close_scope(scope)

    async def effect(self, scope: Scope) -> Effect | None:
        """What the database holds, where that can be seen."""
        async with self._explained():
            return await self._server.effect(scope)

    @asynccontextmanager
    async def _explained(self) -> AsyncIterator[None]:
        try:
            yield
        except TargetError as error:
            if end := await self._end():
                raise TargetError(f"the container does not run any more: {end}") from error
            raise

    async def _end(self) -> str | None:
        """Why it does not run any more, and what it wrote last; None while it runs, or where the engine does not tell."""
        try:
            death = await asyncio.to_thread(self._vessel.death)
            return None if death is None else f"{death}{await asyncio.to_thread(self._vessel.log)}"
        except ContainerError:
            return None


@contextmanager
def _unavailable() -> Iterator[None]:
    """Without its container there is no target."""
    try:
        yield
    except ContainerError as error:
        raise TargetUnavailableError(str(error)) from error


@contextmanager
def _shared_with_samples(token: str) -> Iterator[Mapping[str, str]]:
    """What `docwitness server …` in a sample finds the administration token by, for as long as the server lives."""
    with tempfile.NamedTemporaryFile("w", prefix="docwitness-", encoding="ascii") as file:
        file.write(token)
        file.flush()
        yield {"DOCWITNESS_ADMIN_TOKEN_FILE": file.name}


def _vessel(settings: ContainerSettings) -> Vessel:
    try:
        from docwitness.targets.vessel import Vessel  # noqa: PLC0415 - the library is an extra, and slow to import
    except ModuleNotFoundError as error:
        raise TargetUnavailableError(f"there is no module {error.name}: pip install 'docwitness[container]'") from error
    return Vessel(settings)
