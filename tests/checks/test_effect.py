from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from docwitness.checks.effect import moment
from docwitness.directives import Expect, ScopeSettings
from docwitness.rule import Rule
from docwitness.verdict import Outcome

TIME = 1735545600000000000


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        (f"home,b=2,a=1 t=1,n=1i {TIME}", f"home,a=1,b=2 n=1i,t=1 {TIME}"),
        (f"home t=1 {TIME}\nhome t=2 {TIME}\nhome u=3 {TIME}", f"home t=2,u=3 {TIME}"),
        (f"home t=1,t=2,time=3 {TIME}", f"home t=2 {TIME}"),
        ("home t=1\nhome,a=1 t=2", "home t=1\nhome,a=1 t=2"),
        ("# nothing\n", ""),
    ],
)
def test_what_was_sent_is_stored(bench: Any, sent: str, stored: str) -> None:
    ruling = bench.judge(bench.sample(), bench.exchange(sent), stored=stored)
    assert ruling.outcome is Outcome.PROVEN, ruling.reason


@pytest.mark.parametrize(
    ("sent", "stored", "reason"),
    [
        (f"home t=1 {TIME}", "", f"sent home t=1.0 {TIME}: accepted, but not stored"),
        (f"home t=1 {TIME}", f"home t=2 {TIME}", f"sent home t=1.0 {TIME}, but home t=2.0 {TIME} is stored"),
        (f"home t=1i {TIME}", f"home t=1 {TIME}", f"sent home t=1i {TIME}, but home t=1.0 {TIME} is stored"),
        (f"home t=1 {TIME}", f"home t=1 {TIME + 1}", f"not stored; home t=1.0 {TIME + 1} is"),
        (
            "home t=1",
            f"home t=1 {TIME}",
            f"sent home t=1.0 without a time: accepted, but not stored at that time; home t=1.0 {TIME} is",
        ),
        ("", f"home t=1 {TIME}", f"home t=1.0 {TIME} is stored, but no accepted request sent it"),
    ],
)
def test_what_is_stored_otherwise_refutes(bench: Any, sent: str, stored: str, reason: str) -> None:
    ruling = bench.judge(bench.sample(), bench.exchange(sent), stored=stored)
    assert ruling.rule is Rule.STORED_DIFFERS
    assert reason in ruling.reason


def test_a_point_is_told_as_line_protocol_that_reads_back_the_same(bench: Any) -> None:
    stored = f"home,path=a\\\\\\,b high=1e999,low=-1e999 {TIME}"
    (point,) = bench.points(stored)
    assert (point.tags, point.fields[0]) == ((("path", "a\\,b"),), ("high", ("float", float("inf"))))
    assert bench.judge(bench.sample(), stored=stored).reason == f"{stored} is stored, but no accepted request sent it"


def test_a_long_text_is_told_in_part(bench: Any) -> None:
    whole, long = '\\"' * 80, "y" * 81
    stored = f'home long="{long}",whole="{whole}" {TIME}'
    told = f'home long="{long[:79]}…",whole="{whole}" {TIME} is stored, but no accepted request sent it'
    assert bench.judge(bench.sample(), stored=stored).reason == told


@pytest.mark.parametrize("word", ["s", "second"])
def test_times_are_read_in_the_unit_of_the_request(bench: Any, word: str) -> None:
    exchange = bench.exchange("home t=1 1735545600", target=f"/api/v2/write?bucket=b&precision={word}")
    assert bench.judge(bench.sample(), exchange, stored=f"home t=1 {TIME}").outcome is Outcome.PROVEN


@pytest.mark.parametrize(
    "target", ["/write?db=b&precision=ms", "http://127.0.0.1:1/api/v2/write?precision=ms", "/api/v2/write?precision=ms&precision=s"]
)
def test_every_form_of_a_write_counts(bench: Any, target: str) -> None:
    exchange = bench.exchange("home t=1 1735545600000", target=target)
    assert bench.judge(bench.sample(), exchange, stored=f"home t=1 {TIME}").outcome is Outcome.PROVEN
    assert bench.judge(bench.sample(), exchange).rule is Rule.STORED_DIFFERS


def test_refused_writes_and_other_requests_store_nothing(bench: Any) -> None:
    exchanges = (bench.exchange(f"home t=1 {TIME}", target="/api/v2/query"), bench.exchange(f"home t=1 {TIME}", method="PUT"))
    assert bench.judge(bench.sample(), *exchanges).outcome is Outcome.PROVEN
    refused = bench.judge(bench.sample(xfail="refused"), bench.exchange(f"home t=1 {TIME}", 400))
    assert "is stored" not in refused.reason


def test_what_came_before_in_its_scope_is_part_of_the_effect(bench: Any) -> None:
    earlier = (bench.exchange(f"home t=1,u=1 {TIME}"),)
    ruling = bench.judge(bench.sample(), bench.exchange(f"home t=2 {TIME}"), earlier=earlier, stored=f"home t=2,u=1 {TIME}")
    assert ruling.outcome is Outcome.PROVEN


@pytest.mark.parametrize(
    ("timestamp", "query", "hint"),
    [
        (1735545600, "", "1735545600 looks like seconds, but was read as nanoseconds: is `precision=s` meant?"),
        (1735545600, "&precision=ms", "1735545600 looks like seconds, but was read as milliseconds: is `precision=s` meant?"),
        (1735545600000, "&precision=us", "looks like milliseconds"),
        (4102444800, "&precision=s", "where that time is meant, a `stored` block that shows it says so"),
        (1, "", "where that time is meant"),
    ],
)
def test_times_that_cannot_be_meant_refute_with_the_likely_unit(bench: Any, timestamp: int, query: str, hint: str) -> None:
    exchange = bench.exchange(f"home t=1 {timestamp}", target=f"/api/v2/write?bucket=b{query}")
    ruling = bench.judge(bench.sample(), exchange, stored=None)
    assert ruling.rule is Rule.IMPLAUSIBLE_TIME
    assert hint in ruling.hint


def test_the_moment_is_told(bench: Any) -> None:
    ruling = bench.judge(bench.sample(), bench.exchange("home t=1 1463683075"), stored="home t=1 1463683075")
    assert ruling.reason == "home t=1.0 1463683075 is stored at 1970-01-01T00:00:01.463683075Z"


@pytest.mark.parametrize(("offset_s", "rule"), [(86_300, None), (86_500, Rule.IMPLAUSIBLE_TIME)])
def test_up_to_a_day_ahead_is_plausible(bench: Any, offset_s: int, rule: Rule | None) -> None:
    line = f"home t=1 {bench.now_ns + offset_s * 10**9}"
    assert bench.judge(bench.sample(), bench.exchange(line), stored=line).rule is rule


def test_a_time_that_the_page_shows_is_meant(bench: Any) -> None:
    sample = bench.sample(stored="home t=1 1")
    assert bench.judge(sample, bench.exchange("home t=1 1"), stored="home t=1 1").outcome is Outcome.PROVEN
    other = bench.judge(sample, bench.exchange("home t=1 1\nyard t=1 2"), stored="home t=1 1\nyard t=1 2")
    assert other.rule is Rule.IMPLAUSIBLE_TIME


def test_the_times_of_earlier_samples_are_not_this_ones_fault(bench: Any) -> None:
    earlier = (bench.exchange("home t=1 1"),)
    assert bench.judge(bench.sample(), earlier=earlier, stored="home t=1 1").outcome is Outcome.PROVEN


@pytest.mark.parametrize(("partial", "rule"), [(True, None), (False, Rule.STORED_DIFFERS)])
def test_partial_writes_are_left_to_the_stored_block(bench: Any, partial: bool, rule: Rule | None) -> None:
    sample = bench.sample(scope=ScopeSettings(partial_writes=partial), expect=Expect(statuses=("400",)))
    good = f"home t=1 {TIME}"
    assert bench.judge(sample, bench.exchange(f"{good}\nhome t=", 400), stored=good).rule is rule


def test_an_effect_that_cannot_be_seen_refutes_nothing_and_is_told(bench: Any) -> None:
    ruling = bench.judge(bench.sample(stored="home t=9 1"), bench.exchange(f"home t=1 {TIME}"), stored=None)
    assert ruling.outcome is Outcome.PROVEN
    assert ruling.reason == "what it stored was not observable: the target does not show it"
    assert bench.judge(bench.sample(), stored=None).reason == ""


def test_a_body_that_is_not_all_known_is_not_compared_and_that_is_told(bench: Any) -> None:
    exchange = bench.exchange(f"home t=1 {TIME}")
    cut = replace(exchange, request=replace(exchange.request, problem="the record is full"))
    ruling = bench.judge(bench.sample(), cut)
    assert ruling.outcome is Outcome.PROVEN
    assert ruling.reason == "what it stored was not compared with what it sent: the record is full"


@pytest.mark.parametrize(
    ("time_ns", "words"),
    [(1_735_545_600_000_000_001, "2024-12-30T08:00:00.000000001Z"), (10**27, "a time that no calendar has")],
)
def test_a_time_is_told_however_far_it_is(time_ns: int, words: str) -> None:
    assert moment(time_ns) == words
