"""The commands `docwitness server …`: administration of a running server, over HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from docwitness.lines import line
from docwitness.server.options import Name, Retention, admin_token_file
from docwitness.server.profiles import CLOUD_DEDICATED, PROFILES

if TYPE_CHECKING:
    from docwitness.server.client import Client

DEFAULT_URL = "http://127.0.0.1:8181"

_url = click.option("--url", default=DEFAULT_URL, show_default=True, help="Address of the server.")


def _client(url: str, admin_token: str | None) -> Client:
    from docwitness.server.client import Client  # noqa: PLC0415 - `docwitness serve` does without a client

    client = Client(url, admin_token)
    click.get_current_context().call_on_close(client.close)
    return client


def _connected(command: Callable[..., None]) -> Callable[..., None]:
    """Gives a command the options that say which server."""
    return _url(admin_token_file(command))


@click.group(short_help="Administer a running server: databases, tokens, points.")
def server() -> None:
    """Looks after a running server: its databases, its tokens, and what is stored.

    \b
    Examples:
      docwitness server database create air_sensors --retention 30d
      docwitness server token create air_sensors --permission write
      docwitness server points air_sensors
    """  # noqa: D301 - click reads the backspace


@server.group(short_help="Create, list and delete databases.")
def database() -> None:
    """Creates, lists and deletes databases."""


@database.command("create", short_help="Create a database.")
@click.argument("name", type=Name())
@click.option("--retention", type=Retention(), help="Refuse points older than this, as 90s, 15m, 12h or 30d.")
@click.option(
    "--partial-writes/--no-partial-writes", default=None, help="Store the good lines of a request with bad ones, or do not."
)
@_connected
def create_database(*, name: str, retention: int | None, partial_writes: bool | None, url: str, admin_token: str | None) -> None:
    """Creates the database NAME: letters, digits, `/`, `_` and `-`, at most 64 bytes."""
    _client(url, admin_token).create_database(name, retention_s=retention, partial_writes=partial_writes)


@database.command("list", short_help="List all databases.")
@_connected
def list_databases(*, url: str, admin_token: str | None) -> None:
    """Lists all databases: name, retention, and whether partial writes are on where that is said."""
    rows = [
        (row["name"], _words(row["retention_s"], "{}s", "keeps everything"), _partial(row["partial_writes"]))
        for row in _client(url, admin_token).databases()
    ]
    _show(rows)


@database.command("delete", short_help="Delete a database, its points and its tokens.")
@click.argument("name", type=Name())
@_connected
def delete_database(*, name: str, url: str, admin_token: str | None) -> None:
    """Deletes the database NAME with its points and its tokens."""
    _client(url, admin_token).delete_database(name)


@server.group(short_help="Create, list and revoke tokens.")
def token() -> None:
    """Creates, lists and revokes tokens."""


@token.command("create", short_help="Create a token and print it, this once.")
@click.argument("database_name", metavar="DATABASE", type=Name())
@click.option(
    "--permission",
    "permissions",
    type=click.Choice(["read", "write"]),
    multiple=True,
    default=("read", "write"),
    help="What it permits; may be given twice.  [default: both]",
)
@_connected
def create_token(*, database_name: str, permissions: tuple[str, ...], url: str, admin_token: str | None) -> None:
    """Creates a token for DATABASE and prints it, this once; its id goes to standard error."""
    token_id, text = _client(url, admin_token).create_token(database_name, sorted(set(permissions)))
    click.echo(f"id {token_id}", err=True)
    click.echo(text)


@token.command("list", short_help="List all tokens, not their texts.")
@_connected
def list_tokens(*, url: str, admin_token: str | None) -> None:
    """Lists all tokens: id, database and permissions, not the tokens themselves."""
    _show([(row["id"], row["database"], ", ".join(row["permissions"])) for row in _client(url, admin_token).tokens()])


@token.command("delete", short_help="Revoke a token, at once.")
@click.argument("token_id", metavar="ID", type=Name())
@_connected
def delete_token(*, token_id: str, url: str, admin_token: str | None) -> None:
    """Revokes the token ID, at once."""
    _client(url, admin_token).delete_token(token_id)


@server.command(short_help="Print what is stored, as line protocol.")
@click.argument("database_name", metavar="DATABASE", type=Name())
@click.argument("table", required=False, type=Name())
@_connected
def points(*, database_name: str, table: str | None, url: str, admin_token: str | None) -> None:
    """Prints the points of DATABASE, or of one TABLE of it, as line protocol with times in nanoseconds."""
    for point in _client(url, admin_token).points(database_name, table):
        click.echo(_line(point), color=True)  # else click takes out what looks like a colour, which is data here


@server.command(short_help="Print the description of the API (OpenAPI 3.1).")
@click.option(
    "--profile", type=click.Choice(list(PROFILES)), default=CLOUD_DEDICATED.name, show_default=True, help="Whose answers."
)
def openapi(*, profile: str) -> None:
    """Prints the description of the API (OpenAPI 3.1); asks no server."""
    from docwitness.server.routes import description  # noqa: PLC0415 - the other commands do without the server

    click.echo(json.dumps(description(PROFILES[profile]), indent=2, ensure_ascii=False))


def _line(point: Mapping[str, Any]) -> str:
    """A point as the administration API gives it; tags and fields sorted by key."""
    fields = [(key, typed) for key, held in sorted(point["fields"].items()) for typed in held.items()]
    return line(point["table"], sorted(point["tags"].items()), fields, point["time_ns"])


def _words(value: Any, form: str, none: str) -> str:
    return none if value is None else form.format(value)


def _partial(value: bool | None) -> str:
    return {None: "partial writes as the server", True: "partial writes", False: "no partial writes"}[value]


def _show(rows: Sequence[tuple[str, ...]]) -> None:
    """Columns of even width."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
