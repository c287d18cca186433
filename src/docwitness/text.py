"""The canonical form of a sample: the one text that is hashed, run and compared with what readers copy."""

from __future__ import annotations

import hashlib
import re

_ANNOTATION = re.compile(r"[ \t]*(?:#|//|--|;)[ \t]*\(\d+\)!?[ \t]*$")
"""Material's annotation marks at the end of a line: `# (1)!`."""


def canonical(text: str) -> str:
    """Line ends are LF; annotation marks, blanks at line ends and blank lines around are gone."""
    return trimmed(text)[0]


def trimmed(text: str) -> tuple[str, int]:
    """The canonical form, and how many blank lines it lost at its beginning."""
    lines = [_ANNOTATION.sub("", line).rstrip() for line in unix_lines(text)]
    first = next((number for number, line in enumerate(lines) if line), len(lines))
    while len(lines) > first and not lines[-1]:
        del lines[-1]
    return "\n".join(lines[first:]), first


def unix_lines(text: str) -> list[str]:
    """The lines of a text, whatever ends them: LF, CRLF or CR. No other character ends a line."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def digest(text: str) -> str:
    """SHA-256 of a canonical text, hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()
