"""Rows of claim tables on the site: each has a mark, and an anchor for everything that it is about."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.extensions.toc import unique
from markdown.serializers import to_html_string
from markdown.treeprocessors import Treeprocessor
from markdown.util import HTML_PLACEHOLDER_RE

from docwitness.dialects.attributes import interpret, is_directive_comment, read_comment
from docwitness.directives import TABLE_ROLES, Role
from docwitness.integrations import anchors
from docwitness.integrations.marks import CHANGED, SIGNS, Mark, Marks, State
from docwitness.integrations.place import page_of
from docwitness.page import Cell, Location
from docwitness.tables.columns import columns_of
from docwitness.tables.rows import line_of

NAME = "docwitness_rows"
BEFORE_ANCHORS = 6.0
"""The builders collect anchors at 5."""

_COMMENT = re.compile(r"\A\s*<!--(.*)-->\s*\Z", re.DOTALL)
_CODE = re.compile(r"<code\b[^>]*>(.*?)</code>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_ESCAPED = re.compile("\x02(\\d+|amp)\x03")
_SHORT: dict[State, str] = {State.VERIFIED: "Verified", State.CHANGED: "Changed"}


class Rows(Treeprocessor):
    """Finds the tables and lists behind a docwitness comment."""

    def __init__(self, converter: Markdown, marks: Marks | None, *, root: Path, columns: Mapping[str, Sequence[str]]) -> None:
        """`root` is the project folder; `columns` are the headings that the configuration adds."""
        super().__init__(converter)
        self._root = root
        self._configured = columns
        self._converter = converter
        self._marks = marks

    def run(self, root: Element) -> None:
        """Changes the tree."""
        used = {str(element.get("id")) for element in root.iter() if element.get("id")}
        for parent in root.iter():
            for before, element in pairwise(list(parent)):
                role = self._role(before) if element.tag in ("table", "ul", "ol") else None
                if role is not None:
                    self._table(element, role, used)

    def _role(self, comment: Element) -> Role | None:
        """What the rows after a comment claim."""
        stashed = HTML_PLACEHOLDER_RE.fullmatch((comment.text or "").strip()) if comment.tag == "p" else None
        found = _COMMENT.match(self._stashed(stashed[1])) if stashed else None
        if found is None or not is_directive_comment(found[1]):
            return None
        words, _ = read_comment(found[1], Location("", 1))
        role = interpret(words, table=True)[0].role
        return role if role in TABLE_ROLES else None

    def _table(self, table: Element, role: Role, used: set[str]) -> None:
        headings = [self._text(heading) for heading in table.iter("th")]
        columns = columns_of(headings, self._configured)
        for row, elements in _rows(table):
            cells = [self._cell(element) for element in elements]
            labels = line_of(role, columns, cells).labels
            names = dict.fromkeys(anchors.of_row(role, label) for label in (" ".join(labels), *labels) if label)
            _anchor(row, elements[0], [unique(name, used) for name in names])
            if self._marks is not None:
                page = page_of(self._converter, self._root)
                mark = self._marks.of_row(" | ".join(cell.text for cell in cells), page=page)
                _add(mark or CHANGED, elements[0])

    def _cell(self, element: Element) -> Cell:
        """As a reader sees it."""
        markup = HTML_PLACEHOLDER_RE.sub(lambda found: self._stashed(found[1]), to_html_string(element))
        codes = (_TAG.sub("", _unescaped(code)) for code in _CODE.findall(markup))
        return Cell(text=self._text(element), codes=tuple(map(html.unescape, codes)))

    def _text(self, cell: Element) -> str:
        """What a reader sees of a cell. Some of it is HTML already, stashed or not, and escaped characters have marks."""
        text = HTML_PLACEHOLDER_RE.sub(lambda found: _TAG.sub("", self._stashed(found[1])), "".join(cell.itertext()))
        return " ".join(html.unescape(_unescaped(text)).split())

    def _stashed(self, number: str) -> str:
        held = self._converter.htmlStash.rawHtmlBlocks[int(number)]
        return held if isinstance(held, str) else html.escape("".join(held.itertext()))


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: "&" if found[1] == "amp" else chr(int(found[1])), text)


def _rows(table: Element) -> Iterator[tuple[Element, list[Element]]]:
    """Each row with its cells; the item of a list is its only cell."""
    if table.tag != "table":
        yield from ((item, [item]) for item in table)
        return
    for body in table.iter("tbody"):
        yield from ((row, list(row)) for row in body if len(row))


def _anchor(row: Element, cell: Element, names: Sequence[str]) -> None:
    """The first is that of the row; those of the things that it names, where they are several, stand in its first cell."""
    if not names:
        return
    row.set("id", names[0])
    link = SubElement(cell, "a", {"class": "headerlink", "href": f"#{names[0]}", "title": "Link to this row"})
    link.text = "¶"
    for name in names[1:]:
        SubElement(cell, "span", {"class": "dw-anchor", "id": name})


def _add(mark: Mark, cell: Element) -> None:
    """The mark goes into the first cell, where a phone shows it too; all it says is for those who hover or listen."""
    attributes = {"class": f"dw-mark dw-{mark.state}", "data-search-exclude": "", "title": mark.text}
    if mark.exhibit:
        attributes |= {"type": "button", "aria-expanded": "false", "data-docwitness-exhibit": mark.exhibit}
    element = SubElement(cell, "button" if mark.exhibit else "span", attributes)
    sign = SubElement(element, "span", {"aria-hidden": "true"})
    sign.text, sign.tail = SIGNS[mark.state], " "
    shown = _SHORT.get(mark.state, mark.text)
    sign.tail += shown
    if shown != mark.text:
        rest = SubElement(element, "span", {"class": "dw-rest"})
        rest.text = mark.text.removeprefix(shown)
