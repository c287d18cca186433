"""Marks: each is true, opens the evidence that it stands for, and costs the page nothing until then."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.site.conftest import SITE, Visit, pages, path_of, report

REPORT = report()
VERIFIED = f"Verified against {REPORT['target']['server']} on {REPORT['started'][:10]}"
SAMPLES = {claim["id"]: claim for claim in REPORT["claims"] if claim["kind"] == "sample" and not claim.get("hidden")}
ROWS = [claim for claim in REPORT["claims"] if claim["kind"] not in ("sample", "page") and claim["page"].startswith("docs/")]
SEEN = """() => {
    const text = cell => {
        const copy = cell.cloneNode(true);
        copy.querySelectorAll('.dw-mark, .headerlink').forEach(added => added.remove());
        return copy.textContent.trim().replace(/\\s+/g, ' ');
    };
    const row = of => [...of.cells].map(text).join(' | ');
    const marked = [...document.querySelectorAll('tr:has(> td > .dw-mark)')];
    return [
        marked.map(row),
        [...document.querySelectorAll('thead tr')].map(row),
        marked.filter(of => of.querySelector('.dw-verified')).map(row),
    ];
}"""
SHIFT = """() => new Promise(done => {
    let sum = 0;
    new PerformanceObserver(list => list.getEntries().forEach(entry => { sum += entry.value; }))
        .observe({type: 'layout-shift', buffered: true});
    setTimeout(() => done(sum), 400);
})"""


@pytest.mark.parametrize("page", sorted({claim["page"] for claim in SAMPLES.values() if claim["page"].startswith("docs/")}))
def test_samples_carry_the_marks_that_they_earned(visit: Visit, page: str) -> None:
    visit.go(path_of(page))
    for claim in (claim for claim in SAMPLES.values() if claim["page"] == page):
        mark = visit.page.locator(f"[id='{claim['id']}'] > .dw-mark").text_content() or ""
        wanted = VERIFIED if claim["verdict"] == "proven" else f"Not verified: {claim['reason'].splitlines()[0]}"
        assert mark[2:] == wanted, claim["id"]


@pytest.mark.parametrize("page", sorted({claim["page"] for claim in ROWS}))
def test_every_judged_row_is_marked_and_nothing_more_is(visit: Visit, page: str) -> None:
    visit.go(path_of(page))
    seen, headings, verified = (set(rows) for rows in visit.page.evaluate(SEEN))
    judged = {claim["row"] for claim in ROWS if claim["page"] == page and claim["row"]}
    assert seen == judged - headings
    doubtful = {claim["row"] for claim in ROWS if claim["page"] == page and claim["verdict"] != "proven"}
    assert verified == seen - doubtful


def test_every_mark_that_opens_has_its_evidence() -> None:
    opened = {
        name
        for path in pages()
        for name in re.findall(r'data-docwitness-exhibit="(\w+)"', (SITE / path / "index.html").read_text(encoding="utf-8"))
    }
    assert len(opened) > 50
    assert opened <= {file.stem for file in (SITE / "evidence").glob("*.json")}


def test_a_sample_opens_its_exchange_and_closes_it(visit: Visit) -> None:
    visit.go("get-started/")
    mark = visit.page.locator("#first-curl > .dw-mark")
    mark.click()
    shown = visit.text("#first-curl .dw-exhibit")
    assert "POST /api/v2/write?bucket=" in shown
    assert "Authorization: Bearer [token]" in shown
    assert "HTTP/1.1 204 No Content" in shown
    assert "home,room=Kitchen" in shown
    mark.click()
    assert visit.page.locator(".dw-exhibit").count() == 0


def test_a_row_opens_its_claims_below_itself(visit: Visit) -> None:
    visit.go("parameters/")
    mark = visit.page.locator("#parameter-bucket .dw-mark")
    mark.focus()
    visit.page.keyboard.press("Enter")
    shown = visit.text("#parameter-bucket + tr .dw-exhibit")
    assert "required: proven" in shown
    assert "HTTP/1.1 400 Bad Request" in shown
    assert mark.get_attribute("aria-expanded") == "true"


@pytest.mark.parametrize("path", ["", "parameters/", "write/http/"])
def test_nothing_moves_while_a_page_loads(visit: Visit, path: str) -> None:
    visit.go(path)
    assert visit.page.evaluate(SHIFT) < 0.01


def test_marks_load_nothing_until_they_are_opened(visit: Visit) -> None:
    asked: list[str] = []
    visit.page.on("request", lambda sent: asked.append(sent.url))
    visit.go("write/http/")
    assert not [url for url in asked if "/evidence/" in url]


def test_pages_stay_small() -> None:
    sizes = {path: Path(SITE / path / "index.html").stat().st_size for path in pages()}
    assert max(sizes.values()) < 250_000, sizes


def test_no_token_is_in_any_file_of_the_site() -> None:
    for file in SITE.rglob("*"):
        if file.suffix in (".html", ".json", ".md", ".txt"):
            assert not re.search(r"dw_[0-9A-Za-z]{20}", file.read_text(encoding="utf-8")), file
