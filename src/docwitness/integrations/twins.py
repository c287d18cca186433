"""Markdown twins: each page of a built site once more as plain Markdown beside it, for agents, made from its source.

Snippets are in, comments and hidden samples out. Tabs and admonitions are titles with their content below, and what a sample's
mark says stands under it. Made from the source, a twin costs a hundredth of what it costs to read the page's HTML back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from posixpath import dirname, join, normpath

from docwitness.dialects.attributes import read_header
from docwitness.dialects.fences import Fence
from docwitness.dialects.marks import Marked
from docwitness.dialects.snippets import Line
from docwitness.page import Location

_INDENT = 4
_CONTAINER = re.compile(r"(?P<indent> *)(?:===[!+]* |(?:!!!|\?\?\?\+?) (?P<kind>[\w -]*))(?:\"(?P<title>[^\"]*)\")?\s*\Z")
"""The first line of a tab, of an admonition or of details."""
_HEADING_ATTRIBUTES = re.compile(r"^(#{1,6} .*?)\s*\{[^{}]*\}\s*$")
_LINK = re.compile(r"(\]\()(?![a-z][a-z0-9+.-]*:|[#/])([^()\s#]+)(?=[#)\s])")
_TITLE = re.compile(r"\btitle=(\"[^\"]*\")")


@dataclass(slots=True)
class Twin:
    """Writes the twin of one page."""

    path: str
    """Of the page, in the folder of the pages."""
    lines: tuple[Line, ...]
    """Without front matter, with snippets."""
    base: str
    """The address of the site; empty for none."""
    marks: Mapping[str, str]
    """What stands under the samples of the built page, by their ids."""
    _opened: list[int] = field(default_factory=list)
    """Where the content of each tab and admonition begins that is open."""

    def text(self) -> str:
        """The twin."""
        return "\n".join(self._lines(Marked.plant(self.lines))).strip("\n") + "\n"

    def _lines(self, marked: Marked) -> Iterator[str]:
        texts = [line.text for line in marked.lines]
        fences = {fence.start: fence for fence in marked.fences}
        comments = {comment.position: comment.end + 1 for comment in marked.comments if comment.ours and comment.alone}
        at = 0
        while at < len(texts):
            if at in comments:
                at = _behind_blanks(texts, comments[at])
            elif at in fences:
                yield from self._fence(fences[at], texts)
                at = fences[at].after(len(texts))
            elif head := _CONTAINER.match(texts[at]):
                yield from self._open(head)
                at = _behind_blanks(texts, at + 1)
            else:
                self._close(texts[at])
                yield self._outdented(self._linked(_HEADING_ATTRIBUTES.sub(r"\1", texts[at])))
                at += 1

    def _open(self, head: re.Match[str]) -> Iterator[str]:
        self._close(head[0])
        title = head["title"] or (head["kind"] or "").strip().capitalize()
        yield from (self._outdented(f"{head['indent']}**{title}**"), "")
        self._opened.append(len(head["indent"]) + _INDENT)

    def _fence(self, fence: Fence, texts: Sequence[str]) -> Iterator[str]:
        self._close(texts[fence.start])
        header = read_header(fence.info, Location(self.path, 1))
        title = _TITLE.search(fence.info)
        yield self._outdented(f"{fence.prefix}{fence.mark}{header.language}{f' title={title[1]}' if title else ''}")
        yield from map(self._outdented, texts[fence.start + 1 : fence.after(len(texts))])
        mark = next((self.marks.get(word.value or "") for word in header.words if word.key == "id"), None)
        if mark is not None:
            yield from ("", self._outdented(f"{fence.prefix}{mark}"))

    def _close(self, text: str) -> None:
        """Leaves the tabs and admonitions that a line stands outside of."""
        while text.strip() and self._opened and len(text) - len(text.lstrip()) < self._opened[-1]:
            self._opened.pop()

    def _outdented(self, text: str) -> str:
        width = _INDENT * len(self._opened)
        return text[width:] if not text[:width].strip() else text

    def _linked(self, text: str) -> str:
        """With whole addresses: a twin is read far from its site. Links to pages lead to their twins."""
        return _LINK.sub(lambda found: f"{found[1]}{self._address(found[2])}", text)

    def _address(self, target: str) -> str:
        path = normpath(join(dirname(self.path), target))
        return f"{self.base}{address(path) if path.endswith('.md') else path}"


def _behind_blanks(texts: Sequence[str], at: int) -> int:
    while at < len(texts) and not texts[at].strip():
        at += 1
    return at


def address(path: str) -> str:
    """Where the twin of a page is, relative to the site: `a/b.md` is at `a/b/index.md`."""
    return path if path.endswith("index.md") else f"{path.removesuffix('.md')}/index.md"
