"""Options that several commands share."""

from __future__ import annotations

import re
from pathlib import Path

import click

_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86_400}


class Retention(click.ParamType[int]):
    """A number with a unit, as `30d`; becomes seconds."""

    name = "duration"

    def convert(self, value: str | int, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Fails with the forms that there are."""
        match = re.fullmatch(r"(\d{1,9})([smhd]?)", str(value))
        if match is None or not int(match[1]):
            self.fail(f"{value} is no time like 90s, 15m, 12h or 30d", param, ctx)
        return int(match[1]) * _SECONDS[match[2]]


def _admin_token(_ctx: click.Context, _param: click.Parameter, path: Path | None) -> str | None:
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


admin_token_file = click.option(
    "--admin-token-file",
    "admin_token",
    type=click.Path(dir_okay=False, path_type=Path),
    callback=_admin_token,
    metavar="FILE",
    help="File with the token for administration.",
)
