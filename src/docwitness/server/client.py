"""Talks to the administration API of a running server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import click
import httpx

from docwitness.address import server_url

_POINTS = "application/x-ndjson"
"""Media type of the answer that holds points."""


class Refused(click.ClickException):
    """The server answers, but does not do it."""

    exit_code = 1


class NoServer(click.ClickException):
    """No docwitness server answers there."""

    exit_code = 6


class Client:
    """One method for each thing to ask. Raises `Refused` and `NoServer`, and `click.UsageError` for a URL that is none."""

    def __init__(self, url: str, admin_token: str | None) -> None:
        headers = {"authorization": f"Bearer {admin_token}"} if admin_token else {}
        self._url = url
        # A transport of our own, so that neither requests nor tokens go to a proxy of the environment, as for targets.
        self._http = httpx.Client(base_url=_checked(url), headers=headers, timeout=30.0, transport=httpx.HTTPTransport())

    def close(self) -> None:
        """Ends its connections."""
        self._http.close()

    def create_database(self, name: str, *, retention_s: int | None, partial_writes: bool | None) -> None:
        """Creates it with these settings; None is the server's default."""
        wanted = {"name": name, "retention_s": retention_s, "partial_writes": partial_writes}
        self._call("POST", "/admin/databases", wanted, status=httpx.codes.CREATED)

    def databases(self) -> list[dict[str, Any]]:
        """All of them, with their settings."""
        (rows,) = self._values(self._call("GET", "/admin/databases", status=httpx.codes.OK), "databases")
        return list(rows)

    def delete_database(self, name: str) -> None:
        """Deletes its points and tokens as well."""
        self._call("DELETE", f"/admin/databases/{quote(name, safe='')}", status=httpx.codes.NO_CONTENT)

    def create_token(self, database: str, permissions: list[str]) -> tuple[str, str]:
        """Id and text of the new token."""
        wanted = {"database": database, "permissions": permissions}
        token_id, text = self._values(self._call("POST", "/admin/tokens", wanted, status=httpx.codes.CREATED), "id", "token")
        return token_id, text

    def tokens(self) -> list[dict[str, Any]]:
        """Their ids, databases and permissions."""
        (rows,) = self._values(self._call("GET", "/admin/tokens", status=httpx.codes.OK), "tokens")
        return list(rows)

    def delete_token(self, token_id: str) -> None:
        """Revokes it."""
        self._call("DELETE", f"/admin/tokens/{quote(token_id, safe='')}", status=httpx.codes.NO_CONTENT)

    def points(self, database: str, table: str | None) -> Iterator[dict[str, Any]]:
        """The points as they arrive."""
        path = f"/admin/databases/{quote(database, safe='')}/points"
        rest = b""
        try:
            with self._http.stream("GET", path, params={} if table is None else {"table": table}) as response:
                if response.status_code != httpx.codes.OK or response.headers.get("content-type") != _POINTS:
                    response.read()
                    raise self._refusal(response)
                for piece in response.iter_bytes():
                    *lines, rest = (rest + piece).split(b"\n")
                    yield from map(json.loads, lines)
        except httpx.HTTPError as error:
            raise self._unreachable(error) from error

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None, *, status: int) -> httpx.Response:
        """The answer, when it has that status."""
        try:
            response = self._http.request(method, path, json=body)
        except httpx.HTTPError as error:
            raise self._unreachable(error) from error
        if response.status_code == status:
            return response
        raise self._refusal(response)

    def _values(self, response: httpx.Response, *keys: str) -> list[Any]:
        try:
            return [response.json()[key] for key in keys]
        except (ValueError, KeyError, TypeError):
            raise self._stranger(response) from None

    def _refusal(self, response: httpx.Response) -> click.ClickException:
        if response.is_success:
            return self._stranger(response)
        try:
            return Refused(response.json()["message"])
        except (ValueError, KeyError, TypeError):
            return self._stranger(response)

    def _stranger(self, response: httpx.Response) -> NoServer:
        return NoServer(f"{self._url} answers {response.status_code}, but is not a docwitness server")

    def _unreachable(self, error: httpx.HTTPError) -> NoServer:
        return NoServer(f"no answer from {self._url}: {error}. `docwitness serve` starts a server; --url names another one.")


def _checked(url: str) -> httpx.URL:
    try:
        return server_url(url, example="http://127.0.0.1:8181")
    except ValueError as error:
        raise click.UsageError(str(error)) from error
