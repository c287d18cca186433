from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element, fromstring

from docwitness.page import Location
from docwitness.reporters.junit import JUnit
from docwitness.rule import Rule
from docwitness.verdict import Outcome


def _suites(report: Any) -> Element:
    return fromstring(JUnit().render(report))


def _case(report: Any) -> Element:
    case = _suites(report).find("testsuite/testcase")
    assert case is not None
    return case


def test_each_page_is_a_suite_with_its_counts(make: Any) -> None:
    other = make.sample(id="other", location=Location("docs/other.md", 3))
    root = _suites(make.report(make.refuted(), make.verdict(sample=other)))
    suites = [(suite.get("name"), suite.get("tests"), suite.get("failures")) for suite in root]
    assert suites == [("docs/other.md", "1", "0"), ("docs/write.md", "1", "1")]
    assert (root.get("tests"), root.get("failures"), root.get("errors"), root.get("skipped")) == ("2", "1", "0", "0")


def test_a_proven_claim_is_a_case_and_no_more(make: Any) -> None:
    case = _case(make.report(make.verdict()))
    assert (case.get("classname"), case.get("name"), case.get("line"), len(case)) == ("docs/write.md", "write-bearer", "41", 0)


def test_a_refuted_claim_is_a_failure_at_its_exact_line(make: Any) -> None:
    case = _case(make.report(make.refuted(at=43)))
    failure = case.find("failure")
    assert failure is not None
    assert (case.get("line"), failure.get("type"), failure.get("message")) == ("43", "unexpected-status", "expected 204, was 401")
    assert failure.text == "docs/write.md:41\nexpected 204, was 401\nsend a token"


def test_unproven_is_an_error_because_it_fails_the_run(make: Any) -> None:
    case = _case(make.report(make.verdict(Outcome.UNPROVEN, rule=Rule.MISSING_TOOL, reason="no node")))
    assert [child.tag for child in case] == ["error"]


def test_what_its_page_sets_aside_is_skipped(make: Any) -> None:
    case = _case(make.report(make.verdict(Outcome.UNPROVEN, rule=Rule.SKIPPED, reason="needs a cluster", set_aside=True)))
    assert [(child.tag, child.get("message")) for child in case] == [("skipped", "needs a cluster")]


def test_characters_that_xml_forbids_are_replaced(make: Any) -> None:
    case = _case(make.report(make.refuted(reason="was \x1b[31m \ufffe <&>")))
    failure = case.find("failure")
    assert failure is not None
    assert failure.get("message") == "was �[31m � <&>"
