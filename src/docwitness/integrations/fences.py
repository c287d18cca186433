"""Fences on the site: placeholders become `<var>`s, and under each sample stands its mark."""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from markdown import Markdown
from markdown.preprocessors import Preprocessor

from docwitness.integrations.blanks import Blanks
from docwitness.integrations.marks import SIGNS, Mark, Marks
from docwitness.integrations.place import page_of
from docwitness.integrations.stated import Stated, Terms
from docwitness.languages import runnable
from docwitness.text import canonical

NAME = "docwitness_fences"
BEFORE_ALL = 1000.0

REPEATED_TITLE = "dw-repeated"
"""The class of blocks whose title stands above them already, as the label of their tab."""

_NO_SAMPLES = frozenset({"data-file", "data-response", "data-output", "data-stored"})
"""Attributes of blocks that do not run."""

_MARKED = re.compile(
    r'<div\b[^>]*\bid="(?P<id>[^"]+)"[^>]*>(?:(?!<div\b).)*?'
    r'<(?:button|div) class="dw-mark dw-\w+"[^>]*><span[^>]*>(?P<sign>.)</span> (?P<text>[^<]*)</',
    re.DOTALL,
)
"""The box of a sample that has a mark, as `format` writes it."""


class Fences(Preprocessor):
    """Stands in for the highlighter that superfences calls for every fence without a format of its own.

    It is put there before each conversion, so that the order of the extensions does not matter.
    """

    def __init__(
        self, converter: Markdown, blanks: Blanks, marks: Marks | None, stated: Stated, *, root: Path, tabs: Collection[str]
    ) -> None:
        """`root` is the project folder; `tabs` are titles that repeat the label of a tab."""
        super().__init__(converter)
        self._stated = stated
        self._terms: Terms | None = None
        """Of the page that is converted; None until one of its marks needs them."""
        self._converter = converter
        self._blanks = blanks
        self._marks = marks
        self._root = root
        self._tabs = frozenset(tabs)

    def run(self, lines: list[str]) -> list[str]:
        """Changes no line."""
        self._terms = None
        superfences: Any = getattr(self._converter.preprocessors["fenced_code_block"], "extension", None)
        if superfences is not None:
            superfences.superfences[0]["formatter"] = self.format
        return lines

    def format(self, src: str, language: str, md: Markdown, options: Mapping[str, Any], **header: Any) -> str:
        """The HTML of one fence (facelessuser/pymdown-extensions, `pymdownx/superfences.py`: `process_nested_block`)."""
        highlight: Any = md.preprocessors["fenced_code_block"]
        if options.get("title") in self._tabs:
            header["classes"] = [*header.get("classes", ()), REPEATED_TITLE]
        shown = self._blanks.show(str(highlight.highlight(self._blanks.hide(src), language, options, md, **header)))
        identifier = header.get("id_value") or None
        if identifier is not None:
            self._announce(identifier)
        mark = self._mark(src, language, identifier, header.get("attrs") or {})
        if mark is None:
            return shown
        # Inside the box of the block: the theme looks for a list of annotations right behind the box.
        end = shown.rindex("</div>")
        return f"{shown[:end]}{_element(mark)}{shown[end:]}"

    def _mark(self, src: str, language: str, identifier: str | None, attributes: Mapping[str, str]) -> Mark | None:
        text = canonical(src)
        runs = runnable(language, text)
        if self._marks is None or runs is None or _NO_SAMPLES & attributes.keys():
            return None
        page = page_of(self._converter, self._root)
        if self._terms is None and page is not None:
            self._terms = self._stated.on(page)
        return self._marks.of_sample(text, runner=runs.runner, id=identifier, page=page, terms=self._terms)

    def _announce(self, identifier: str) -> None:
        """Tells the link check of MkDocs about the anchor, which it does not look for in fences."""
        for processor in self._converter.treeprocessors:
            anchors = getattr(processor, "present_anchor_ids", None)
            if isinstance(anchors, set):
                anchors.add(identifier)


def marks_in(page: str) -> Mapping[str, str]:
    """What the marks in the HTML of a page say, by the ids of their samples."""
    return {html.unescape(found["id"]): f"{found['sign']} {html.unescape(found['text'])}" for found in _MARKED.finditer(page)}


def _element(mark: Mark) -> str:
    inside = f'<span aria-hidden="true">{SIGNS[mark.state]}</span> {html.escape(mark.text)}'
    look = f'class="dw-mark dw-{mark.state}" data-search-exclude'
    if not mark.exhibit:
        return f"<div {look}>{inside}</div>"
    return f'<button {look} type="button" aria-expanded="false" data-docwitness-exhibit="{mark.exhibit}">{inside}</button>'
