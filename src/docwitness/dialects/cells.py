"""How many cells a line of a table has: Markdown cuts off those that are too many, and fills up those that are missing."""

from __future__ import annotations

import re
from collections.abc import Sequence

_CODE_SPAN = re.compile(r"(?<![`\\])(`+)(?!`).+?(?<!`)\1(?!`)")
_ESCAPED = re.compile(r"\\.")


def written(lines: Sequence[str], number: int, *, code_holds_pipes: bool) -> list[int | None]:
    """The cells of each row that is written in these lines; None for all where these are not lines of a table in pipes.

    Args:
        lines: That of the headings, and those of the rows.
        number: How many headings there are.
        code_holds_pipes: Whether a pipe in a code span is part of it, as in Python-Markdown. On forges it ends the cell.
    """
    heading, *rows = (_cells(line, code_holds_pipes=code_holds_pipes) for line in lines)
    return list(rows) if heading == number else [None] * len(rows)


def _cells(line: str, *, code_holds_pipes: bool) -> int:
    text = line.strip(" \t>")
    if code_holds_pipes:
        text = _CODE_SPAN.sub("", text)
    text = _ESCAPED.sub("", text).removeprefix("|").removesuffix("|")
    return text.count("|") + 1
