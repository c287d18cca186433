"""What becomes of tables in runs that are not as usual: some pages, some samples, a server that shows nothing, one that fails."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from tests.claims.conftest import BASE, ERRORS, HEAD, NO_TOKEN, PARAMETERS, RIGHT, ROWS, UNITS, VALUES, Desk, rules, verdicts

from docwitness.description import TargetDescription
from docwitness.directives import ScopeSettings
from docwitness.errors import TargetError
from docwitness.pipeline import RunOptions
from docwitness.reporters.json import Json
from docwitness.reporters.junit import JUnit
from docwitness.reporters.terminal import Terminal
from docwitness.rule import Rule
from docwitness.targets.base import RunningTarget, Scope
from docwitness.targets.embedded import Embedded
from docwitness.targets.shared import SharedServer
from docwitness.verdict import Outcome


class Shared:
    """A server that can't be administered: one database for all, and nobody sees what is stored."""

    @asynccontextmanager
    async def running(self) -> AsyncIterator[RunningTarget]:
        async with Embedded().running() as server:
            scope = await server.open_scope(ScopeSettings())
            yield SharedServer(scope, server.upstream, TargetDescription(kind="url", server="shared"))


def test_what_is_stored_cannot_be_judged_where_nobody_sees_it(desk: Desk) -> None:
    desk.page(f"{BASE}<!-- docwitness: {PARAMETERS} -->\n\n{HEAD}{RIGHT}\n\n<!-- docwitness: {VALUES} -->\n\n{UNITS}\n")
    report = desk.run(target=Shared())
    found = verdicts(report)
    assert set(rules(report).values()) == {Rule.NOT_OBSERVABLE}
    assert {found[name].outcome for name in ("org:honored", "precision=s", "precision:default")} == {Outcome.UNPROVEN}
    assert {found[name].outcome for name in ("bucket:required", "bucket:honored", "Authorization:values")} == {Outcome.PROVEN}


def test_with_some_samples_tables_are_not_judged_and_that_is_said(desk: Desk) -> None:
    desk.page(f"{BASE}<!-- docwitness: {PARAMETERS} -->\n\n{HEAD}{RIGHT}\n")
    report = desk.run(options=RunOptions(keyword="base"))
    assert verdicts(report) == {}
    assert any("tables were not judged" in notice for notice in report.notices)


def test_with_some_pages_what_others_show_is_set_aside(desk: Desk) -> None:
    page = desk.page(f"<!-- docwitness: {ERRORS} -->\n\n{ROWS}\n", name="errors.md")
    desk.page(NO_TOKEN, name="samples.md")
    (alone,) = [verdict for verdict in desk.run(page).verdicts if verdict.rule is Rule.NOT_REPRODUCED]
    assert alone.set_aside
    assert rules(desk.run()) == {}


def test_with_some_pages_what_no_sample_can_show_is_not_set_aside(desk: Desk) -> None:
    table = "| Parameter | Value |\n|---|---|\n| `consistency` | `one` |\n"
    page = desk.page(f"{BASE}<!-- docwitness: {PARAMETERS} -->\n\n{table}\n")
    desk.page(NO_TOKEN, name="samples.md")
    assert not verdicts(desk.run(page))["consistency=one"].set_aside


def test_a_base_on_a_page_that_was_not_asked_for_runs_all_the_same(desk: Desk) -> None:
    page = desk.page(f"<!-- docwitness: {VALUES} -->\n\n{UNITS}\n", name="values.md")
    desk.page(BASE, name="samples.md")
    report = desk.run(page)
    assert rules(report) == {}
    assert len(verdicts(report)) > 10


def test_a_base_that_needs_a_set_up_is_varied_without_it(desk: Desk) -> None:
    """Variations get a fresh database each."""
    before = BASE.replace("id=base", "id=first") + BASE.replace("id=base", "id=base setup=first")
    assert rules(desk.table(VALUES, UNITS, before=before)) == {}


class Failing:
    """Opens one scope, for the base, and no more."""

    @asynccontextmanager
    async def running(self) -> AsyncIterator[RunningTarget]:
        async with Embedded().running() as server:
            opened = server.open_scope
            left = [1]

            async def open_scope(settings: ScopeSettings) -> Scope:
                if not left:
                    raise TargetError("no more databases")
                left.pop()
                return await opened(settings)

            server.open_scope = open_scope  # type: ignore[method-assign]
            yield server


def test_a_target_that_fails_leaves_a_table_untold(desk: Desk) -> None:
    desk.page(f"{BASE}<!-- docwitness: {VALUES} -->\n\n{UNITS}\n")
    found = verdicts(desk.run(target=Failing()))
    assert {(verdict.outcome, verdict.rule) for verdict in found.values()} == {(Outcome.ERROR, Rule.NO_BASE)}
    assert "no more databases" in found["precision=s"].reason


@pytest.fixture
def wrong(desk: Desk) -> str:
    """The page with one wrong row."""
    desk.page(f"{BASE}<!-- docwitness: {PARAMETERS} -->\n\n{HEAD}{RIGHT.replace('`ns` (default), `us`', '`ns`, `us` (default)')}\n")
    return "us (default)"


def test_a_person_sees_the_row_and_the_requests_that_decide(desk: Desk, wrong: str) -> None:
    text = Terminal().render(desk.run())
    assert f"the row, where 'ns, {wrong}, ms, s' is judged" in text
    assert "  precision left out\n" in text
    assert "  precision=us\n" in text
    assert re.search(r"^parameters \d+ proven, 1 refuted$", text, re.MULTILINE)


def test_reports_hold_the_evidence_of_claims_without_tokens(desk: Desk, wrong: str) -> None:
    report = desk.run()
    claim = next(verdict for verdict in report.verdicts if verdict.rule is Rule.DEFAULT_DIFFERS)
    changes = [report.evidence[key].change for key in claim.evidence]
    assert changes == ["as it is", "precision left out", "precision=us"]
    texts = (Json().render(report), JUnit().render(report))
    assert all(wrong in text for text in texts)
    assert "[token]" in texts[0]
    assert not re.search(r"dw_[\w-]{20}", texts[0])
