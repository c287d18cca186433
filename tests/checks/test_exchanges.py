from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from docwitness.directives import Expect
from docwitness.execution import Completed
from docwitness.rule import Rule
from docwitness.verdict import Outcome

LINE = "home temp=1 1735545600000000000"


def expecting(*statuses: str) -> Expect:
    return Expect(statuses=statuses)


@pytest.mark.parametrize(
    ("expect", "statuses", "rule"),
    [
        (None, (204, 200), None),
        (None, (204, 401), Rule.UNEXPECTED_STATUS),
        (None, (204, 302), Rule.UNEXPECTED_STATUS),
        (expecting("204"), (204, 204), None),
        (expecting("204"), (204, 200), Rule.UNEXPECTED_STATUS),
        (expecting("4xx"), (401,), None),
        (expecting("4XX"), (500,), Rule.UNEXPECTED_STATUS),
        (expecting("400", "204"), (400, 204), None),
        (expecting("400", "204"), (204, 400), Rule.UNEXPECTED_STATUS),
        (expecting("400", "204"), (400,), Rule.UNEXPECTED_REQUEST),
        (expecting("400", "204"), (400, 204, 204), Rule.UNEXPECTED_REQUEST),
        (Expect(requests=False), (204,), Rule.UNEXPECTED_REQUEST),
        (Expect(requests=False), (), None),
        (expecting("2xx"), (), Rule.NO_REQUEST),
        (None, (), None),
    ],
)
def test_statuses_are_those_expected(bench: Any, expect: Expect | None, statuses: tuple[int, ...], rule: Rule | None) -> None:
    exchanges = [bench.exchange(status=status, target="/ping", method="GET") for status in statuses]
    assert bench.judge(bench.sample(expect=expect), *exchanges).rule is rule


def test_a_sample_that_names_its_target_makes_a_request(bench: Any) -> None:
    sample = bench.sample(names_target=True)
    assert bench.judge(sample).rule is Rule.NO_REQUEST
    assert bench.judge(sample, bench.exchange()).outcome is Outcome.PROVEN
    assert (
        bench.judge(replace(sample, directives=replace(sample.directives, expect=Expect(requests=False)))).outcome is Outcome.PROVEN
    )


def test_the_reason_says_what_the_target_answered(bench: Any) -> None:
    answer = '{"code":"unauthorized","message":"no token"}'
    ruling = bench.judge(bench.sample(), bench.exchange(LINE, 401, answer, headers=()))
    assert ruling.reason == "expected 2xx, was 401 (unauthorized: no token) for POST /api/v2/write"
    assert ruling.hint == "no `Authorization` header was sent: it is `Authorization: Bearer TOKEN`"


def test_another_host_is_named_and_weighs_more_than_what_follows_from_it(bench: Any) -> None:
    execution = Completed(exit_status=56, stdout="", stderr="", duration_s=0.1)
    ruling = bench.judge(bench.sample(names_target=True), execution=execution, refused=("cluster.example.com",) * 2)
    assert ruling.rule is Rule.FOREIGN_HOST
    assert ruling.reason.startswith("it wants to reach cluster.example.com, which is not its target; also: expected exit status 0")


def test_a_connection_that_ends_without_a_response_is_refuted(bench: Any) -> None:
    ruling = bench.judge(bench.sample(), bench.exchange(status=None))
    assert (ruling.rule, ruling.outcome) == (Rule.NO_RESPONSE, Outcome.REFUTED)
    assert "POST /api/v2/write got no response: the connection ended" in ruling.reason


def test_a_target_that_cannot_be_reached_is_an_error_of_the_run(bench: Any) -> None:
    unreachable = replace(bench.exchange(status=None), unreachable="connection refused")
    ruling = bench.judge(bench.sample(xfail="known"), unreachable)
    assert (ruling.outcome, ruling.rule) == (Outcome.ERROR, Rule.TARGET)
    assert ruling.reason == "the target cannot be reached: connection refused"
    assert bench.judge(bench.sample(), bench.exchange(), unreachable).rule is Rule.NO_RESPONSE


def test_what_is_no_http_is_told(bench: Any) -> None:
    no_http = bench.exchange(status=400, method="", target="")
    assert "for something that is not HTTP" in bench.judge(bench.sample(), no_http).reason
    answered = bench.judge(bench.sample(), bench.exchange(status=0))
    assert answered.reason.startswith("expected 2xx, was no HTTP response for POST /api/v2/write")


@pytest.mark.parametrize(
    ("status", "answer", "request_parts", "hint"),
    [
        (401, "", {"headers": (("Authorization", "Basic abc"),)}, "`Authorization: Basic …` was sent; the target knows"),
        (401, "", {"headers": (("authorization", "Token "),)}, "`Authorization: Token` was sent without a token"),
        (403, "", {}, "the token is not one of this database"),
        (403, "", {"headers": (("Authorization", "Bearer DATABASE_TOKN"),)}, "`DATABASE_TOKN` was sent as it stands"),
        (400, "", {"target": "/api/v2/write?bucket=<database>"}, "`<database>` was sent as it stands"),
        (404, "", {"method": "post"}, "methods are case-sensitive: `POST`, not `post`"),
        (404, "", {"method": "PUT"}, "writes are made by POST, not PUT"),
        (404, "", {"target": "/api/v2/writes"}, "/api/v2/writes is not a path of the write API"),
        (400, "unknown variant, precision", {}, "this value of `precision`"),
        (400, "missing bucket value", {"target": "/api/v2/write?bukcet=b&org="}, "sent were: bukcet, org"),
        (400, "rejecting write due to non-existing namespace: b", {}, "there is no such database"),
        (
            400,
            "Found trailing content",
            {"headers": (("Content-Type", "application/x-www-form-urlencoded"),)},
            "`--data-binary`",
        ),
        (413, "", {}, "send it in parts"),
        (415, "", {}, "`Content-Encoding: gzip`"),
        (422, "", {}, "older than the database keeps"),
        (500, "", {}, "curl exits 0 on an error of the server"),
    ],
)
def test_likely_causes_are_hinted_at(bench: Any, status: int, answer: str, request_parts: dict[str, Any], hint: str) -> None:
    ruling = bench.judge(bench.sample("curl x"), bench.exchange("m", status, answer, **request_parts))
    assert hint in ruling.hint


@pytest.mark.parametrize("status", [400, 401, 403, 404, 413, 415, 422])
def test_causes_of_the_write_api_are_not_hinted_at_for_another_one(bench: Any, status: int) -> None:
    answer = "unknown variant, precision"
    ruling = bench.judge(bench.sample("x"), bench.exchange("{}", status, answer, target="/v1/items?limit=0", headers=()))
    assert ruling.hint == ""


@pytest.mark.parametrize(
    ("block", "expect", "hint"),
    [
        ("HTTP/1.1 401 Unauthorized", None, "the response block shows 401: say `expect=401` as well"),
        ("HTTP/1.1 400 Bad Request", None, "no `Authorization` header"),
        ("HTTP/1.1 401 Unauthorized", Expect(statuses=("204",)), "no `Authorization` header"),
    ],
)
def test_a_refusal_that_the_page_shows_is_to_be_expected_as_well(bench: Any, block: str, expect: Any, hint: str) -> None:
    sample = bench.sample("curl x", response=block, expect=expect)
    assert hint in bench.judge(sample, bench.exchange("m", 401, headers=())).hint


def test_what_follows_from_a_refusal_is_not_told_beside_it(bench: Any) -> None:
    sample = bench.sample(response="HTTP/1.1 204", output="204", stored="home temp=1")
    answer = '{"code":"invalid",\n"message":"one\\ntwo"}'
    ruling = bench.judge(sample, bench.exchange(LINE, 400, answer))
    assert ruling.reason == "expected 2xx, was 400 (invalid: one two) for POST /api/v2/write"


def test_telegraf_is_silent_about_a_refused_batch(bench: Any) -> None:
    ruling = bench.judge(bench.sample("[[outputs.influxdb_v2]]", language="telegraf"), bench.exchange("m", 400))
    assert ruling.hint == "Telegraf drops a batch that is refused, and exits 0"
