"""Which verdict a mark is made from, where a text or a row stands on several pages."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from mkdocs.commands.build import build
from mkdocs.config import load_config
from tests.integrations.conftest import SAMPLE, Site, report, row, sample

from docwitness.integrations.marks import Marks, State
from docwitness.page import Location
from docwitness.verdict import Outcome

ELSEWHERE = Location("docs/other/page.md", 3)
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


def test_mkdocs_says_which_page_it_builds(site: Site, tmp_path: Path) -> None:
    site.keep(report(sample(SAMPLE, name="docs/page.md#1")))
    for name in ("page.md", "other.md", "deep/page.md"):
        (tmp_path / "docs" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "docs" / name).write_text(f"# Title\n\n```sh\n{SAMPLE}\n```\n", encoding="utf-8")
    configuration = tmp_path / "mkdocs.yml"
    configuration.write_text(MKDOCS.replace("PROJECT", str(tmp_path)), encoding="utf-8")
    build(load_config(str(configuration)))
    pages = {name: (tmp_path / "site" / name / "index.html").read_text(encoding="utf-8") for name in ("page", "other", "deep/page")}
    assert ["Verified" in pages[name] for name in pages] == [True, False, False]
