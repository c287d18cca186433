from __future__ import annotations

from typing import Any

import pytest

from docwitness.execution import Completed
from docwitness.page import Location
from docwitness.rule import Rule
from docwitness.verdict import Outcome

TRANSCRIPT = "$ printf 'home temp=1' \\\n> > points.lp\n$ wc -c \\\n> points.lp\n11 points.lp\n$ cat points.lp\nhome temp=1"


def printed(*outputs: str) -> Completed:
    return Completed(exit_status=0, stdout="".join(outputs), stderr="", duration_s=0.1, outputs=outputs if outputs[1:] else ())


def test_the_output_as_it_is_shown(bench: Any) -> None:
    sample = bench.sample(output="204\n…\nend")
    assert bench.judge(sample, execution=printed("204\nx\nend\n")).outcome is Outcome.PROVEN


@pytest.mark.parametrize(("stdout", "at"), [("200\n", 31), ("204\n\nmore\n", 31), ("", 31)])
def test_the_first_line_that_differs_is_named(bench: Any, stdout: str, at: int) -> None:
    ruling = bench.judge(bench.sample(output="204"), execution=printed(stdout))
    assert (ruling.rule, ruling.at) == (Rule.OUTPUT_DIFFERS, at)
    assert "in the output: expected" in ruling.reason


@pytest.mark.parametrize(
    ("shown", "outcome"), [("a\tb", "proven"), ("a   b", "proven"), ("a       b", "proven"), ("a b", "refuted")]
)
def test_a_tab_may_be_shown_as_blanks(bench: Any, shown: str, outcome: str) -> None:
    assert bench.judge(bench.sample(output=shown), execution=printed("a\tb\n")).outcome == outcome


def test_a_transcript_shows_its_own_output(bench: Any) -> None:
    sample = bench.sample(TRANSCRIPT, console=True)
    assert bench.judge(sample, execution=printed("11 points.lp\nhome temp=1")).outcome is Outcome.PROVEN


def test_the_line_of_a_transcript_that_differs_is_named(bench: Any) -> None:
    sample = bench.sample(TRANSCRIPT, console=True)
    ruling = bench.judge(sample, execution=printed("12 points.lp\nhome temp=1"))
    assert (ruling.rule, ruling.at) == (Rule.OUTPUT_DIFFERS, 15)
    assert bench.judge(sample, execution=printed("11 points.lp\nhome temp=2")).at == 17


def test_outputs_stand_under_their_own_commands(bench: Any) -> None:
    sample = bench.sample(TRANSCRIPT, console=True)
    assert bench.judge(sample, execution=printed("", "11 points.lp\n", "home temp=1")).outcome is Outcome.PROVEN
    ruling = bench.judge(sample, execution=printed("", "11 points.lp\nhome temp=1", ""))
    assert (ruling.rule, ruling.at) == (Rule.OUTPUT_DIFFERS, 15)
    ruling = bench.judge(sample, execution=printed("11 points.lp\n", "", "home temp=1"))
    assert (ruling.rule, ruling.at) == (Rule.OUTPUT_DIFFERS, 11)
    assert ruling.reason.endswith("""'home temp=1' \\\\": expected no more, was '11 points.lp'""")


def test_lines_of_an_included_file_are_not_those_of_the_page(bench: Any) -> None:
    sample = bench.sample(TRANSCRIPT, console=True, source=Location("examples/a.txt", 1))
    ruling = bench.judge(sample, execution=printed(""))
    assert (ruling.rule, ruling.at) == (Rule.OUTPUT_DIFFERS, None)


def test_a_transcript_without_output_leaves_it_out(bench: Any) -> None:
    assert bench.judge(bench.sample("$ echo a", console=True), execution=printed("a\n")).outcome is Outcome.PROVEN
