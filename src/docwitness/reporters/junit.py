"""The report as JUnit XML, for continuous integration: a suite for each page, a case for each claim."""

from __future__ import annotations

import re
from itertools import groupby
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from docwitness.report import Report
from docwitness.verdict import Outcome, Verdict

_NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 §2.2 does not allow, even escaped."""

_ELEMENT = {Outcome.REFUTED: "failure", Outcome.ERROR: "error", Outcome.UNPROVEN: "error"}
"""What is set aside by its page is `skipped` instead."""


class JUnit:
    """JUnit XML as Jenkins, GitLab and GitHub Actions read it."""

    name = "junit"

    def render(self, report: Report) -> str:
        """One `testsuites` element. What fails no run (set aside by its page) is `skipped`; unproven is `error`."""
        root = Element("testsuites", name="docwitness", time=_seconds(report.duration_s))
        _count(root, report.verdicts)
        ordered = sorted(report.verdicts, key=lambda verdict: verdict.location)
        for page, verdicts in groupby(ordered, key=lambda verdict: verdict.location.path):
            _suite(root, page, tuple(verdicts), report)
        indent(root)
        return tostring(root, encoding="unicode", xml_declaration=False).join(('<?xml version="1.0" encoding="UTF-8"?>\n', "\n"))


def _suite(root: Element, page: str, verdicts: tuple[Verdict, ...], report: Report) -> None:
    suite = SubElement(root, "testsuite", name=_text(page))
    suite.set("timestamp", report.started.strftime("%Y-%m-%dT%H:%M:%S"))
    suite.set("time", _seconds(sum(verdict.duration_s for verdict in verdicts)))
    _count(suite, verdicts)
    for verdict in verdicts:
        _case(suite, verdict)


def _count(element: Element, verdicts: tuple[Verdict, ...]) -> None:
    kinds = [_kind(verdict) for verdict in verdicts]
    element.set("tests", str(len(kinds)))
    for attribute, kind in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        element.set(attribute, str(kinds.count(kind)))


def _kind(verdict: Verdict) -> str:
    return "skipped" if verdict.set_aside else _ELEMENT.get(verdict.outcome, "")


def _case(suite: Element, verdict: Verdict) -> None:
    case = SubElement(suite, "testcase", name=_text(verdict.id), classname=_text(verdict.location.path))
    case.set("file", _text(verdict.location.path))
    case.set("line", str(verdict.at or verdict.location.line))
    case.set("time", _seconds(verdict.duration_s))
    kind = _kind(verdict)
    if kind:
        found = SubElement(case, kind, type=str(verdict.rule or verdict.outcome), message=_text(verdict.reason))
        parts = (str(verdict.location), verdict.row, verdict.reason, verdict.hint)
        found.text = _text("\n".join(part for part in parts if part))


def _seconds(seconds: float) -> str:
    return f"{seconds:.3f}"


def _text(text: str) -> str:
    return _NOT_IN_XML.sub("�", text)
