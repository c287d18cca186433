"""The command `docwitness`: loads the subcommand that is asked for, and turns errors into messages and exit statuses."""

from __future__ import annotations

import errno
import importlib
import io
import os
import signal
import sys
import traceback
from collections.abc import Mapping, Sequence
from typing import Any

import click

import docwitness
from docwitness.errors import DocwitnessError, Exit
from docwitness.keeping import keeping

_UNWRITABLE = frozenset({errno.ENOSPC, errno.EPIPE, errno.EIO})
"""What a standard output says that takes no more: a full disk, a reader that left."""


class LazyGroup(click.Group):
    """A group whose commands are imported when they are asked for: `serve` does without the toolkit, `run` without the server."""

    def __init__(self, *, lazy: Mapping[str, str], **attributes: Any) -> None:
        """`lazy` goes from the name of a command to `module:attribute`."""
        super().__init__(**attributes)
        self._lazy = lazy

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of `lazy`, which is the order of a newcomer's steps."""
        return [*self._lazy, *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Imports the command; None for an unknown name."""
        if cmd_name not in self._lazy:
            return super().get_command(ctx, cmd_name)
        module, _, attribute = self._lazy[cmd_name].partition(":")
        with keeping():
            command = getattr(importlib.import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command


@click.group(
    cls=LazyGroup,
    lazy={
        "run": "docwitness.commands.run:run",
        "list": "docwitness.commands.list:list_samples",
        "show": "docwitness.commands.show:show",
        "coverage": "docwitness.commands.coverage:show_coverage",
        "matrix": "docwitness.commands.matrix:judge_matrix",
        "pages": "docwitness.commands.pages:pages",
        "twins": "docwitness.commands.twins:twins",
        "serve": "docwitness.server.cli:serve",
        "server": "docwitness.server.cli:server",
    },
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(docwitness.__version__, prog_name="docwitness")
def docwitness_command() -> None:
    """Makes API documentation its own test suite.

    docwitness takes the samples out of your pages, runs them with the real tools (bash and curl, Python, Node, Telegraf)
    against a write server, records every HTTP exchange, and judges each sample with that evidence.

    \b
    Examples:
      docwitness run                      all samples of the project
      docwitness run docs/write.md -x     one page, until the first sample fails
      docwitness show write-bearer        one claim of the last run, with its evidence
      docwitness coverage                 which sample witnesses which parameter and error
      docwitness matrix --targets A,B     the same claims over several servers
      docwitness list                     what would run, and what would not, and why
      docwitness serve                    the write server, for yourself

    \b
    Exit statuses:
      0  nothing refuted, nothing unproven
      1  a claim is refuted, or unproven, or we could not tell
      2  interrupted            4  wrong usage or configuration
      3  a fault of docwitness  5  nothing collected
                                6  the target is unavailable
    """  # noqa: D301 - click reads the backspace


def main(arguments: Sequence[str] | None = None) -> None:
    """The entry point: exits with a status of `docwitness.errors.Exit`."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is signal.SIG_DFL:  # under nohup, it goes on
        signal.signal(signal.SIGHUP, signal.default_int_handler)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # samples and servers may say what no encoding has
            stream.reconfigure(errors="backslashreplace")
    sys.exit(_status(arguments))


def _status(arguments: Sequence[str] | None) -> int:
    try:
        status = docwitness_command.main(arguments, prog_name="docwitness", standalone_mode=False)
    except (click.ClickException, DocwitnessError) as error:
        return _told(error)
    except (KeyboardInterrupt, click.Abort):
        click.echo("docwitness: interrupted", err=True)
        return Exit.INTERRUPTED
    except OSError as error:
        if error.errno not in _UNWRITABLE:
            return _fault()
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left must not fail once more at the end
        click.echo(f"docwitness: standard output cannot be written: {error.strerror}", err=True)
        return Exit.FAILED
    except Exception:  # noqa: BLE001 - the outermost place: everything that is left is a fault of ours
        return _fault()
    return status if isinstance(status, int) else Exit.OK


def _fault() -> int:
    """Shows the exception that is being handled."""
    traceback.print_exc()
    click.echo(
        f"docwitness: a fault of docwitness {docwitness.__version__}, not of yours: please report it with the lines above", err=True
    )
    return Exit.INTERNAL


def _told(error: click.ClickException | DocwitnessError) -> int:
    """Says what a user can mend."""
    match error:
        case click.ClickException():
            error.show()
            return Exit.USAGE if isinstance(error, click.UsageError) else error.exit_code
        case DocwitnessError():
            click.echo(f"docwitness: {error}", err=True)
            return error.exit_status
