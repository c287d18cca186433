"""Rows of claim tables on the site: each has an anchor and a mark."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.extensions.toc import unique
from markdown.treeprocessors import Treeprocessor
from markdown.util import HTML_PLACEHOLDER_RE

from docwitness.dialects.attributes import TABLE_ROLES, interpret, is_directive_comment, read_comment
from docwitness.directives import Role
from docwitness.integrations import anchors
from docwitness.integrations.marks import SIGNS, Mark, Marks, State
from docwitness.integrations.place import page_of
from docwitness.page import Location
from docwitness.tables.columns import Column, columns_of, subject

NAME = "docwitness_rows"
BEFORE_ANCHORS = 6.0
"""The builders collect anchors at 5."""

_COMMENT = re.compile(r"\A\s*<!--(.*)-->\s*\Z", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_ESCAPED = re.compile("\x02(\\d+|amp)\x03")
_SHORT: dict[State, str] = {State.VERIFIED: "Verified", State.CHANGED: "Changed"}


class Rows(Treeprocessor):
    """Finds the tables and lists behind a docwitness comment."""

    def __init__(self, converter: Markdown, marks: Marks | None, *, root: Path) -> None:
        """`root` is the project folder."""
        super().__init__(converter)
        self._root = root
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
        columns = columns_of(headings, {})
        for row, cells in _rows(table):
            texts = [self._text(cell) for cell in cells]
            named = dict(zip(columns or (subject(role),), texts, strict=False))
            row.set("id", unique(anchors.of_row(role, _label(role, named)), used))
            link = SubElement(cells[0], "a", {"class": "headerlink", "href": f"#{row.get('id')}", "title": "Link to this row"})
            link.text = "¶"
            if self._marks is not None:
                page = page_of(self._converter, self._root)
                _add(self._marks.of_row(" | ".join(texts), page=page) or self._marks.of_changed_row(), cells[0])

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


def _label(role: Role, cells: Mapping[Column | datetime | None, str]) -> str:
    """What the row is about; an error is known by its message too."""
    named = [cells.get(subject(role), "")]
    if role is Role.ERRORS:
        named.append(cells.get(Column.MESSAGE) or cells.get(Column.CODE, ""))
    return " ".join(named)


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
