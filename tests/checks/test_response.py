from __future__ import annotations

from typing import Any

import pytest

from docwitness.directives import Expect
from docwitness.rule import Rule
from docwitness.sample import Sample
from docwitness.verdict import Outcome

ANSWER = '{"code":"invalid","message":"failed to parse","line":1}'


def refused(bench: Any, block: str) -> Sample:
    """A sample that expects 400."""
    sample: Sample = bench.sample(response=block, expect=Expect(statuses=("400",)))
    return sample


@pytest.mark.parametrize(
    "block",
    [
        "HTTP/1.1 400 Bad Request",
        "HTTP/2 400",
        "400 Bad Request",
        "400 Bad Request\ncontent-type: application/json\n\n{…}",
        "HTTP/1.1 4…",
        "HTTP/1.1 400 Bad Request\nContent-Type: application/json",
        "HTTP/1.1 400 Bad Request\ncontent-type: …/json\n…",
        'HTTP/1.1 400 Bad Request\ncontent-type: application/json\n\n{\n  "line": 1,\n  "code": "invalid",\n  "message": "…"\n}',
        ANSWER,
        '{"code": "invalid", …}',
        '{"code":"invalid",…}',
    ],
)
def test_a_response_as_it_is_shown(bench: Any, block: str) -> None:
    ruling = bench.judge(refused(bench, block), bench.exchange("m", 400, ANSWER))
    assert ruling.outcome is Outcome.PROVEN, ruling.reason


@pytest.mark.parametrize(
    ("block", "at", "reason"),
    [
        ("HTTP/1.1 401 Unauthorized", 21, "expected status 401, was 400"),
        ("401 Unauthorized", 21, "expected status 401, was 400"),
        ("400 Unauthorized", 21, "the body: expected '400 Unauthorized', was "),
        ("HTTP/1.0 400 Bad Request", 21, "expected HTTP/1.0, was HTTP/1.1"),
        ("HTTP/1.1 400 Wrong", 21, "expected 400 Wrong, was 400 Bad Request"),
        ("HTTP/1.1 400\ncontent-type: text/plain", 22, "expected content-type: text/plain, was application/json"),
        ("HTTP/1.1 400\ncontent-type: …\nretry-after: 1", 23, "expected a header retry-after, was not there"),
        ('HTTP/1.1 400\n\n{\n  "code": "internal", …}', 24, 'code: expected "internal", was "invalid"'),
        ('{\n"code": "invalid",\n"message": "…"}', 21, "line: was 1, but is not shown"),
        ('{"code": "invalid",\n"line": 2, …}', 22, "line: expected 2, was 1"),
        ("no JSON", 21, "the body: expected 'no JSON', was "),
    ],
)
def test_the_part_that_differs_is_named_with_its_line(bench: Any, block: str, at: int, reason: str) -> None:
    ruling = bench.judge(refused(bench, block), bench.exchange("m", 400, ANSWER))
    assert (ruling.rule, ruling.at) == (Rule.RESPONSE_DIFFERS, at)
    assert reason in ruling.reason


@pytest.mark.parametrize(
    ("block", "at"),
    [('{"code": "bogus", "code": "invalid", …}', 21), ('HTTP/1.1 400\n\n{\n  "code": "internal",\n  "code": "invalid", …}', 25)],
)
def test_a_key_that_stands_twice_is_no_data(bench: Any, block: str, at: int) -> None:
    ruling = bench.judge(refused(bench, block), bench.exchange("m", 400, ANSWER))
    assert (ruling.outcome, ruling.rule, ruling.at) == (Outcome.REFUTED, Rule.BROKEN_DATA, at)


def test_the_last_exchange_counts(bench: Any) -> None:
    sample = bench.sample(response="HTTP/1.1 204 No Content", expect=Expect(statuses=("400", "204")))
    assert bench.judge(sample, bench.exchange("m", 400), bench.exchange()).outcome is Outcome.PROVEN
    assert bench.judge(bench.sample(response="HTTP/1.1 204")).rule is Rule.RESPONSE_DIFFERS


def test_a_header_may_come_several_times(bench: Any) -> None:
    headers = (("x-a", "1"), ("X-A", "2"))
    for value in ("1", "2", "1, 2"):
        sample = bench.sample(response=f"HTTP/1.1 204\nx-a: {value}")
        assert bench.judge(sample, bench.exchange(answer_headers=headers)).outcome is Outcome.PROVEN


def test_texts_are_compared_by_line(bench: Any) -> None:
    exchange = bench.exchange("", 200, "OK\nready\n", target="/health", method="GET")
    assert bench.judge(bench.sample(response="HTTP/1.1 200\n\nOK\n…"), exchange).outcome is Outcome.PROVEN
    assert bench.judge(bench.sample(response="HTTP/1.1 200\n\nOK\nnot ready"), exchange).at == 24
