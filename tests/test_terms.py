"""The terms of a sample: what counts among them, and what does not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from docwitness.directives import Directives, Expect, ScopeSettings
from docwitness.page import Location
from docwitness.sample import Expected, NamedFile, Sample
from docwitness.terms import terms_of

HERE = Location("docs/page.md", 3)
SAMPLE = Sample(id="write", location=HERE, language="shell", text="cat points.lp", hash="0" * 64, first_line=4)
FILES = (NamedFile(name="points.lp", text="home t=1", location=HERE), NamedFile(name="other.lp", text="x", location=HERE))


@pytest.mark.parametrize(
    "changes",
    [
        {"directives": Directives(expect=Expect(statuses=("400",)))},
        {"directives": Directives(scope=ScopeSettings(retention_s=60))},
        {"directives": Directives(skip="not today")},
        {"output": Expected(location=HERE, text="ok", first_line=8)},
        {"response": Expected(location=HERE, text="ok", first_line=8)},
        {"console": True},
        {"files": FILES},
    ],
)
def test_what_a_page_says_of_a_sample_counts(changes: dict[str, object]) -> None:
    assert terms_of(replace(SAMPLE, **changes)) != terms_of(SAMPLE)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "changes",
    [
        {"text": "cat more.lp"},
        {"location": Location("docs/other.md", 9), "first_line": 10},
        {"directives": Directives(id="write")},
        {"directives": Directives(expect=None, exit=0)},
        {"files": FILES[1:]},
    ],
)
def test_place_name_and_text_do_not_and_neither_does_what_is_left_out(changes: dict[str, object]) -> None:
    assert terms_of(replace(SAMPLE, **changes)) == terms_of(SAMPLE)  # type: ignore[arg-type]


def test_terms_are_the_same_in_every_version() -> None:
    assert terms_of(SAMPLE) == "4c53008f2c21e2ad1039eee3526ee10b56fd575c2ab8db08452d02b48665f41e"
