"""Sites and plain folders to read pages in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from docwitness.dialects.commonmark import CommonMark
from docwitness.dialects.mkdocs import MkDocs
from docwitness.page import Page

SETTINGS = """site_name: Tests
theme: {name: a-theme-that-is-not-there}
markdown_extensions:
  - admonition
  - attr_list
  - md_in_html
  - footnotes
  - pymdownx.details
  - pymdownx.highlight
  - pymdownx.inlinehilite
  - pymdownx.superfences:
      custom_fences:
        - {name: mermaid, class: mermaid, format: !!python/name:pymdownx.superfences.fence_code_format }
  - pymdownx.snippets: {base_path: [docs], check_paths: true}
  - pymdownx.tabbed: {alternate_style: true}
  - pymdownx.emoji: {emoji_index: !!python/name:material.not_there.twemoji }
"""

Read = Callable[[str], Page]


class Site:
    """A MkDocs project with one page."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "docs").mkdir()
        self.settings(SETTINGS)

    def settings(self, text: str) -> None:
        """Writes `mkdocs.yml`."""
        (self.root / "mkdocs.yml").write_text(text, encoding="utf-8")

    def file(self, name: str, text: str) -> None:
        """Writes a file in `docs`."""
        (self.root / "docs" / name).write_text(text, encoding="utf-8")

    def read(self, text: str) -> Page:
        """The page as the site renders it."""
        return MkDocs(self.root).read("docs/page.md", text)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


@pytest.fixture
def read(site: Site) -> Read:
    """Reads a page of the site."""
    return site.read


@pytest.fixture
def plain(tmp_path: Path) -> Read:
    """Reads a page as CommonMark."""
    return lambda text: CommonMark(tmp_path).read("README.md", text)


@pytest.fixture(params=["mkdocs", "commonmark"])
def both(request: pytest.FixtureRequest, site: Site) -> Read:
    """Reads a page in one dialect, then in the other."""
    return site.read if request.param == "mkdocs" else lambda text: CommonMark(site.root).read("docs/page.md", text)
