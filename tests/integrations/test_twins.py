"""Twins: what agents read of a page."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pytest
from tests.conftest import Project
from tests.integrations.conftest import SAMPLE, Site, report, sample

from docwitness.dialects.snippets import Line
from docwitness.integrations.fences import marks_in
from docwitness.integrations.twins import Twin, address

TABBED = """=== "curl"

    ```{ .sh #write title="curl" data-expect="204" }
    true


    false
    ```

    Inside.

Outside.
"""
SETTINGS = """site_name: Docs
site_description: All of it.
site_url: https://docs.example
nav:
  - Home: index.md
  - Guide:
      - guide/start.md
      - Elsewhere: https://example.com/
markdown_extensions: [attr_list, pymdownx.superfences, pymdownx.snippets: {base_path: docs}]
"""


def _twin(text: str, marks: Mapping[str, str] = MappingProxyType({}), *, path: str = "guide/page.md") -> str:
    lines = tuple(Line(text=line, number=number) for number, line in enumerate(text.split("\n"), 1))
    return Twin(path=path, lines=lines, base="https://docs.example/", marks=marks).text()


def test_a_tab_is_a_title_with_its_content_below() -> None:
    assert _twin(TABBED) == '**curl**\n\n```sh title="curl"\ntrue\n\n\nfalse\n```\n\nInside.\n\nOutside.\n'


def test_tabs_in_admonitions_come_out_too() -> None:
    text = '!!! warning "Mind"\n    One.\n\n    === "A"\n\n        Two.\n\n    Three.\n\n??? note\n    Four.\n'
    assert _twin(text) == "**Mind**\n\nOne.\n\n**A**\n\nTwo.\n\nThree.\n\n**Note**\n\nFour.\n"


def test_comments_of_ours_and_hidden_samples_are_left_out() -> None:
    text = "<!-- docwitness: id=prepare\n```sh\necho hidden\n```\n-->\n\nText <!-- kept -->"
    assert _twin(text) == "Text <!-- kept -->\n"


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("[x](other.md#part)", "[x](https://docs.example/guide/other/index.md#part)"),
        ("[x](../index.md)", "[x](https://docs.example/index.md)"),
        ("[x](../reference/openapi.json)", "[x](https://docs.example/reference/openapi.json)"),
        ("[x](https://example.com/a.md)", "[x](https://example.com/a.md)"),
        ("[x](#here)", "[x](#here)"),
        ("## Title { #anchor }", "## Title"),
    ],
)
def test_links_are_whole_and_lead_to_twins(written: str, wanted: str) -> None:
    assert _twin(written) == f"{wanted}\n"


def test_what_stands_in_a_block_stays_as_it_is() -> None:
    block = '````md\n```{ .sh #x }\n[x](other.md)\n=== "A"\n```\n````\n'
    assert _twin(block) == block


def test_a_mark_stands_below_its_sample(site: Site) -> None:
    page = [
        "```{ .sh #write }",
        SAMPLE,
        "```",
        "",
        "```{ .sh #other }",
        "true",
        "```",
        "",
        "```{ .http #answer }",
        "HTTP/1.1 204",
        "```",
    ]
    site.keep(report(sample(SAMPLE)))
    assert _twin("\n".join(page), marks_in(site.html(*page))) == (
        f"```sh\n{SAMPLE}\n```\n\n✓ Verified against docwitness 9.9 on 2026-11-22\n\n"
        "```sh\ntrue\n```\n\n– Not verified: it has not been run\n\n```http\nHTTP/1.1 204\n```\n"
    )


@pytest.mark.parametrize(("path", "where"), [("index.md", "index.md"), ("a/index.md", "a/index.md"), ("a/b.md", "a/b/index.md")])
def test_a_twin_stands_beside_its_page(path: str, where: str) -> None:
    assert address(path) == where


@pytest.fixture
def built(project: Project) -> Project:
    """A project whose site is built, as far as twins need it."""
    (project.folder / "mkdocs.yml").write_text(SETTINGS, encoding="utf-8")
    (project.folder / "docs" / "guide").mkdir()
    (project.folder / "site" / "guide" / "start").mkdir(parents=True)
    for name in ("index.html", "guide/start/index.html"):
        (project.folder / "site" / name).write_text("", encoding="utf-8")
    project.page("---\ndescription: The first page.\n---\n# Welcome\n\n[Go](guide/start.md)\n", "index.md")
    project.page('# Start\n\n```{ .sh #list }\n--8<-- "list.sh"\n```\n', "guide/start.md")
    project.page("ls -l", "list.sh")
    return project


def _site(project: Project, name: str) -> str:
    return (project.folder / "site" / name).read_text(encoding="utf-8")


def test_the_list_has_every_page_with_its_section_and_description(built: Project) -> None:
    assert built.docwitness("twins").status == 0
    assert _site(built, "llms.txt") == (
        "# Docs\n\n> All of it.\n\n- [Home](https://docs.example/index.md): The first page.\n"
        "\n## Guide\n\n- [Start](https://docs.example/guide/start/index.md)\n"
    )


def test_snippets_are_in_and_the_whole_site_is_one_file(built: Project) -> None:
    built.docwitness("twins")
    assert _site(built, "guide/start/index.md") == "# Start\n\n```sh\nls -l\n```\n"
    assert _site(built, "llms-full.txt").count("\n# ") == 2


def test_a_page_that_is_not_built_can_have_none(built: Project) -> None:
    (built.folder / "site" / "index.html").unlink()
    done = built.docwitness("twins")
    assert done.status == 4
    assert "is the site built" in done.err


def test_a_site_without_navigation_cannot_have_them(built: Project) -> None:
    (built.folder / "mkdocs.yml").write_text("site_name: Docs\n", encoding="utf-8")
    done = built.docwitness("twins")
    assert done.status == 4
    assert "there is no nav" in done.err
