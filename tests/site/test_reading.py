"""Reading: tabs, links into tabs, keyboard, phone, dark, print, accessibility, and what the site looks like."""

from __future__ import annotations

import os
from importlib.resources import files
from pathlib import Path

import pytest
from tests.site.conftest import Visit, pages

AXE = files("axe_playwright_python") / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
FINDINGS = """async rules => (await axe.run(document, {runOnly: rules})).violations.map(
    found => [found.id, found.nodes.map(node => [node.target.join(' '), (node.any[0] || {}).message || ''])])"""
PHONE = {"width": 360, "height": 740}
SCREENS = Path(os.environ.get("DOCWITNESS_SCREENSHOTS", "screenshots"))
LOOKS = [
    (name, view, scheme)
    for name, view in (("desktop", {"width": 1440, "height": 900}), ("phone", {"width": 390, "height": 844}))
    for scheme in ("light", "dark")
]
SHOWN = ["", "get-started/", "write/http/", "errors/", "coverage/", "responses/", "parameters/"]


@pytest.mark.parametrize("visit", [{"color_scheme": "light"}, {"color_scheme": "dark"}], indirect=True, ids=["light", "dark"])
@pytest.mark.parametrize("path", pages())
def test_axe_finds_nothing(visit: Visit, path: str) -> None:
    visit.go(path)
    visit.page.evaluate("document.querySelectorAll('.dw-bar details').forEach(bar => { bar.open = true; })")
    for mark in visit.page.locator("button.dw-mark:visible").all()[:1]:
        mark.click()
        visit.page.wait_for_selector(".dw-exhibit")
    visit.page.evaluate(AXE.read_text(encoding="utf-8"))
    assert visit.page.evaluate(FINDINGS, RULES) == []


@pytest.mark.parametrize("visit", [{"viewport": PHONE}], indirect=True)
def test_no_page_scrolls_sideways_on_a_phone(visit: Visit) -> None:
    for path in pages():
        visit.go(path)
        assert visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def test_a_choice_of_language_holds_over_tabs_and_pages(visit: Visit) -> None:
    visit.go("write/http/")
    visit.page.locator(".tabbed-labels label", has_text="Python").first.click()
    visit.page.wait_for_function("document.querySelector('#http-gzip-python').checkVisibility()")
    visit.go("")
    visit.page.wait_for_function("document.querySelector('#home-python').checkVisibility()")


@pytest.mark.parametrize("path", ["write/http/#http-one-node", "parameters/#parameter-bucket"])
def test_a_link_to_a_sample_or_a_row_shows_it(visit: Visit, path: str) -> None:
    visit.go(path)
    name = path.partition("#")[2]
    visit.page.wait_for_function(f"document.getElementById('{name}').checkVisibility()")
    visit.page.wait_for_function(f"(y => y >= 0 && y < innerHeight)(document.getElementById('{name}').getBoundingClientRect().y)")


def test_the_copy_button_works_with_a_mouse(visit: Visit) -> None:
    visit.go("")
    visit.page.locator("#home-curl").hover()
    visit.page.locator("#home-curl [data-clipboard-target]").click()
    assert visit.page.evaluate("navigator.clipboard.readText()").startswith("curl --include")


def test_search_finds_an_error_by_its_message(visit: Visit) -> None:
    visit.go("")
    visit.page.keyboard.press("/")
    visit.page.wait_for_timeout(500)  # Zensical opens a dialog, Material moves the focus
    visit.page.keyboard.type("missing bucket value")
    visit.page.wait_for_selector("a[href*='/responses/?h=']")


def test_a_page_that_is_not_there_helps_on(visit: Visit) -> None:
    answer = visit.page.goto(f"{visit.base}/nothing/here/")
    assert answer is not None
    assert answer.status == 404
    assert visit.page.get_by_role("main").get_by_role("link").count() >= 3
    visit.console.clear()  # Chromium itself tells of the status


@pytest.mark.parametrize(
    "visit",
    [{"viewport": view, "color_scheme": scheme} for _, view, scheme in LOOKS],
    indirect=True,
    ids=[f"{name}-{scheme}" for name, _, scheme in LOOKS],
)
def test_screenshots_are_kept(visit: Visit, request: pytest.FixtureRequest) -> None:
    SCREENS.mkdir(exist_ok=True)
    for path in SHOWN:
        visit.go(path)
        name = f"{request.node.callspec.id}-{path.strip('/').replace('/', '-') or 'home'}.png"
        assert len(visit.page.screenshot(path=SCREENS / name)) > 10_000
