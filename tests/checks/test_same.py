from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from docwitness.checks.same import alone, judge_same
from docwitness.evidence import Evidence
from docwitness.execution import Completed
from docwitness.observation import Witnessed
from docwitness.page import Location
from docwitness.rule import Rule

POINT = "home,room=Kitchen temp=21.5,hum=35i 1735545600000000000"


def _ran(bench: Any, line: int, stored: str | None, same: str | None = "tabs") -> Witnessed:
    sample = replace(bench.sample(same=same), id=f"s{line}", location=Location("page.md", line))
    effect = None if stored is None else bench.points(stored)
    execution = Completed(exit_status=0, stdout="", stderr="", duration_s=0.1)
    return Witnessed(sample=sample, evidence=Evidence(execution=execution, exchanges=(bench.exchange(),), effect=effect))


@pytest.mark.parametrize(
    "others",
    [
        "home,room=Kitchen hum=35i,temp=21.5 1735545600000000000",
        POINT,
    ],
)
def test_samples_that_store_the_same_are_left_alone(bench: Any, others: str) -> None:
    assert not list(judge_same([_ran(bench, 1, POINT), _ran(bench, 5, others)]))


@pytest.mark.parametrize(
    ("stored", "told"),
    [
        ("home,room=Kitchen temp=21.5,hum=35 1735545600000000000", "hum=35.0,temp=21.5"),
        ("home,room=Hall temp=21.5,hum=35i 1735545600000000000", "room=Hall"),
        ("home,room=Kitchen temp=21.5,hum=35i 1735545600000000001", "2024-12-30T08:00:00.000000001Z"),
        (
            f"{POINT}\nhome,room=Hall temp=1 1735545600000000000",
            "room=Hall temp=1.0 1735545600000000000 (2024-12-30T08:00:00Z) is one",
        ),
        ("", "is missing"),
    ],
)
def test_the_sample_that_differs_is_told_with_a_point_and_a_companion(bench: Any, stored: str, told: str) -> None:
    (difference,) = judge_same([_ran(bench, 1, POINT), _ran(bench, 5, stored)])
    assert (difference.sample.id, difference.ruling.rule) == ("s5", Rule.SAME_DIFFERS)
    assert "than 's1' (page.md:1)" in difference.ruling.reason
    assert told in difference.ruling.reason


def test_most_of_a_name_are_right(bench: Any) -> None:
    wrong = POINT.replace("21.5", "21")
    (difference,) = judge_same([_ran(bench, 1, wrong), _ran(bench, 5, POINT), _ran(bench, 9, POINT)])
    assert difference.sample.id == "s1"
    assert "'s5'" in difference.ruling.reason


def test_times_of_the_run_itself_are_one(bench: Any) -> None:
    now, later = (f"home temp=21.5 {bench.now_ns + shift}" for shift in (-50_000_000, 200_000_000))
    assert not list(judge_same([_ran(bench, 1, now), _ran(bench, 5, later), _ran(bench, 9, "home temp=21.5")]))
    hour = f"home temp=21.5 {bench.now_ns - 3_600_000_000_000}"
    (difference,) = judge_same([_ran(bench, 1, now), _ran(bench, 5, hour)])
    assert "(now)" in difference.ruling.reason


def test_other_names_and_samples_without_one_are_not_compared(bench: Any) -> None:
    assert not list(judge_same([_ran(bench, 1, POINT), _ran(bench, 5, "", same="others"), _ran(bench, 9, "", same=None)]))


def test_what_cannot_be_seen_is_not_compared(bench: Any) -> None:
    assert not list(judge_same([_ran(bench, 1, POINT), _ran(bench, 5, None), _ran(bench, 9, POINT)]))


def test_a_name_that_one_sample_has_is_a_slip(bench: Any) -> None:
    samples = [bench.sample(same=name) for name in ("tabs", "tabs", "tab", None)]
    (defect,) = alone(samples)
    assert (defect.rule, defect.message) == (Rule.BAD_DIRECTIVE, "no other sample is marked same=tab (did you mean 'tabs'?)")
