"""The placeholder bar: typed once, filled in everywhere, kept in the browser, refused with a reason."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.site.conftest import VALUES, Visit

STORES = "JSON.stringify([{...localStorage}, {...sessionStorage}])"


def test_values_are_filled_in_on_every_page_and_kept_where_they_should(visit: Visit) -> None:
    visit.go("write/http/")
    visit.fill(**VALUES)
    visit.go("")
    assert VALUES["url"] in visit.text("#home-curl code")
    local, session = json.loads(visit.page.evaluate(STORES))
    assert VALUES["database"] in local.values()
    assert VALUES["token"] in session.values()
    assert VALUES["token"] not in local.values()
    assert VALUES["token"] not in visit.page.url


def test_reset_forgets_everything(visit: Visit) -> None:
    visit.go("")
    visit.fill(**VALUES)
    visit.page.get_by_role("button", name="Reset").click()
    assert "DATABASE_NAME" in visit.text("#home-curl code")
    assert not [value for value in VALUES.values() if value in visit.page.evaluate(STORES)]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("database", value) for value in ('x"; rm -rf ~; "', "a b", "<img src=x onerror=alert(1)>", "$(id)", "a'b", "ünï")),
        *(("token", value) for value in ("a b", "a'b", "$HOME", "`id`", "a\\b")),
        *(("url", value) for value in ("example.com", "https://example.com/", "https://a b", 'https://a"', "javascript:alert(1)")),
    ],
)
def test_a_value_that_would_break_a_command_is_refused_with_a_reason(visit: Visit, name: str, value: str) -> None:
    visit.go("")
    before = visit.text("#home-curl code")
    visit.fill(**{name: value})
    assert visit.page.locator(f"input[name={name}]").get_attribute("aria-invalid") == "true"
    assert len(visit.text(".dw-refused")) > 30
    assert visit.text("#home-curl code") == before
    assert value not in visit.page.evaluate(STORES)


@pytest.mark.parametrize(
    ("name", "value"),
    [("url", "http://127.0.0.1:8181"), ("url", "http://[::1]:8181"), ("url", "https://h.example/base"), ("database", "db/autogen")],
)
def test_common_values_are_taken(visit: Visit, name: str, value: str) -> None:
    visit.go("")
    visit.fill(**{name: value})
    assert visit.text(".dw-refused") == ""
    assert value in visit.text("#home-curl code")


def test_a_printed_page_has_no_token(visit: Visit, tmp_path: Path) -> None:
    visit.go("")
    visit.fill(**VALUES)
    visit.page.evaluate("window.addEventListener('beforeprint', () => { window.printed = document.body.innerText; })")
    visit.page.pdf(path=str(tmp_path / "page.pdf"))
    printed = visit.page.evaluate("window.printed")
    assert VALUES["token"] not in printed
    assert VALUES["url"] in printed
    visit.page.wait_for_function(f"document.querySelector('#home-curl code').innerText.includes('{VALUES['token']}')")


def test_a_token_is_blurred_until_it_is_asked_for(visit: Visit) -> None:
    visit.go("")
    visit.fill(**VALUES)
    color = "getComputedStyle(document.querySelector('#home-curl var.dw-secret')).color"
    assert visit.page.evaluate(color) == "rgba(0, 0, 0, 0)"
    visit.page.get_by_role("button", name="Show token").click()
    assert visit.page.evaluate(color) != "rgba(0, 0, 0, 0)"


def test_instant_navigation_keeps_the_values(visit: Visit) -> None:
    visit.go("")
    visit.fill(**VALUES)
    visit.page.evaluate("window.same = true")
    visit.page.locator(".md-nav--primary a", has_text="Authentication").first.click()
    visit.page.wait_for_selector("#auth-bearer")
    visit.page.wait_for_selector(".dw-bar details")
    assert VALUES["url"] in visit.text("#auth-bearer code")
    assert visit.page.evaluate("window.same") is True
    assert visit.page.locator(".dw-bar details").count() == 1


def test_the_bar_of_a_published_site_is_empty_and_says_how_to_get_a_server(visit: Visit) -> None:
    visit.go("")
    assert "not set" in visit.text(".dw-bar summary")
    visit.page.locator(".dw-bar summary").click()
    visit.page.get_by_role("link", name="How to get one").click()
    visit.page.wait_for_selector("#start-server")


@pytest.mark.parametrize("visit", [{"java_script_enabled": False}], indirect=True)
def test_without_scripts_samples_show_their_placeholders_and_no_bar(visit: Visit) -> None:
    visit.page.goto(f"{visit.base}/")
    assert "DATABASE_NAME" in visit.text("#home-curl code")
    assert not visit.page.locator(".dw-bar").is_visible()
