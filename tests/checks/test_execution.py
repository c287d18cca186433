from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from docwitness.directives import Expect
from docwitness.execution import Completed, Skipped, TimedOut
from docwitness.page import Location
from docwitness.rule import Rule
from docwitness.verdict import Outcome

OK = Completed(exit_status=0, stdout="", stderr="", duration_s=0.1)


def test_a_sample_that_ends_well_is_proven(bench: Any) -> None:
    ruling = bench.judge(bench.sample())
    assert (ruling.outcome, ruling.rule, ruling.reason, ruling.at) == (Outcome.PROVEN, None, "", None)


@pytest.mark.parametrize(
    ("expected", "status", "rule"), [(0, 0, None), (0, 1, Rule.EXIT_STATUS), (1, 1, None), (1, 0, Rule.EXIT_STATUS)]
)
def test_the_exit_status_is_the_one_expected(bench: Any, expected: int, status: int, rule: Rule | None) -> None:
    ruling = bench.judge(bench.sample(exit=expected), execution=replace(OK, exit_status=status))
    assert ruling.rule is rule


def test_the_reason_has_the_line_of_standard_error_that_says_most(bench: Any) -> None:
    execution = replace(
        OK, exit_status=1, stderr="file.js:3\n\nTypeError: no\n    at file.js:3\n\nNode.js v22.1.0\n", failed_line=3
    )
    ruling = bench.judge(bench.sample(), execution=execution)
    assert ruling.reason == "expected exit status 0, was 1: TypeError: no"
    assert ruling.at == 13


def test_a_line_behind_one_that_includes_others_is_that_of_the_page(bench: Any) -> None:
    execution = replace(OK, exit_status=1, failed_line=4)
    assert bench.judge(bench.sample(numbers=(11, 12, 12, 13)), execution=execution).at == 13


def test_a_line_of_an_included_file_is_none_of_the_page(bench: Any) -> None:
    execution = replace(OK, exit_status=1, failed_line=3)
    assert bench.judge(bench.sample(source=Location("examples/a.sh", 1)), execution=execution).at is None


@pytest.mark.parametrize(
    ("text", "status", "hint"),
    [
        ("curl x", 22, "curl exits 22 when the target answered with an error"),
        ("x", 22, ""),
        ("wcc", 127, "the shell did not find a command"),
    ],
)
def test_known_exit_statuses_are_explained(bench: Any, text: str, status: int, hint: str) -> None:
    assert bench.judge(bench.sample(text), execution=replace(OK, exit_status=status)).hint == hint


@pytest.mark.parametrize(("name", "hint"), [("$", "is '$' a prompt? The language `console` is for transcripts"), ("req", "")])
def test_a_prompt_that_was_run_is_told(bench: Any, name: str, hint: str) -> None:
    execution = replace(OK, exit_status=127, undefined_name=name)
    assert bench.judge(bench.sample(f"{name} curl x"), execution=execution).hint == hint


def test_a_syntax_error_is_all_there_is_to_say(bench: Any) -> None:
    execution = replace(OK, exit_status=2, syntax_error=True, failed_line=2, stderr="line 2: syntax error")
    ruling = bench.judge(bench.sample(names_target=True, output="x"), execution=execution)
    assert (ruling.rule, ruling.at) == (Rule.SYNTAX, 12)
    assert ruling.reason == "it cannot be parsed: line 2: syntax error"
    complaining = bench.judge(bench.sample(), execution=replace(execution, complaint="invalid TOML"))
    assert complaining.reason == "it cannot be parsed: invalid TOML"


@pytest.mark.parametrize(("exit_status", "expected"), [(1, 0), (1, 1), (127, 0)])
def test_an_undefined_name_is_wrong_whatever_exit_status_is_expected(bench: Any, exit_status: int, expected: int) -> None:
    execution = replace(OK, exit_status=exit_status, undefined_name="req")
    ruling = bench.judge(bench.sample(exit=expected), execution=execution)
    assert ruling.rule is Rule.UNDEFINED_NAME
    assert "'req' is not defined" in ruling.reason


def test_a_missing_command_may_be_what_a_page_shows(bench: Any) -> None:
    execution = replace(OK, exit_status=127, undefined_name="wcc")
    assert bench.judge(bench.sample(exit=127), execution=execution).outcome is Outcome.PROVEN


def test_a_complaint_refutes_though_the_exit_status_is_0(bench: Any) -> None:
    ruling = bench.judge(bench.sample(), execution=replace(OK, complaint="metrics have been dropped"))
    assert (ruling.rule, ruling.reason) == (Rule.COMPLAINT, "its tool reports: metrics have been dropped")


def test_a_complaint_about_a_refusal_that_the_page_shows_is_right(bench: Any) -> None:
    sample = bench.sample(expect=Expect(statuses=("401",)), exit=1)
    execution = replace(OK, exit_status=1, complaint="failed to write metrics (401 Unauthorized)")
    assert bench.judge(sample, bench.exchange("m f=1", 401), execution=execution).outcome is Outcome.PROVEN


def test_a_complaint_is_not_told_twice(bench: Any) -> None:
    execution = replace(OK, exit_status=1, complaint="no such option", stderr="E! no such option")
    ruling = bench.judge(bench.sample(names_target=True), execution=execution)
    assert ruling.reason == "its tool reports: no such option; also: expected exit status 0, was 1"
    assert ruling.hint == ""


def test_a_sample_that_does_not_end_is_refuted(bench: Any) -> None:
    ruling = bench.judge(bench.sample(), execution=TimedOut(limit_s=3, stdout="", stderr="waiting\n"))
    assert (ruling.outcome, ruling.rule) == (Outcome.REFUTED, Rule.TIMED_OUT)
    assert ruling.reason == "it did not end within 3 s: waiting"


def test_a_missing_tool_leaves_the_sample_unproven(bench: Any) -> None:
    execution = Skipped(reason="no telegraf", hint="install it")
    ruling = bench.judge(bench.sample(names_target=True, xfail="x"), execution=execution)
    assert (ruling.outcome, ruling.rule, ruling.set_aside) == (Outcome.UNPROVEN, Rule.MISSING_TOOL, False)
    assert (ruling.reason, ruling.hint) == ("no telegraf", "install it")


def test_a_session_that_has_ended_is_an_error_and_no_missing_tool(bench: Any) -> None:
    execution = Skipped(reason="sample 1 of its session ended the interpreter with status 0", session_ended=True)
    ruling = bench.judge(bench.sample(), execution=execution)
    assert (ruling.outcome, ruling.rule, ruling.reason) == (Outcome.ERROR, Rule.SETUP_FAILED, execution.reason)


def test_an_xfail_that_fails_is_set_aside(bench: Any) -> None:
    ruling = bench.judge(bench.sample(xfail="known"), execution=replace(OK, exit_status=1))
    assert (ruling.outcome, ruling.rule, ruling.set_aside) == (Outcome.UNPROVEN, Rule.EXPECTED_FAILURE, True)
    assert ruling.reason == "fails as said (known): expected exit status 0, was 1"


def test_an_xfail_that_passes_is_refuted(bench: Any) -> None:
    ruling = bench.judge(bench.sample(xfail="known"))
    assert (ruling.outcome, ruling.rule, ruling.set_aside) == (Outcome.REFUTED, Rule.UNEXPECTED_PASS, False)
