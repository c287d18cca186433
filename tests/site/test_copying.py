"""For every sample on every page: what the copy button copies is what ran, with the reader's values filled in."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest
from tests.site.conftest import ROOT, VALUES, Visit, path_of, report

from docwitness.collect import collect
from docwitness.config.reading import load
from docwitness.integrations.blanks import asks
from docwitness.placeholders import Placeholders
from docwitness.transcript import split

PLACEHOLDERS = load(ROOT).placeholders
SAMPLES: dict[str, list[dict[str, str]]] = defaultdict(list)
for claim in report()["claims"]:
    if claim["kind"] == "sample" and claim["page"].startswith("docs/") and not claim.get("hidden"):
        SAMPLES[claim["page"]].append(claim)


def _wanted(text: str, language: str, values: dict[str, str] | None) -> str:
    """What ran: of a console its commands."""
    if language == "console":
        text = "\n".join(step.command for step in split(text).steps)
    if values is None:
        return text
    filled = Placeholders({word: filling for word, filling in PLACEHOLDERS.mapping.items() if asks(filling)})
    return filled.fill(text, values | {"host": "influx.example.org:8181", "read_token": ""})


def _copied(visit: Visit, identifier: str) -> str:
    """Shows the tab that holds the sample, and presses its button as those do who use the keyboard: that is the quickest."""
    visit.page.evaluate(
        """id => {
            const block = document.getElementById(id);
            for (let at = block; at; at = at.parentElement) {
                if (at.matches('details')) at.open = true;
                if (!at.matches('.tabbed-block')) continue;
                const inputs = at.closest('.tabbed-set').querySelectorAll(':scope > input');
                inputs[[...at.parentElement.children].indexOf(at)].checked = true;
            }
            block.querySelector('[data-clipboard-target]').focus();
            return navigator.clipboard.writeText('');
        }""",
        identifier,
    )
    visit.page.keyboard.press("Enter")
    copied: str = visit.page.evaluate("navigator.clipboard.readText()")
    return copied


def test_the_report_is_about_the_samples_that_stand_on_the_site() -> None:
    collected = {sample.id: sample.hash for sample in collect(load(ROOT), [ROOT / "docs"]).samples if not sample.hidden}
    ran = {claim["id"]: claim["hash"] for claims in SAMPLES.values() for claim in claims}
    assert ran == collected


@pytest.mark.parametrize("values", [None, VALUES], ids=["placeholders", "filled"])
@pytest.mark.parametrize("page", sorted(SAMPLES))
def test_the_clipboard_holds_what_ran(visit: Visit, page: str, values: dict[str, str] | None) -> None:
    visit.go(path_of(page))
    if values is not None and visit.page.locator(".dw-bar").count():
        visit.fill(**values)
    for claim in SAMPLES[page]:
        console = visit.page.locator(f"[id='{claim['id']}'].language-console").count()
        assert _copied(visit, claim["id"]) == _wanted(claim["text"], "console" if console else claim["language"], values)


def test_every_page_with_samples_is_looked_at() -> None:
    written = {f"docs/{file.relative_to(ROOT / 'docs').as_posix()}" for file in Path(ROOT / "docs").rglob("*.md")}
    assert set(SAMPLES) <= written
    assert len(SAMPLES) > 10
