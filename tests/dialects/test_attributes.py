"""Directives as written become values, or defects that say what is allowed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from docwitness.dialects.attributes import interpret, read_comment, read_header
from docwitness.directives import Directives, Expect, Role, ScopeSettings
from docwitness.page import Defect, Location
from docwitness.rule import Rule

HERE = Location("page.md", 7)


def comment(text: str, *, table: bool = False) -> tuple[Directives, tuple[Defect, ...]]:
    words, faults = read_comment(f" docwitness: {text} ", HERE)
    directives, defects = interpret(words, table=table)
    return directives, (*faults, *defects)


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("id=write-bearer", {"id": "write-bearer"}),
        ("expect=204", {"expect": Expect(statuses=("204",))}),
        ("expect=2xx", {"expect": Expect(statuses=("2xx",))}),
        ("expect=400,204", {"expect": Expect(statuses=("400", "204"))}),
        ("expect=none", {"expect": Expect(statuses=(), requests=False)}),
        ("exit=1", {"exit": 1}),
        ("session=tour setup=prepare same=tabs", {"session": "tour", "setup": "prepare", "same": "tabs"}),
        ("file=data/points.lp", {"role": Role.FILE, "file": "data/points.lp"}),
        ('scope="retention=1d partial-writes"', {"scope": ScopeSettings(retention_s=86400, partial_writes=True)}),
        ("scope=partial-writes", {"scope": ScopeSettings(partial_writes=True)}),
        ("skip='needs a cluster'", {"skip": "needs a cluster"}),
        ('xfail="the server answers 404"', {"xfail": "the server answers 404"}),
        ("timeout=2.5", {"timeout_s": 2.5}),
        ("stored", {"role": Role.STORED}),
    ],
)
def test_a_directive_becomes_its_value(text: str, changes: dict[str, Any]) -> None:
    assert comment(text) == (replace(Directives(), **changes), ())


def test_the_directives_of_a_table_become_values() -> None:
    wanted = Directives(role=Role.OPTIONS, of="telegraf-output", base="one")
    assert comment("options of=telegraf-output base=one", table=True) == (wanted, ())
    short = replace(wanted, partial="those that we use")
    assert comment('options of=telegraf-output base=one partial="those that we use"', table=True) == (short, ())


@pytest.mark.parametrize("text", ["values of=precision base=one partial=yes", "options of=telegraf-output base=one partial"])
def test_only_a_table_of_names_may_lack_some_and_says_why(text: str) -> None:
    directives, defects = comment(text, table=True)
    assert directives.partial is None
    assert [defect.rule for defect in defects] == [Rule.BAD_DIRECTIVE]


@pytest.mark.parametrize(
    "text",
    [
        "id=a/b",
        "id",
        "expect=20",
        "expect=600",
        "expect=2xx,",
        "expect=ok",
        "exit=256",
        "exit=-1",
        "session=",
        "file=/etc/passwd",
        "file=../up.txt",
        "file=a/../../b",
        "file=folder/",
        "scope=retention=1y",
        'scope="retention=0d"',
        "scope=partial_writes",
        "skip",
        'skip=" "',
        "timeout=0",
        "timeout=soon",
        "response=204",
        "response stored",
        "id=one id=two",
        "response expect=204",
        "file=a id=one",
        "of=x",
        'id="one',
        "id=one, expect=204",
        "@id",
    ],
)
def test_a_bad_directive_is_a_defect_at_its_place(text: str) -> None:
    _, defects = comment(text)
    assert [(defect.location, defect.rule) for defect in defects] == [(HERE, Rule.BAD_DIRECTIVE)]


def test_a_bad_directive_counts_as_not_said() -> None:
    assert comment("exit=many id=one")[0] == Directives(id="one")


@pytest.mark.parametrize(
    ("text", "meant"), [("setpu=one", "setup"), ("expct=204", "expect"), ("respones", "response"), ("timout=3", "timeout")]
)
def test_an_unknown_directive_is_a_defect_with_a_suggestion(text: str, meant: str) -> None:
    _, (defect,) = comment(text)
    assert defect.rule == Rule.UNKNOWN_DIRECTIVE
    assert f"did you mean '{meant}'?" in defect.message


def test_a_directive_of_a_comment_with_several_lines_stands_on_its_own_line() -> None:
    words, _ = read_comment(" docwitness:\n  id=one\n\n  expct=204\n", HERE)
    assert [(word.key, word.location.line) for word in words] == [("id", 8), ("expct", 10)]


@pytest.mark.parametrize(
    ("info", "language"),
    [
        ("sh", "sh"),
        ('sh title="a { b"', "sh"),
        ("{ .sh #one }", "sh"),
        ("{.sh}", "sh"),
        (".sh", "sh"),
        ('python { placeholders="A|B" }', "python"),
        ("js{1,3}", "js"),
        ("", ""),
        ("{ #one }", ""),
    ],
)
def test_the_language_is_read_from_the_header(info: str, language: str) -> None:
    assert read_header(info, HERE).language == language


def test_directives_are_read_from_attributes() -> None:
    header = read_header('{ .sh #one data-expect="401" data-skip="needs a cluster" data-analytics-name=x title="y" }', HERE)
    directives, defects = interpret(header.words, table=False)
    assert directives == Directives(id="one", expect=Expect(statuses=("401",)), skip="needs a cluster")
    assert (header.defects, defects) == ((), ())


@pytest.mark.parametrize("attribute", ["data-response", 'data-response=""', 'data-response="response"'])
def test_a_mark_may_be_an_attribute_with_any_value(attribute: str) -> None:
    directives, defects = interpret(read_header(f"{{ .http #one {attribute} }}", HERE).words, table=False)
    assert (directives.role, defects) == (Role.RESPONSE, ())


@pytest.mark.parametrize("attribute", ["data-expct", "data-setpu", "data-expext", "data-exti", "data-respnse"])
def test_an_attribute_that_was_meant_as_a_directive_is_a_defect(attribute: str) -> None:
    (defect,) = read_header(f'{{ .sh {attribute}="1" }}', HERE).defects
    assert (defect.rule, defect.location) == (Rule.UNKNOWN_DIRECTIVE, HERE)


@pytest.mark.parametrize("attribute", ["data-x", "data-note", "data-analytics-name", "data-lang", "title", "data"])
def test_attributes_of_others_are_left_alone(attribute: str) -> None:
    header = read_header(f'{{ .sh {attribute}="1" }}', HERE)
    assert (header.words, header.defects) == ((), ())
