from __future__ import annotations

from typing import Any

import pytest

from docwitness.rule import Rule
from docwitness.verdict import Outcome

TIME = 1735545600000000000
KITCHEN = f"home,room=Kitchen temp=21.5,hum=35i {TIME}"
HALL = f"home,room=Hall temp=19.5,hum=40i {TIME}"


@pytest.mark.parametrize(
    ("block", "held"),
    [
        (KITCHEN, KITCHEN),
        (f"# two rooms\n{HALL}\n\n{KITCHEN}", f"{KITCHEN}\n{HALL}"),
        (KITCHEN, f"{KITCHEN}\nyard temp=1 {TIME}"),
        ("home temp=1", "home temp=1"),
        (f"home temp=1\nhome temp=1 {TIME}", f"home temp=1 {TIME}\nhome temp=1"),
        (f'home note="one\ntwo" {TIME}', f'home note="one\ntwo" {TIME}'),
        ("", ""),
    ],
)
def test_the_scope_holds_what_is_shown(bench: Any, block: str, held: str) -> None:
    ruling = bench.judge(bench.sample(stored=block), bench.exchange(held), stored=held)
    assert ruling.outcome is Outcome.PROVEN, ruling.reason


@pytest.mark.parametrize(
    ("block", "at", "reason"),
    [
        (KITCHEN.replace("21.5", "21.6"), 41, "expected temp=21.6 (float), was 21.5 (float) in 'home,room=Kitchen temp=21.6,"),
        (KITCHEN.replace("35i", "35"), 41, "expected hum=35.0 (float), was 35i (int)"),
        (KITCHEN.replace(",hum=35i", ",dew=1"), 41, "expected field dew, was not there,"),
        (KITCHEN.replace(",hum=35i", ""), 41, "expected no field hum, was there,"),
        (KITCHEN.replace(str(TIME), str(TIME + 1)), 41, f"expected time {TIME + 1} in"),
        (KITCHEN.replace(str(TIME), "1"), 41, f"was {TIME} (2024-12-30T08:00:00Z)"),
        (KITCHEN.replace("Kitchen", "Cellar"), 41, "was not stored; stored is home,room=Kitchen hum=35i,temp=21.5"),
        (f"{KITCHEN}\n# and\n{HALL}", 43, f"expected '{HALL}', was not stored; stored is nothing else there"),
        (f"{KITCHEN}\nnothing", 42, "'nothing' is not line protocol"),
        ("", 41, "is stored, but is not shown"),
        ("yard temp=1", 41, "expected 'yard temp=1', was not stored"),
    ],
)
def test_what_differs_is_named_with_its_line(bench: Any, block: str, at: int, reason: str) -> None:
    ruling = bench.judge(bench.sample(stored=block), bench.exchange(KITCHEN), stored=KITCHEN)
    assert (ruling.rule, ruling.at) == (Rule.STORED_DIFFERS, at)
    assert reason in ruling.reason


def test_a_point_of_a_named_table_that_is_not_shown_refutes(bench: Any) -> None:
    held = f"{KITCHEN}\n{HALL}"
    ruling = bench.judge(bench.sample(stored=KITCHEN), bench.exchange(held), stored=held)
    assert ruling.rule is Rule.STORED_DIFFERS
    assert ruling.reason == f"home,room=Hall hum=40i,temp=19.5 {TIME} is stored, but is not shown"


def test_a_line_without_a_time_wants_a_plausible_one(bench: Any) -> None:
    ruling = bench.judge(bench.sample(stored="home temp=1"), bench.exchange("home temp=1 1"), stored="home temp=1 1")
    assert ruling.rule is Rule.STORED_DIFFERS
    assert "expected a plausible time in" in ruling.reason
    assert "looks like" not in ruling.reason


def test_a_wrong_unit_is_hinted_at_beside_the_block_that_shows_it(bench: Any) -> None:
    exchange = bench.exchange("home temp=1 1735545600", target="/api/v2/write?bucket=b&precision=ms")
    ruling = bench.judge(bench.sample(stored=f"home temp=1 {TIME}"), exchange, stored="home temp=1 1735545600000000")
    assert ruling.rule is Rule.STORED_DIFFERS
    assert ruling.hint == "1735545600 looks like seconds, but was read as milliseconds: is `precision=s` meant?"
