"""The canonical form of a sample: the one text that is hashed, run and compared with what readers copy."""

from __future__ import annotations

import hashlib
import re

_ANNOTATION = re.compile(r"[ \t]*(?:#|//|--|;)[ \t]*\(\d+\)!?[ \t]*$")
"""Material's annotation marks at the end of a line: `# (1)!`."""


def canonical(text: str) -> str:
    """Line ends are LF; annotation marks, blanks at line ends and blank lines around are gone."""
    lines = [_ANNOTATION.sub("", line).rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    while lines and not lines[0]:
        del lines[0]
    while lines and not lines[-1]:
        del lines[-1]
    return "\n".join(lines)


def digest(text: str) -> str:
    """SHA-256 of a canonical text, hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()
