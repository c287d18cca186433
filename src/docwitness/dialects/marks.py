"""Marks planted in a page before it is converted, which say in the result where fences and comments began.

Each fence gets a line of its own at the beginning of its content, each comment a number at its beginning. Whoever reads the
result takes them out again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from docwitness.dialects import fences
from docwitness.dialects.attributes import is_directive_comment
from docwitness.dialects.snippets import Line

FENCE_MARK = re.compile("[^\\n]*\ue0d0(\\d+)\ue0d1\\n?")
COMMENT_MARK = re.compile("\ue0d2(\\d+)\ue0d3")

_OPENING = re.compile(r"<!--(?!-?>)")
_CLOSING = "-->"
_LIST_ITEM = re.compile(r"[> \t]*(?:[-*+]|\d+[.)])[ \t]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """An HTML comment outside of fences."""

    position: int
    """Its first line, from 0."""
    end: int
    """Its last line."""
    ours: bool
    alone: bool
    """Nothing else stands on its lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A page with its marks."""

    lines: tuple[Line, ...]
    fences: tuple[fences.Fence, ...]
    """The number in a fence's mark is its index here."""
    comments: tuple[Comment, ...]
    """The number in a comment's mark is its index here."""
    text: tuple[str, ...]
    """The lines to convert."""

    @classmethod
    def plant(cls, lines: tuple[Line, ...]) -> Marked:
        """Finds what is to be marked, and marks it."""
        texts = [line.text for line in lines]
        found = fences.scan(texts)
        comments: list[Comment] = []
        marked: list[str] = []
        at = 0
        for number, fence in enumerate(found):
            marked += _mark_comments(texts, range(at, fence.start), comments)
            marked += [texts[fence.start], f"{fence.prefix}\ue0d0{number}\ue0d1"]
            at = next((stop for stop in (fence.end, fence.broken_off) if stop is not None), len(texts))
            marked += texts[fence.start + 1 : at]
        marked += _mark_comments(texts, range(at, len(texts)), comments)
        return cls(lines=lines, fences=found, comments=tuple(comments), text=tuple(marked))

    def rows(self, comment: Comment, *, table: bool) -> tuple[int, ...]:
        """The lines of the table after a comment, its heading row first, or the first lines of the items of the list after it."""
        texts = [line.text for line in self.lines]
        start = next((at for at in range(comment.end + 1, len(texts)) if texts[at].strip(" \t>")), None)
        if start is None:
            return ()
        if table:
            end = next((at for at in range(start, len(texts)) if not texts[at].strip(" \t>")), len(texts))
            return (start, *range(start + 2, end))
        indent = _indent(texts[start])
        return tuple(
            at for at in _until_outdented(texts, start, indent) if _LIST_ITEM.match(texts[at]) and _indent(texts[at]) == indent
        )


def _mark_comments(texts: Sequence[str], part: range, comments: list[Comment]) -> Iterator[str]:
    """The lines of a part of the page, with a number at the beginning of each comment; adds the comments."""
    for position in part:
        pieces, at = [], 0
        for opening in _OPENING.finditer(texts[position]):
            pieces.append(texts[position][at : opening.end()] + f"\ue0d2{len(comments)}\ue0d3")
            at = opening.end()
            comments.append(_comment(texts, position, opening))
        yield "".join([*pieces, texts[position][at:]])


def _comment(texts: Sequence[str], position: int, opening: re.Match[str]) -> Comment:
    rest = texts[position][opening.end() :]
    end, after = position, rest
    while _CLOSING not in after and end + 1 < len(texts):
        end += 1
        after = texts[end]
    tail = after.partition(_CLOSING)[2]
    alone = not texts[position][: opening.start()].strip(" \t>") and not tail.strip()
    return Comment(
        position=position, end=end, ours=is_directive_comment(rest or "".join(texts[position + 1 : position + 2])), alone=alone
    )


def _indent(text: str) -> int:
    return len(text.expandtabs(fences.TAB)) - len(text.expandtabs(fences.TAB).lstrip(" >"))


def _until_outdented(texts: Sequence[str], start: int, indent: int) -> Iterator[int]:
    for at in range(start, len(texts)):
        if texts[at].strip(" \t>") and (
            _indent(texts[at]) < indent or (_indent(texts[at]) == indent and not _LIST_ITEM.match(texts[at]))
        ):
            return
        yield at
