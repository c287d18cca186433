"""What standard output and standard error can show."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import TextIO


def colored(stream: TextIO, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether to write colours: `NO_COLOR` forbids them, `FORCE_COLOR` asks for them, else a terminal that is not dumb has them."""
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR"):
        return True
    return stream.isatty() and environment.get("TERM") != "dumb"


def live(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether standard error can show a line that changes: it is a terminal, and nobody's `CI`."""
    return sys.stderr.isatty() and not environment.get("CI") and environment.get("TERM") != "dumb"
