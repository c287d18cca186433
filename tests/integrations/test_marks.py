"""Which verdict a mark is made from, where a text or a row stands on several pages."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config
from tests.integrations.conftest import SAMPLE, Site, report, row, sample

from docwitness.config.reading import load
from docwitness.integrations.marks import Marks, State
from docwitness.integrations.stated import Stated
from docwitness.page import Location
from docwitness.text import digest
from docwitness.verdict import Outcome

ELSEWHERE = Location("docs/other/page.md", 3)
PAGE = f"""# Title

```{{ .sh #write data-expect="204" }}
{SAMPLE}
```

<!-- docwitness: response -->
```http
HTTP/1.1 204 No Content
```

```{{ .text data-file="points.lp" }}
home t=1
```
"""
MKDOCS = """site_name: Test
theme: mkdocs
markdown_extensions: [attr_list, pymdownx.superfences, {docwitness.integrations.markdown: {project: PROJECT}}]
"""


def test_a_row_that_stands_on_two_pages_has_the_mark_of_its_own() -> None:
    refuted = replace(row("db | x", outcome=Outcome.REFUTED, reason="no"), location=ELSEWHERE)
    marks = Marks(report(row("db | x"), refuted))
    states = [
        mark.state if (mark := marks.of_row("db | x", page=page)) else None for page in ("docs/page.md", ELSEWHERE.path, None)
    ]
    assert states == [State.VERIFIED, State.UNVERIFIED, None]


def test_a_sample_without_an_id_is_looked_for_on_its_page() -> None:
    marks = Marks(report(sample(SAMPLE, name="docs/page.md#1")))
    assert marks.of_sample(SAMPLE, runner="shell", id=None, page="docs/page.md") is not None
    assert marks.of_sample(SAMPLE, runner="shell", id=None, page="docs/other.md") is None


def _built(folder: Path, **pages: str) -> dict[str, str]:
    """The HTML of pages, as MkDocs builds it."""
    for name, text in pages.items():
        (folder / "docs" / f"{name}.md").parent.mkdir(parents=True, exist_ok=True)
        (folder / "docs" / f"{name}.md").write_text(text, encoding="utf-8")
    configuration = folder / "mkdocs.yml"
    configuration.write_text(MKDOCS.replace("PROJECT", str(folder)), encoding="utf-8")
    build(load_config(str(configuration)))
    return {name: (folder / "site" / name / "index.html").read_text(encoding="utf-8") for name in pages}


def _ran(site: Site, page: str, **changes: Any) -> None:
    """A run of that page is made the last one."""
    (site.folder / "docs").mkdir(exist_ok=True)
    (site.folder / "docs" / "page.md").write_text(page, encoding="utf-8")
    (site.folder / "mkdocs.yml").write_text(MKDOCS.replace("PROJECT", str(site.folder)), encoding="utf-8")
    (terms,) = Stated(load(site.folder)).on("docs/page.md")[digest(SAMPLE)]
    site.keep(report(sample(SAMPLE, **({"terms": terms} | changes))))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('data-expect="204"', 'data-expect="2xx"'),
        ('data-expect="204"', 'data-expect="204" data-timeout="9"'),
        ("204 No Content", "200 OK"),
        ("docwitness: response", "docwitness: output"),
        ("<!-- docwitness: response -->", ""),
        ("{ .sh #write", "{ .console #write"),
    ],
)
def test_what_a_page_says_of_a_sample_is_part_of_what_ran(site: Site, before: str, after: str) -> None:
    _ran(site, PAGE)
    assert "Verified against" in _built(site.folder, page=PAGE + "\nMore words.\n")["page"]
    changed = _built(site.folder, page=PAGE.replace(before, after))["page"]
    assert "Changed since it was last run" in changed
    assert "Verified against" not in changed


def test_a_file_is_part_of_the_samples_that_name_it(site: Site) -> None:
    _ran(site, PAGE)
    assert "Verified against" in _built(site.folder, page=PAGE.replace("home t=1", "home t=2"))["page"]
    named = f"{SAMPLE} @points.lp"
    (site.folder / "docs" / "page.md").write_text(PAGE.replace(SAMPLE, named), encoding="utf-8")
    (terms,) = Stated(load(site.folder)).on("docs/page.md")[digest(named)]
    site.keep(report(sample(named, terms=terms)))
    assert "Changed" in _built(site.folder, page=PAGE.replace(SAMPLE, named).replace("home t=1", "home t=2"))["page"]


def test_a_report_without_terms_earns_no_mark_where_the_page_is_known(site: Site) -> None:
    _ran(site, PAGE, terms="")
    assert "Verified against" not in _built(site.folder, page=PAGE)["page"]


def test_mkdocs_says_which_page_it_builds(site: Site) -> None:
    text = f"# Title\n\n```sh\n{SAMPLE}\n```\n"
    _ran(site, text, name="docs/page.md#1")
    pages = _built(site.folder, **dict.fromkeys(("page", "other", "deep/page"), text))
    assert {name: "Verified" in page for name, page in pages.items()} == {"page": True, "other": False, "deep/page": False}
