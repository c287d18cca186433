from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from tests.checks.conftest import HERE, NOW_NS, OK, Bench

from docwitness.change import AS_IT_IS, Change, Weather
from docwitness.checks import claims
from docwitness.checks.ruling import Ruling
from docwitness.claim import Claim, Default, Honored, OnlyValues, Origin, Required, Value
from docwitness.directives import Role
from docwitness.evidence import Evidence
from docwitness.execution import Completed
from docwitness.observation import Grounds, Observation, Varied
from docwitness.rule import Rule
from docwitness.verdict import Outcome

ORIGIN = Origin(role=Role.OPTIONS, table=HERE, location=HERE, of="call", base="base", row="", hash="")
NAMED: dict[str, Any] = {"id": "x", "origin": ORIGIN, "cell": "", "name": "opt"}
HONORED, REQUIRED = Honored(**NAMED, honored=True), Required(**NAMED, required=True)
REFUSED = Completed(exit_status=1, stdout="", stderr="TypeError: no\n", duration_s=0.0)

Runs = dict[str | None, str | None]
"""By literal (None: left out): the body that is sent, or None for no request."""


@pytest.fixture
def judge(bench: Bench) -> Callable[..., Ruling]:
    """Judges a claim by what was sent; `company` and `weather` are those of all runs but the base."""

    def observed(change: Change, body: str | None, held: str = "") -> Observation:
        exchanges = () if body is None else (bench.exchange(body, status=400 if body == "refused" else 204),)
        execution = REFUSED if body is None else replace(OK, stderr=f"docwitness: opt={held}\n" if held else "")
        evidence = Evidence(execution=execution, exchanges=exchanges, change=str(change), ended_ns=NOW_NS)
        return Observation(variation=change, evidence=evidence, database="dw1")

    def judged(claim: Claim, runs: Runs, *others: Claim, again: Runs | None = None, held: Any = None, **where: Any) -> Ruling:
        baseline = observed(AS_IT_IS, "base")
        company = where.pop("company", ())
        found: dict[Varied, Observation] = {AS_IT_IS: baseline}
        for is_second, tried in ((False, runs), (True, again or {})):
            for literal, body in tried.items():
                change = Change(settings=(*company, ("opt", literal)), again=is_second, **where)
                found[change] = observed(change, body, (held or {}).get(literal, ""))
        return claims.judge(claim, [*others, claim], Grounds(baseline=baseline, observations=found))

    return judged


def test_an_option_is_honored_when_a_value_changes_what_is_sent(judge: Callable[..., Ruling]) -> None:
    ruling = judge(HONORED, {None: "base", "1": "other"})
    assert (ruling.outcome, ruling.reason) == (Outcome.PROVEN, "opt = 1: base becomes other")
    assert len(ruling.evidence) == 2


def test_an_option_that_changes_nothing_is_ignored(judge: Callable[..., Ruling]) -> None:
    runs = {None: "base", "1": "base", "2": "base"}
    assert judge(HONORED, runs).rule is Rule.HONORED_DIFFERS
    assert judge(replace(HONORED, honored=False), runs).outcome is Outcome.PROVEN


def test_an_option_that_the_tool_holds_may_do_something_elsewhere(judge: Callable[..., Ruling]) -> None:
    runs: Runs = {None: "base", "1": "base", "2": "base"}
    for claim in (HONORED, replace(HONORED, honored=False)):
        ruling = judge(claim, runs, held={None: "5", "1": "1", "2": "2"})
        assert (ruling.outcome, ruling.rule) == (Outcome.UNPROVEN, Rule.NOT_OBSERVABLE)
        assert ruling.reason == "the tool holds it, 5 without it, but nothing of 2 runs with it changes anything"
        assert ruling.hint == "a base in which it matters shows what it does"


@pytest.mark.parametrize(
    "held",
    [{"1": "1", "2": "2"}, {None: "host:5", "1": "host:6", "2": "host:7"}, {None: "5"}],
    ids=["an object that takes anything", "something else of that name", "gone where it is given"],
)
def test_a_name_that_means_nothing_to_the_tool_is_no_option(judge: Callable[..., Ruling], held: Any) -> None:
    assert judge(HONORED, {None: "base", "1": "base", "2": "base"}, held=held).rule is Rule.HONORED_DIFFERS


def test_an_option_that_takes_no_value_at_all_does_not_exist(judge: Callable[..., Ruling]) -> None:
    ruling = judge(HONORED, {None: "base", "1": None, '"a"': None})
    assert ruling.reason == "there is no option opt: TypeError: no"


def test_an_option_is_read_when_one_value_of_a_type_is_taken_and_another_is_not(judge: Callable[..., Ruling]) -> None:
    assert judge(HONORED, {None: "base", '""': "base", '"a"': None}).outcome is Outcome.PROVEN
    assert judge(HONORED, {None: "base", '""': "base", "1": None}).rule is Rule.HONORED_DIFFERS


def test_what_differs_by_chance_is_no_effect(judge: Callable[..., Ruling]) -> None:
    runs: Runs = {None: "base", "1": "other"}
    assert judge(HONORED, runs, again={None: "base", "1": "base"}, weather=Weather.BUSY).rule is Rule.HONORED_DIFFERS
    assert judge(HONORED, runs, again=runs, weather=Weather.BUSY).outcome is Outcome.PROVEN


def test_an_option_is_required_when_no_request_is_made_without_it(judge: Callable[..., Ruling]) -> None:
    assert judge(REQUIRED, {None: None}).outcome is Outcome.PROVEN
    assert judge(REQUIRED, {None: "refused"}).rule is Rule.REQUIRED_DIFFERS
    assert judge(replace(REQUIRED, required=False), {None: "refused"}).outcome is Outcome.PROVEN
    assert judge(replace(REQUIRED, required=False), {None: None}).rule is Rule.REQUIRED_DIFFERS


@pytest.mark.parametrize(
    ("runs", "outcome"),
    [
        ({None: "base", "1": "base", "2": "other"}, Outcome.PROVEN),
        ({None: "base", "1": "other", "2": "other"}, Outcome.REFUTED),
        ({None: "base", "1": None, "2": "other"}, Outcome.REFUTED),
        ({None: None, "1": "base", "2": "other"}, Outcome.REFUTED),
        ({None: "base", "1": "base", "2": "base"}, Outcome.UNPROVEN),
        ({None: "base", "1": "base", "2": "other", "3": "base"}, Outcome.UNPROVEN),
        ({None: "base", "1": "base", "2": "other", "0": "base"}, Outcome.PROVEN),
    ],
)
def test_a_default_is_the_one_value_that_is_the_same_as_none(judge: Callable[..., Ruling], runs: Runs, outcome: Outcome) -> None:
    assert judge(Default(**NAMED, value="1"), runs).outcome is outcome


def test_a_default_is_what_the_tool_says_it_works_with(judge: Callable[..., Ruling]) -> None:
    runs: Runs = {None: "base", "5": "base"}
    assert judge(Default(**NAMED, value="5"), runs, held={None: "5", "5": "5"}).outcome is Outcome.PROVEN
    ruling = judge(Default(**NAMED, value="5"), runs, held={None: "6", "5": "5"})
    assert ruling.reason == "without it, opt is 6, not 5"


def test_a_default_that_differs_once_is_tried_again(judge: Callable[..., Ruling]) -> None:
    runs: Runs = {None: "base", "1": "late", "2": "other"}
    assert judge(Default(**NAMED, value="1"), runs, again={None: "base", "1": "base"}).outcome is Outcome.PROVEN


def test_a_value_must_be_taken_and_do_something(judge: Callable[..., Ruling]) -> None:
    value = Value(**NAMED, value="1")
    assert judge(value, {None: "base", "1": "other"}).outcome is Outcome.PROVEN
    assert judge(value, {None: "base", "1": None}).rule is Rule.VALUE_REFUSED
    assert judge(value, {None: "base", "1": "base"}).rule is Rule.VALUE_DIFFERS
    assert judge(value, {None: "base", "1": "base"}, Default(**NAMED, value="1")).outcome is Outcome.PROVEN
    assert judge(value, {None: "base", "1": "base"}, held={"1": "1"}).outcome is Outcome.PROVEN


def test_values_of_a_closed_list_are_accepted_by_the_target_too(judge: Callable[..., Ruling]) -> None:
    value, listed = Value(**NAMED, value="1"), OnlyValues(**NAMED, values=("1",))
    assert judge(value, {None: "base", "1": "refused"}).outcome is Outcome.PROVEN
    assert judge(value, {None: "base", "1": "refused"}, listed).rule is Rule.VALUE_REFUSED


def test_values_of_a_closed_list_are_told_apart(judge: Callable[..., Ruling]) -> None:
    first, second, listed = Value(**NAMED, value="1"), Value(**NAMED, value="2"), OnlyValues(**NAMED, values=("1", "2"))
    ruling = judge(second, {None: "base", "1": "other", "2": "other"}, first, listed)
    assert ruling.reason == "2 does the same as 1"


def test_a_closed_list_has_all_values(judge: Callable[..., Ruling]) -> None:
    listed = OnlyValues(**NAMED, values=('"a"',))
    assert judge(listed, {None: "base", '"a"': "a", '"b"': None, '"c"': "refused"}).outcome is Outcome.PROVEN
    assert judge(listed, {None: "base", '"a"': "a", '"b"': "b"}).rule is Rule.UNDOCUMENTED_VALUE
    assert judge(listed, {None: "base", '"a"': "a", '""': "base", "5": "b"}).outcome is Outcome.PROVEN
    assert judge(replace(listed, closed=False), {None: "base", '"a"': "a", '"b"': "b"}).outcome is Outcome.PROVEN


def test_company_counts_as_circumstances_of_its_own(judge: Callable[..., Ruling]) -> None:
    assert judge(HONORED, {None: "pair", "1": "other"}, company=(("partner", "1"),)).outcome is Outcome.PROVEN


def test_a_tool_that_is_missing_and_a_base_that_fails_are_no_verdict_on_a_claim() -> None:
    missing = claims.judge(HONORED, [HONORED], Grounds(baseline=None, missing="there is no Telegraf"))
    assert (missing.outcome, missing.rule) == (Outcome.UNPROVEN, Rule.MISSING_TOOL)
    broken = claims.judge(HONORED, [HONORED], Grounds(baseline=None, problem="it did not run"))
    assert (broken.outcome, broken.rule) == (Outcome.ERROR, Rule.NO_BASE)
