"""Marks planted in a page before it is converted, which say in the result where fences and comments began.

Each fence gets a line of its own at the beginning of its content, each comment a number at its beginning. Whoever reads the
result takes them out again.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from docwitness.dialects import fences
from docwitness.dialects.attributes import is_directive_comment
from docwitness.dialects.snippets import Line

FENCE_MARK = re.compile("[^\\n]*\ue0d0(\\d+)\ue0d1\\n?")
COMMENT_MARK = re.compile("\ue0d2(\\d+)\ue0d3")
ANY_MARK = re.compile("\ue0d0\\d+\ue0d1|\ue0d2\\d+\ue0d3")

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
    unfenced: tuple[int, ...]
    """Which of its lines stand in no fence."""

    @classmethod
    def plant(cls, lines: tuple[Line, ...]) -> Marked:
        """Finds what is to be marked, and marks it."""
        texts = [line.text for line in lines]
        found = fences.scan(texts)
        inside = {at for fence in found for at in range(fence.start, fence.after(len(texts)))}
        starts = {fence.start: number for number, fence in enumerate(found)}
        comments: list[Comment] = []
        marked: list[str] = []
        for at, text in enumerate(texts):
            marked.append(text if at in inside else _mark_comments(texts, at, inside, comments))
            if at in starts:
                number = starts[at]
                marked.append(f"{found[number].prefix}\ue0d0{number}\ue0d1")
        outside = tuple(at for at in range(len(texts)) if at not in inside)
        return cls(lines=lines, fences=found, comments=tuple(comments), text=tuple(marked), unfenced=outside)

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


def _mark_comments(texts: Sequence[str], position: int, inside: Collection[int], comments: list[Comment]) -> str:
    """A line with a number at the beginning of each comment in it; adds the comments."""
    pieces, at = [], 0
    for opening in _OPENING.finditer(texts[position]):
        pieces.append(f"{texts[position][at : opening.end()]}\ue0d2{len(comments)}\ue0d3")
        at = opening.end()
        comments.append(_comment(texts, position, opening, inside))
    return "".join([*pieces, texts[position][at:]])


def _comment(texts: Sequence[str], position: int, opening: re.Match[str], inside: Collection[int]) -> Comment:
    """`inside` are the lines of fences: what stands there closes no comment."""
    rest = texts[position][opening.end() :]
    end, last = position, rest
    while _CLOSING not in last and end + 1 < len(texts):
        end += 1
        last = "" if end in inside else texts[end]
    before, after = texts[position][: opening.start()], last.partition(_CLOSING)[2]
    ours = is_directive_comment(rest if rest.strip() else "".join(texts[position + 1 : position + 2]))
    return Comment(position=position, end=end, ours=ours, alone=not before.strip(" \t>") and not after.strip())


def _indent(text: str) -> int:
    return len(text.expandtabs(fences.TAB)) - len(text.expandtabs(fences.TAB).lstrip(" >"))


def _until_outdented(texts: Sequence[str], start: int, indent: int) -> Iterator[int]:
    for at in range(start, len(texts)):
        if texts[at].strip(" \t>") and (
            _indent(texts[at]) < indent or (_indent(texts[at]) == indent and not _LIST_ITEM.match(texts[at]))
        ):
            return
        yield at
