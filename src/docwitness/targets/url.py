"""The target `url`: a server that runs already, reached by its address."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import httpx

from docwitness.address import server_url
from docwitness.description import TargetDescription
from docwitness.errors import TargetUnavailableError, UsageError
from docwitness.settings import UrlSettings
from docwitness.targets.administration import Administration
from docwitness.targets.base import RunningTarget, Scope, Upstream
from docwitness.targets.connections import client_of
from docwitness.targets.shared import SharedServer

_DEFAULT_PORTS = {"http": 80, "https": 443}
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class Url:
    """Makes fresh scopes where it may administer the server; otherwise all samples share a token and a database."""

    def __init__(self, settings: UrlSettings, environment: Mapping[str, str] = os.environ) -> None:
        """Raises `UsageError` where the URL is none."""
        self._settings = settings
        self._upstream = upstream_of(settings.url)
        self._environment = environment

    @asynccontextmanager
    async def running(self) -> AsyncIterator[RunningTarget]:
        """The server, once it has answered. Raises `TargetUnavailableError`, which says what to do."""
        token = self._admin_token()
        url = self._settings.url
        async with client_of(url, token) as client:
            upstream = self._upstream
            try:
                if token or upstream.host in _LOOPBACK:
                    administration = await Administration.reached(client, upstream, kind="url", required=token is not None)
                    if administration is not None:
                        yield administration
                        return
                answer = await client.get("/ping")
            except httpx.HTTPError as error:
                raise TargetUnavailableError(
                    f"no answer from {url}: {_reason(error)}. Is the address right, and is it running?"
                ) from error
            yield SharedServer(self._scope(), upstream, _described(url, answer))

    def _admin_token(self) -> str | None:
        name = self._settings.admin_token_env
        return None if name is None else self._variable(name, "the administration token")

    def _scope(self) -> Scope:
        token = self._variable(self._settings.token_env, "a token that may write")
        database = self._variable(self._settings.database_env, "the database that samples write to")
        return Scope(database=database, token=token, read_token=token)

    def _variable(self, name: str, what: str) -> str:
        value = self._environment.get(name, "")
        if not value:
            raise TargetUnavailableError(f"the environment variable {name} is not set: it holds {what}, for {self._settings.url}")
        return value


def upstream_of(url: str) -> Upstream:
    """Where a URL leads. Raises `UsageError` when it is none."""
    try:
        parsed = server_url(url, example="http://127.0.0.1:8086")
    except ValueError as error:
        raise UsageError(str(error)) from error
    port = parsed.port or _DEFAULT_PORTS[parsed.scheme]
    host_header = parsed.netloc.decode("ascii")
    base_path = parsed.raw_path.decode("ascii").partition("?")[0].rstrip("/")
    return Upstream(host=parsed.host, port=port, tls=parsed.scheme == "https", base_path=base_path, host_header=host_header)


def _described(url: str, answer: httpx.Response) -> TargetDescription:
    words = [answer.headers.get(f"x-influxdb-{word}", "") for word in ("build", "version")]
    server = " ".join(filter(None, words)) or answer.headers.get("server", "unknown")
    return TargetDescription(kind="url", server=server, address=url)


def _reason(error: httpx.HTTPError) -> str:
    return str(error) or type(error).__name__
