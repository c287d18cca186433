"""Whatever a page is put together from, reading it ends, loses no fence, and lets no mark of ours out."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from docwitness.dialects.commonmark import CommonMark
from docwitness.dialects.fences import scan
from docwitness.dialects.mkdocs import MkDocs
from docwitness.page import Page

SITE = "markdown_extensions: [admonition, md_in_html, footnotes, pymdownx.superfences, pymdownx.snippets, pymdownx.details]\n"
PIECES = (
    "Text with `code` and <b>HTML</b>.\n",
    "```sh\necho one\n```\n",
    "```sh #broken\necho one\n```\n",
    "~~~\n```\n~~~\n",
    "````markdown\n```sh\necho one\n```\n````\n",
    "```sh\nnever closed\n",
    '``` { .sh #one data-expect="204" }\necho one\n```\n',
    "<!-- docwitness: id=one -->\n",
    "<!-- docwitness: id=h\n```sh\necho hidden\n```\n-->\n",
    "<!-- note\n```sh\necho commented\n```\n-->\n",
    "<!-- never closed\n",
    "<!-- docwitness: parameters -->\n\n| a | b |\n|---|---|\n| `c` | d |\n",
    "<!-- docwitness: values -->\n\n- `a`\n- b\n",
    "<div>\n```sh\necho raw\n```\n</div>\n",
    "<pre>\n```sh\necho pre\n```\n",
    '--8<-- "no.sh"\n',
    "--8<--\n",
    "!!! note\n",
    "- item\n",
    "[^1]: note\n",
    "\t```sh\n\techo tab\n\t```\n",
)
nested = st.sampled_from(PIECES).flatmap(
    lambda piece: st.sampled_from(["", "    ", "> ", "  "]).map(lambda indent: textwrap.indent(piece, indent))
)
pages = st.lists(nested, max_size=6).map("\n".join)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    (folder / "mkdocs.yml").write_text(SITE, encoding="utf-8")
    return folder


def check(page: Page, text: str) -> None:
    lines = text.count("\n") + 1
    places = [block.location for block in page.blocks] + [defect.location for defect in page.defects]
    assert all(1 <= place.line <= lines for place in places)
    assert "\\ue0d" not in repr(page)
    assert 'data-docwitness="' not in repr(page)


@given(text=pages)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_site_page_loses_no_fence(root: Path, text: str) -> None:
    page = MkDocs(root).read("docs/page.md", text)
    check(page, text)
    if "8<" in text:  # what is included, or left out, changes where fences end
        return
    accounted = {block.location.line for block in page.blocks} | {defect.location.line for defect in page.defects}
    assert {fence.start + 1 for fence in scan(text.split("\n"))} <= accounted


@given(text=pages)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_plain_page_is_read_whatever_it_holds(root: Path, text: str) -> None:
    check(CommonMark(root).read("README.md", text), text)
