"""What is in the files of the site: links and anchors, titles and descriptions, the policy of each page, twins for agents."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from tests.site.conftest import SITE, pages

HERE = "http://site"


class _Page(HTMLParser):
    """The links, anchors and head of a page."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path
        self.links: set[str] = set()
        self.anchors: list[str] = []
        self.head: dict[str, str] = {}
        self.title = ""
        self._in_title = False
        self.feed((SITE / path / "index.html").read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._in_title = tag == "title" and not self.title
        if "id" in given:
            self.anchors.append(given["id"])
        for name in ("href", "src"):
            if name in given and given.get("rel") not in ("canonical", "prev", "next"):
                self.links.add(urljoin(f"{HERE}/{self.path}", given[name]))
        if tag == "meta":
            self.head[given.get("name") or given.get("http-equiv", "")] = given.get("content", "")

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data

    def handle_endtag(self, tag: str) -> None:
        self._in_title = False


PAGES = {path: _Page(path) for path in pages()}


@pytest.mark.parametrize("path", PAGES)
def test_every_link_leads_somewhere(path: str) -> None:
    for link in sorted(PAGES[path].links):
        parts = urlsplit(link)
        if f"{parts.scheme}://{parts.netloc}" != HERE:
            continue
        target = unquote(parts.path).lstrip("/")
        file = SITE / target
        assert (file / "index.html").exists() if file.is_dir() else file.exists(), link
        if parts.fragment and target in PAGES:
            assert unquote(parts.fragment) in [*PAGES[target].anchors, "__top"], link


@pytest.mark.parametrize("path", PAGES)
def test_no_anchor_is_there_twice(path: str) -> None:
    anchors = PAGES[path].anchors
    assert len(anchors) == len(set(anchors)), [anchor for anchor in anchors if anchors.count(anchor) > 1]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_has_a_description_of_its_own(path: str) -> None:
    assert len(PAGES[path].head["description"]) > 40
    assert [page.head["description"] for page in PAGES.values()].count(PAGES[path].head["description"]) == 1


def test_titles_are_unique() -> None:
    titles = [page.title for page in PAGES.values()]
    assert len(titles) == len(set(titles))


@pytest.mark.parametrize("path", PAGES)
def test_every_page_forbids_requests_to_other_hosts(path: str) -> None:
    policy = PAGES[path].head["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "http" not in policy


@pytest.mark.parametrize("path", PAGES)
def test_every_page_has_a_twin_in_markdown(path: str) -> None:
    twin = (SITE / path / "index.md").read_text(encoding="utf-8")
    assert twin.startswith("# ")
    assert "inserts three points" not in twin, "no hidden sample is in it"
    assert f"{path}index.md" in (SITE / "llms.txt").read_text(encoding="utf-8")
