from __future__ import annotations

import re

import pytest

from docwitness.directives import Directives
from docwitness.errors import UsageError
from docwitness.page import Location
from docwitness.sample import Sample
from docwitness.selection import choose, parse
from docwitness.text import digest


def _sample(
    name: str, *, page: str = "docs/write.md", language: str = "shell", session: str | None = None, hidden: bool = False
) -> Sample:
    return Sample(
        id=name,
        location=Location(page, 1),
        language=language,
        text="true",
        hash=digest("true"),
        first_line=2,
        hidden=hidden,
        directives=Directives(id=name, session=session),
    )


def _ids(samples: tuple[Sample, ...]) -> list[str]:
    return [sample.id for sample in samples]


@pytest.mark.parametrize(
    ("expression", "holds"),
    [
        ("bearer", True),
        ("BEARER", True),
        ("gzip", False),
        ("not gzip", True),
        ("write and bearer", True),
        ("write and gzip", False),
        ("gzip or bearer", True),
        ("gzip or not bearer", False),
        ("not (gzip or bearer)", False),
        ("gzip and gzip or bearer", True),
        ("gzip and (gzip or bearer)", False),
        ("docs/write.md", True),
        ("not not bearer", True),
    ],
)
def test_expressions_are_those_of_pytest(expression: str, holds: bool) -> None:
    assert parse(expression)("write-bearer docs/write.md") is holds


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("and", "a name was expected where 'and' stands"),
        ("not", "a name was expected where the end stands"),
        ("a or", "a name was expected where the end stands"),
        ("()", "a name was expected where ')' stands"),
        ("a and or b", "a name was expected where 'or' stands"),
        ("a b", "`and` or `or` was expected where 'b' stands"),
        ("a)", "`and` or `or` was expected where ')' stands"),
        ("(a", "`and`, `or` or `)` was expected where the end stands"),
    ],
)
def test_a_broken_expression_is_a_usage_error(expression: str, expected: str) -> None:
    with pytest.raises(UsageError, match=re.escape(f"-k {expression!r}: {expected}")):
        parse(expression)


def test_everything_that_is_shown_is_chosen_by_default() -> None:
    samples = [_sample("one"), _sample("two", language="python"), _sample("prepare", hidden=True)]
    assert _ids(choose(samples)) == ["one", "two"]


def test_languages_and_names_are_both_asked_for() -> None:
    samples = [_sample("one"), _sample("two"), _sample("two-python", language="python")]
    assert _ids(choose(samples, keyword="two", languages=["shell"])) == ["two"]


def test_the_page_is_part_of_the_name() -> None:
    samples = [_sample("one", page="docs/a.md"), _sample("two", page="docs/b.md")]
    assert _ids(choose(samples, keyword="b.md")) == ["two"]


def test_predecessors_of_a_session_come_along() -> None:
    samples = [
        _sample("first", session="s"),
        _sample("elsewhere", page="docs/other.md", session="s"),
        _sample("alone"),
        _sample("wanted", session="s"),
        _sample("later", session="s"),
    ]
    assert _ids(choose(samples, keyword="wanted")) == ["first", "wanted"]
