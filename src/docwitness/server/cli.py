"""The commands `docwitness serve` and `docwitness server …`."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import click

from docwitness import __version__
from docwitness.server.administration import server
from docwitness.server.options import own_admin_token_file
from docwitness.server.profiles import CLOUD_DEDICATED, PROFILES

if TYPE_CHECKING:
    from docwitness.server.service import ServerOptions, Serving

__all__ = ["serve", "server"]

DEFAULT_DATA = Path(".docwitness/server")
LARGEST_MAX_BODY = 2**30
"""Bytes. A body is held in memory as a whole, and what SQLite takes at once is not much more."""


class CannotServe(click.ClickException):
    """The server cannot start."""

    exit_code = 6


@click.command(short_help="Run the write server, for yourself.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65_535), default=8181, show_default=True, help="Port; 0 takes any free one.")
@click.option(
    "--profile", type=click.Choice(list(PROFILES)), default=CLOUD_DEDICATED.name, show_default=True, help="Whose answers."
)
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help=f"Folder that keeps the data.  [default: {DEFAULT_DATA}]",
)
@click.option("--memory", is_flag=True, help="Keep nothing: all data is gone when the server ends.")
@click.option("--partial-writes", is_flag=True, help="Store the good lines of a request with bad ones (databases may differ).")
@click.option(
    "--max-body",
    type=click.IntRange(1, LARGEST_MAX_BODY),
    default=10_485_760,
    show_default=True,
    metavar="BYTES",
    help="Largest body.",
)
@click.option("--sync", is_flag=True, help="Wait for the disk, so that writes survive a power cut; slower.")
@click.option("--access-log/--no-access-log", default=True, help="A line of JSON on standard error for each request.")
@own_admin_token_file
def serve(  # noqa: PLR0913 - one for each option
    *,
    host: str,
    port: int,
    profile: str,
    data: Path | None,
    memory: bool,
    partial_writes: bool,
    max_body: int,
    sync: bool,
    access_log: bool,
    admin_token: str | None,
) -> None:
    """Runs the write server: what answers 204 is stored, and stays stored when the process is killed.

    The first start on a new folder makes a database and a token, and shows them. SIGTERM or Ctrl-C ends the server
    after the requests that it has accepted.

    \b
    Examples:
      docwitness serve                        keeps its data under .docwitness/server
      docwitness serve --memory --port 0      for tests: keeps nothing, any free port
      docwitness serve --data /srv/points --sync

    \b
    In another terminal:
      curl -i "http://127.0.0.1:8181/api/v2/write?bucket=sensors" \\
        -H "Authorization: Bearer TOKEN" --data-binary "home,room=kitchen temp=21.5"
      docwitness server points sensors
    """  # noqa: D301 - click reads the backspace
    if memory and data:
        raise click.UsageError("--memory keeps nothing in a folder: give --data or --memory, not both")
    # Imported here and below, so that the other commands and `--help` do without the server.
    from docwitness.server.service import ServerOptions  # noqa: PLC0415

    options = ServerOptions(
        host=host,
        port=port,
        profile=profile,
        data=None if memory else data or DEFAULT_DATA,
        partial_writes=partial_writes,
        max_body=max_body,
        sync=sync,
        admin_token=admin_token,
    )
    _serve(options, access_log=access_log)


def _serve(options: ServerOptions, *, access_log: bool) -> None:
    from docwitness.server import process  # noqa: PLC0415
    from docwitness.server.service import ListenError  # noqa: PLC0415
    from docwitness.server.storage import JournalError  # noqa: PLC0415

    process.configure_logging(access_log=access_log)
    try:
        asyncio.run(process.run(options, _announce))
    except (ListenError, JournalError) as error:
        raise CannotServe(str(error)) from error


def _announce(server: Serving, first: tuple[str, str] | None) -> None:
    options = server.options
    place = "in memory" if options.data is None else f"data in {options.data}"
    click.echo(f"docwitness {__version__}, profile {options.profile}, {place}")
    click.echo(f"URL       {server.url}")
    if first:
        click.echo(f"database  {first[0]}\ntoken     {first[1]}")
    else:
        click.echo("tokens    as before; `docwitness server token create DATABASE` makes another")
    if not options.local:
        click.echo(f"warning: {options.host} can be reached from other machines, and tokens are sent to it unencrypted", err=True)
        if options.admin_token is None:
            click.echo("warning: administration is closed; --admin-token-file opens it", err=True)
