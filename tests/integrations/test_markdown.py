"""The extension: what readers of a page get."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from tests.integrations.conftest import SAMPLE, Site, report, row, sample

from docwitness.errors import ConfigurationError, UsageError
from docwitness.rule import Rule
from docwitness.verdict import Outcome

FENCE = ("# Page", "", "```{ .sh #write }", SAMPLE, "```")
TABLE = (
    '<!-- docwitness: parameters of="POST /write" base=write -->',
    "",
    "| Parameter | Required | Message |",
    "|---|---|---|",
    "| `db` | Required | `<a>`, <`x`> & \\* more |",
    "| `org` | Optional | |",
)
ROWS = ("db | Required | <a>, <x> & * more", "org | Optional | ")


def _code(page: str) -> str:
    """The text that the copy button copies."""
    found = re.search(r"<code>(.*?)</code>", page, re.DOTALL)
    assert found
    return html.unescape(re.sub(r"<[^>]+>", "", found[1])).rstrip("\n")


@pytest.mark.parametrize("first", [True, False])
def test_placeholders_become_variables_wherever_the_extension_stands_in_the_list(site: Site, *, first: bool) -> None:
    page = site.html(*FENCE, first=first)
    assert re.findall(r'<var data-docwitness="([^"]+)">([^<]+)</var>', page) == [
        ("{url}", "https://api.example.com"),
        ("{database}", "DATABASE"),
        ("{token}", "TOKEN"),
    ]


def test_the_text_of_a_sample_stays_what_it_is(site: Site) -> None:
    assert _code(site.html(*FENCE)) == SAMPLE


def test_what_only_a_run_fills_is_left_to_the_reader(site: Site) -> None:
    page = site.html("```sh", "echo CERTIFICATE COLOUR", "```")
    assert "<var" not in page
    assert _code(page) == "echo CERTIFICATE COLOUR"


def test_a_word_that_holds_a_placeholder_is_none(site: Site) -> None:
    page = site.html("```sh", "echo DATABASES MY_TOKEN COLOUR", "```")
    assert "<var" not in page
    assert _code(page) == "echo DATABASES MY_TOKEN COLOUR"


def test_without_a_report_there_is_no_mark(site: Site) -> None:
    assert "dw-mark" not in site.html(*FENCE, *TABLE)


def test_a_proven_sample_is_marked_with_server_and_date(site: Site) -> None:
    site.keep(report(sample(SAMPLE)))
    page = site.html(*FENCE)
    assert "Verified against docwitness 9.9 on 2026-11-22" in page
    assert re.search(r"</button></div>", page), "the mark is the last thing in the box of the block"


def test_one_changed_character_takes_the_mark(site: Site) -> None:
    site.keep(report(sample(SAMPLE)))
    page = site.html(*FENCE[:3], SAMPLE.replace("POST", "PUT") + " ", *FENCE[4:])
    assert "Verified" in page, "blanks at line ends are not copied"
    changed = site.html(*FENCE[:3], SAMPLE + "x", *FENCE[4:])
    assert "Changed since it was last run" in changed
    assert "Verified" not in changed


def test_the_same_text_in_another_language_has_not_run(site: Site) -> None:
    site.keep(report(sample(SAMPLE)))
    assert "Changed since it was last run" in site.html("```{ .py #write }", SAMPLE, "```")


def test_a_wrong_hash_earns_no_mark(site: Site) -> None:
    site.keep(report(sample(SAMPLE, hash="0" * 64)))
    assert "Verified" not in site.html(*FENCE)


@pytest.mark.parametrize("outcome", [Outcome.REFUTED, Outcome.UNPROVEN, Outcome.ERROR])
def test_whatever_is_not_proven_says_why(site: Site, outcome: Outcome) -> None:
    site.keep(report(sample(SAMPLE, outcome=outcome, rule=Rule.MISSING_TOOL, reason="expected <204>\nand more")))
    page = site.html(*FENCE)
    assert "Not verified: expected &lt;204&gt;" in page
    assert "and more" not in page


def test_a_new_sample_says_that_it_has_not_run(site: Site) -> None:
    site.keep(report(sample(SAMPLE)))
    assert "Not verified: it has not been run" in site.html("```{ .sh #new }", "true", "```")


@pytest.mark.parametrize("header", ["{ .json #data }", "{ .py #module data-file='m.py' }", "{ .text }", "json"])
def test_blocks_that_do_not_run_have_no_mark(site: Site, header: str) -> None:
    site.keep(report(sample(SAMPLE)))
    assert "dw-mark" not in site.html(f"```{header}", "{}", "```")


def test_a_sample_without_an_id_is_found_by_its_text(site: Site) -> None:
    site.keep(report(sample(SAMPLE, name="docs/page.md#1")))
    assert "Verified" in site.html("```sh", SAMPLE, "```")
    assert "dw-mark" not in site.html("```sh", SAMPLE + "x", "```")


def test_rows_have_anchors_and_marks(site: Site) -> None:
    site.keep(report(*(row(text, line) for line, text in enumerate(ROWS))))
    page = site.html(*TABLE)
    assert re.findall(r'<tr id="([^"]+)"', page) == ["parameter-db", "parameter-org"]
    assert page.count('title="Verified against docwitness 9.9 on 2026-11-22"') == 2
    assert page.count('href="#parameter-') == 2


def test_a_row_of_which_one_claim_is_refuted_is_not_verified(site: Site) -> None:
    refuted = row(ROWS[0], outcome=Outcome.REFUTED, aspect="honored", reason="nothing changed")
    site.keep(report(row(ROWS[0]), refuted, row(ROWS[1], 10)))
    page = site.html(*TABLE)
    assert "Not verified: nothing changed" in page
    assert page.count('title="Verified') == 1


def test_a_changed_row_says_so(site: Site) -> None:
    site.keep(report(row(ROWS[0])))
    page = site.html(*TABLE[:-1], "| `org` | Required | |")
    assert page.count('title="Changed since it was last run"') == 1


def test_items_of_a_marked_list_have_marks(site: Site) -> None:
    site.keep(report(row("ms: milliseconds")))
    page = site.html("<!-- docwitness: values of=precision base=write -->", "", "- `ms`: milliseconds", "- `s`: seconds")
    assert "Verified" in page
    assert "Changed" in page


def test_comments_and_hidden_samples_are_left_out(site: Site) -> None:
    page = site.html("<!-- docwitness: id=prepare", "```sh", "echo hidden", "```", "-->", "", "Text <!-- other -->")
    assert "hidden" not in page
    assert "<!-- other -->" in page


def test_a_page_without_placeholders_has_no_bar(site: Site) -> None:
    assert "dw-bar" not in site.html("# Page", "```sh", "true", "```")
    assert site.html(*FENCE).index("</h1>") < site.html(*FENCE).index('<div class="dw-bar"')


def test_the_bar_knows_the_server_that_runs_beside_the_site(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    file = site.server(url="http://127.0.0.1:8181", token="dw_x", database="sensors")
    monkeypatch.setenv("DOCWITNESS_SITE_SERVER", str(file))
    assert "dw_x" in site.html(*FENCE)
    monkeypatch.delenv("DOCWITNESS_SITE_SERVER")
    assert "data-server" not in site.html(*FENCE)


@pytest.mark.parametrize(
    "said",
    [
        {"url": "https://example.com", "token": "t", "database": "d"},
        {"url": "http://127.0.0.1:8181", "token": "t"},
        {"url": "http://127.0.0.1:8181", "token": "t", "database": "d", "more": ""},
    ],
)
def test_no_other_server_is_given_away(site: Site, monkeypatch: pytest.MonkeyPatch, said: dict[str, str]) -> None:
    monkeypatch.setenv("DOCWITNESS_SITE_SERVER", str(site.server(**said)))
    with pytest.raises(ConfigurationError):
        site.html(*FENCE)


def test_a_broken_report_is_an_error_and_not_a_page_without_marks(site: Site) -> None:
    site.keep(report())
    (site.folder / ".docwitness" / "report.json").write_text("{", encoding="utf-8")
    with pytest.raises(UsageError):
        site.html(*FENCE)


def test_a_report_that_goes_takes_its_marks_along(site: Site, tmp_path: Path) -> None:
    site.keep(report(sample(SAMPLE)))
    assert "Verified" in site.html(*FENCE)
    site.keep(None)
    assert "dw-mark" not in site.html(*FENCE)


def test_a_title_that_repeats_its_tab_is_told_to_the_stylesheet(site: Site) -> None:
    page = site.html('```{ .sh title="curl" }', "true", "```", "", '```{ .sh title="run.sh" }', "true", "```")
    assert page.count("dw-repeated") == 1
