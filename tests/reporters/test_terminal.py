from __future__ import annotations

from typing import Any

import pytest

from docwitness.execution import Completed
from docwitness.reporters.terminal import Terminal
from docwitness.rule import Rule
from docwitness.verdict import Outcome


def _rendered(report: Any) -> str:
    return Terminal().render(report)


def test_a_failure_has_its_place_its_reason_and_a_hint(make: Any) -> None:
    text = _rendered(make.report(make.refuted(at=43)))
    assert "refuted docs/write.md:43 write-bearer [unexpected-status]\n  expected 204, was 401\n  hint: send a token\n" in text


def test_a_failure_shows_the_sample_with_the_lines_of_its_page(make: Any) -> None:
    text = _rendered(make.report(make.refuted()))
    assert "  42 curl --data-binary 'home temp=21.5 1735545600000000000' \\\n" in text
    assert "  43   https://cluster-id.influxdb.io/api/v2/write\n" in text


def test_lines_that_are_included_have_the_number_of_the_line_that_includes_them(make: Any) -> None:
    text = _rendered(make.report(make.refuted(sample=make.sample(text="a\nb\nc\nd", numbers=(42, 43, 43, 44)))))
    assert "  42 a\n      43 b\n      43 c\n      44 d\n" in text


def test_a_failure_shows_the_exchange_and_what_the_tool_said(make: Any) -> None:
    text = _rendered(make.report(make.refuted()))
    for line in (
        "exit status 0",
        "curl: no",
        "exchange 1 of 1",
        "> POST /api/v2/write?bucket=b HTTP/1.1",
        "> Authorization: Bearer [token]",
        "> home temp=21.5 1735545600000000000",
        "< HTTP/1.1 401 Unauthorized",
        '< {"code":"unauthorized","message":"no token"}',
    ):
        assert f"    {line}\n" in text or f"  {line}\n" in text, line


@pytest.mark.parametrize(
    ("unreachable", "told"),
    [
        ("", "< the connection ended without a response"),
        ("connection refused", "< no connection to the target: connection refused"),
    ],
)
def test_a_connection_that_was_never_made_is_not_one_that_ended(make: Any, unreachable: str, told: str) -> None:
    nobody = make.exchange(response=None, unreachable=unreachable)
    assert told in _rendered(make.report(make.refuted(), evidence={"e1": make.evidence(exchanges=(nobody,))}))


def test_stored_points_stand_beside_the_expected_ones(make: Any) -> None:
    text = _rendered(make.report(make.refuted(rule=Rule.STORED_DIFFERS)))
    assert '    home,room=Living\\ Room hum=35i,note="a \\"b\\"",ok=true,temp=21.5 1735545600000000000\n' in text
    assert "  expected at docs/write.md:50\n    home temp=21.6 1735545600000000000\n" in text


def test_output_is_shown_where_it_differs(make: Any) -> None:
    evidence = make.evidence(execution=Completed(exit_status=0, stdout="200\n", stderr="", duration_s=0.1))
    shown = _rendered(make.report(make.refuted(rule=Rule.OUTPUT_DIFFERS), evidence={"e1": evidence}))
    assert "  standard output\n    200\n" in shown
    hidden = _rendered(make.report(make.refuted(rule=Rule.UNEXPECTED_STATUS), evidence={"e1": evidence}))
    assert "standard output" not in hidden


def test_what_a_sample_prints_cannot_steer_the_terminal(make: Any) -> None:
    evidence = make.evidence(execution=Completed(exit_status=1, stdout="", stderr="\x1b]0;title\x07\n", duration_s=0.1))
    text = _rendered(make.report(make.refuted(), evidence={"e1": evidence}))
    assert "\\x1b]0;title\\x07" in text
    assert "\x1b" not in text


def test_long_outputs_are_cut_and_counted(make: Any) -> None:
    long = make.sample(text="\n".join(f"echo {number}" for number in range(100)))
    text = _rendered(make.report(make.refuted(sample=long)))
    assert "echo 29\n    … 70 lines more\n" in text
    assert "echo 30" not in text


def test_a_defect_of_a_page_needs_no_evidence(make: Any) -> None:
    assert "refuted docs/a.md:3 [broken-fence]\n  never closed\n" in _rendered(make.report(make.defect()))


def test_what_is_not_proven_is_listed_with_how_to_get_there(make: Any) -> None:
    missing = make.verdict(Outcome.UNPROVEN, rule=Rule.MISSING_TOOL, reason="no curl", hint="install curl")
    text = _rendered(make.report(missing))
    assert "Not proven:\n  docs/write.md:41 write-bearer missing-tool: no curl (install curl)\n" in text


def test_of_many_that_are_not_proven_for_one_reason_the_first_are_listed_and_the_others_counted(make: Any) -> None:
    alike = [make.verdict(Outcome.UNPROVEN, rule=Rule.NOT_RUN, reason="the run ended") for _ in range(7)]
    other = make.verdict(Outcome.UNPROVEN, rule=Rule.MISSING_TOOL, reason="no curl")
    text = _rendered(make.report(*alike, other))
    assert text.count("write-bearer not-run: the run ended\n") == 5
    assert "missing-tool: no curl\n  and 2 more: not-run: the run ended\n" in text


def test_what_its_page_sets_aside_is_listed_with_the_reason(make: Any) -> None:
    skipped = make.verdict(Outcome.UNPROVEN, rule=Rule.SKIPPED, reason="needs a cluster", set_aside=True)
    text = _rendered(make.report(skipped))
    assert "Set aside by their pages:\n  docs/write.md:41 write-bearer skipped: needs a cluster\n" in text
    assert "Not proven" not in text


def test_blocks_that_are_not_collected_are_counted_by_reason(make: Any) -> None:
    block = make.report().uncollected[0]
    text = _rendered(make.report(make.verdict(), uncollected=(block,) * 7))
    assert "Not collected: 7 (docwitness list shows each)\n" in text
    assert "     7 no runner for text: " + ", ".join(["docs/index.md:12"] * 5) + ", …\n" in text


def test_the_last_line_counts_the_verdicts(make: Any) -> None:
    text = _rendered(make.report(make.verdict(), make.refuted(), notices=("be aware",)))
    assert text.endswith("notice: be aware\n1 proven, 1 refuted in 4.2 s\n")
    assert "shell     1 proven, 1 refuted\n" in text
    assert "tools      curl 7.88.1\n" in text
    assert "target     embedded: docwitness 0.1.0, profile cloud-dedicated\n" in text


def test_nothing_to_judge_says_so(make: Any) -> None:
    assert "nothing to judge" in _rendered(make.report())


@pytest.mark.parametrize("color", [False, True])
def test_colours_are_there_when_they_are_asked_for(make: Any, color: bool) -> None:
    assert ("\x1b[" in Terminal(color=color).render(make.report(make.refuted()))) is color


def test_lines_are_never_wrapped(make: Any) -> None:
    reason = "word " * 100
    assert f"  {reason}".rstrip() in _rendered(make.report(make.refuted(reason=reason.strip())))
