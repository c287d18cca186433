"""A running docwitness server, made use of through its administration API: fresh scopes, and effects read back."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import httpx

from docwitness.description import TargetDescription
from docwitness.directives import ScopeSettings
from docwitness.errors import TargetError, TargetUnavailableError
from docwitness.exchange import Effect, StoredPoint
from docwitness.targets.base import Scope, Upstream
from docwitness.targets.names import new_database_name


class Administration:
    """A server that lets us make databases and tokens."""

    fresh_scopes = True

    def __init__(self, client: httpx.AsyncClient, upstream: Upstream, description: TargetDescription) -> None:
        self._client = client
        self.upstream = upstream
        self.description = description

    @classmethod
    async def reached(cls, client: httpx.AsyncClient, upstream: Upstream, *, kind: str, required: bool) -> Administration | None:
        """The administration of a server for a target of that kind; None where there is none and it is not `required`.

        Raises `TargetUnavailableError` when it is, and `httpx.HTTPError` when nothing answers.
        """
        answer = await client.get("/admin/server")
        about = _object(answer) if answer.is_success else {}
        if "name" not in about:
            if required:
                raise TargetUnavailableError(_refusal(str(client.base_url), answer.status_code))
            return None
        server = f"{about['name']} {about.get('version', '')}".strip()
        address = str(client.base_url).rstrip("/")
        return cls(client, upstream, TargetDescription(kind=kind, server=server, profile=about.get("profile"), address=address))

    async def open_scope(self, settings: ScopeSettings) -> Scope:
        """A database of its own, and its tokens. Raises `TargetError` when the server does not make them."""
        name = new_database_name()
        wanted = {
            "name": name,
            "retention_s": settings.retention_s,
            "partial_writes": settings.partial_writes,
            "tokens": [["read", "write"], ["read"]],
        }
        token, read_token = _object(await self._ask("POST", "/admin/databases", wanted))["tokens"]
        return Scope(database=name, token=token["token"], read_token=read_token["token"])

    async def close_scope(self, scope: Scope) -> None:
        """Drops the database with its tokens."""
        await self._ask("DELETE", f"/admin/databases/{quote(scope.database, safe='')}")

    async def effect(self, scope: Scope) -> Effect:
        """What the database holds."""
        answer = await self._ask("GET", f"/admin/databases/{quote(scope.database, safe='')}/points")
        return tuple(StoredPoint.of(json.loads(line)) for line in answer.content.split(b"\n") if line)

    async def openapi(self) -> dict[str, Any] | None:
        """As it serves it; None for a server that does not."""
        return _object(await self._ask("GET", "/admin/openapi.json")) or None

    async def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> httpx.Response:
        try:
            answer = await self._client.request(method, path, json=body)
        except httpx.HTTPError as error:
            raise TargetError(f"no answer from {self._client.base_url} to {method} {path}: {error!r}") from error
        if not answer.is_success:
            raise TargetError(f"{self._client.base_url} answers {answer.status_code} to {method} {path}: {answer.text[:200]}")
        return answer


def _refusal(url: str, status: int) -> str:
    if status in (401, 403):
        return f"{url} does not accept the administration token ({status}): is it the one that the server was started with?"
    return f"{url} has no administration API (GET /admin/server gives {status}): leave out admin-token-env to share one database"


def _object(answer: httpx.Response) -> dict[str, Any]:
    try:
        value = answer.json()
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
