"""Options that several commands share."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

_Command = TypeVar("_Command", bound=Callable[..., Any])

_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86_400}


class Name(click.ParamType[str]):
    """A text that can be sent: arguments may be any bytes, and requests are UTF-8."""

    name = "text"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Fails for what is not UTF-8."""
        if any("\ud800" <= character <= "\udfff" for character in value):
            self.fail(f"{value} is not UTF-8", param, ctx)
        return value


class Retention(click.ParamType[int]):
    """A number with a unit, as `30d`; becomes seconds."""

    name = "duration"

    def convert(self, value: str | int, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Fails with the forms that there are."""
        match = re.fullmatch(r"(\d{1,9})([smhd]?)", str(value))
        if match is None or not int(match[1]):
            self.fail(f"{value} is not a time like 90s, 15m, 12h or 30d", param, ctx)
        return int(match[1]) * _SECONDS[match[2]]


def _kept_token(_ctx: click.Context, _param: click.Parameter, path: Path | None) -> str | None:
    """Reads the file of an administration token."""
    if path is None:
        return None
    try:
        token = path.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise click.BadParameter(f"{path} cannot be read as ASCII text: {error}") from error
    if not re.fullmatch(r"[!-~]{16,}", token):
        raise click.BadParameter(f"{path} must hold one word of at least 16 characters")
    return token


def _own_token(ctx: click.Context, param: click.Parameter, path: Path | None) -> str | None:
    """Reads it too, but makes it where it is missing, readable by its owner only."""
    if path is not None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:  # noqa: PTH123
                file.write(secrets.token_urlsafe(32) + "\n")
        except FileExistsError:
            pass
        except OSError as error:
            raise click.BadParameter(f"{path} cannot be made: {error.strerror}") from error
    return _kept_token(ctx, param, path)


def _token_file(callback: Callable[..., str | None], about: str) -> Callable[[_Command], _Command]:
    return click.option(
        "--admin-token-file",
        "admin_token",
        type=click.Path(dir_okay=False, path_type=Path),
        callback=callback,
        envvar="DOCWITNESS_ADMIN_TOKEN_FILE",
        show_envvar=True,
        metavar="FILE",
        help=about,
    )


admin_token_file = _token_file(_kept_token, "File with the token for administration.")
own_admin_token_file = _token_file(_own_token, "File with the token for administration; it is made where there is none.")
