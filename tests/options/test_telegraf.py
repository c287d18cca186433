"""What tables say of Telegraf's options is held against Telegraf itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.options.conftest import Lab, table

from docwitness.claim import OnlyParameters
from docwitness.directives import Directives
from docwitness.page import Location
from docwitness.rule import Rule
from docwitness.runners.telegraf import Telegraf
from docwitness.sample import Sample
from docwitness.settings import TelegrafSettings
from docwitness.tables.reading import read
from docwitness.text import digest
from docwitness.verdict import Outcome

OF, BASE = "outputs.influxdb_v2", "output"
OUTPUT = """\
[[outputs.influxdb_v2]]
  urls = ["https://cluster-id.a.influxdb.io"]
  token = "DATABASE_TOKEN"
  bucket = "DATABASE_NAME"
"""
CERTIFIED = """\
[[outputs.influxdb_v2]]
  urls = ["https://gateway.example.com:9443"]
  token = "DATABASE_TOKEN"
  bucket = "DATABASE_NAME"
  tls_ca = "/etc/telegraf/ca.pem"
  tls_cert = "/etc/telegraf/client.pem"
  tls_key = "/etc/telegraf/client-key.pem"
"""
IGNORED = ("precision", "interval", "data_format", "tags", "labels", "buffer_strategy")
"""Some of the keys that Telegraf accepts in this table and never uses."""


def sample(text: str, name: str = BASE, language: str = "telegraf", **directives: Any) -> Sample:
    return Sample(
        id=name,
        location=Location("docs/page.md", 1),
        language=language,
        text=text,
        hash=digest(text),
        first_line=2,
        directives=Directives(**directives),
    )


@pytest.fixture
def telegraf(lab: Lab, need: Callable[[str], str]) -> Lab:
    need("telegraf")
    alone = lab.alone()
    alone.add(sample(OUTPUT))
    return alone


def test_true_rows_are_proven(telegraf: Lab) -> None:
    judged = telegraf.judge(
        OF,
        BASE,
        '`content_encoding` | Optional | `"gzip"` | `"gzip"`, `"identity"`',
        "`urls` | Optional | none | list",
        "`token` | Optional | none | text",
        "`bucket` | Optional | none | text",
    )
    assert [name for name, each in judged.items() if each.ruling.outcome is not Outcome.PROVEN] == ["options"]


@pytest.mark.parametrize(
    ("row", "claim", "rule", "reason"),
    [
        ('`content_encoding` | Required | none | `"gzip"`', "content_encoding:required", Rule.REQUIRED_DIFFERS, "is optional"),
        (
            '`content_encoding` | Optional | `"identity"` | text',
            "content_encoding:default",
            Rule.DEFAULT_DIFFERS,
            "is not the same",
        ),
        (
            '`content_encoding` | Optional | none | `"gzip"`',
            "content_encoding:values",
            Rule.UNDOCUMENTED_VALUE,
            '"identity" is accepted',
        ),
        ('`timeout` | Optional | `"6s"` | text', "timeout:default", Rule.DEFAULT_DIFFERS, "timeout is 5s, not"),
        ('`timeout` | Optional | none | such as `"soon"`', 'timeout="soon"', Rule.VALUE_REFUSED, "invalid duration"),
        ('`bucket_tag` | Optional | none | such as `"floor"`', 'bucket_tag="floor"', Rule.VALUE_DIFFERS, "changes nothing"),
        (
            "`organisation` | Optional | none | text",
            "organisation:honored",
            Rule.HONORED_DIFFERS,
            "there is no option organisation",
        ),
        ("`concurrent_writes` | Optional | `1 2` | text", "concurrent_writes:default", Rule.DEFAULT_DIFFERS, "is not TOML"),
    ],
)
def test_a_false_row_is_refuted(telegraf: Lab, row: str, claim: str, rule: Rule, reason: str) -> None:
    ruling = telegraf.judge(OF, BASE, row)[claim].ruling
    assert (ruling.outcome, ruling.rule) == (Outcome.REFUTED, rule)
    assert reason in ruling.reason


def test_a_key_that_is_accepted_and_never_used_is_refuted(telegraf: Lab) -> None:
    judged = telegraf.judge(OF, BASE, *(f"`{name}` | Optional | none | text" for name in IGNORED))
    reasons = {name: judged[f"{name}:honored"].ruling.reason for name in IGNORED}
    assert {name: reason for name, reason in reasons.items() if "said to be honored, is ignored" not in reason} == {}


def test_a_key_that_is_said_to_be_ignored_is_proven_when_it_is(telegraf: Lab) -> None:
    rows = ('`precision` | Ignored | such as `"1s"`', "`bucket` | Ignored | text")
    judged = telegraf.judge(OF, BASE, *rows, headings=("Option", "Honored", "Values"))
    assert judged["precision:honored"].ruling.outcome is Outcome.PROVEN
    assert judged["bucket:honored"].ruling.reason.startswith("said to be ignored, is honored: ")


def test_an_option_may_need_another_one_to_do_anything(telegraf: Lab) -> None:
    rows = ('`bucket_tag` | Optional | none | such as `"room"`', "`exclude_bucket_tag` | Optional | `false` | `true`, `false`")
    ruling = telegraf.judge(OF, BASE, *rows)["exclude_bucket_tag:honored"].ruling
    assert ruling.outcome is Outcome.PROVEN
    assert 'bucket_tag = "room"' in ruling.reason


def test_a_limit_of_time_shows_when_answers_are_late(telegraf: Lab) -> None:
    ruling = telegraf.judge(OF, BASE, '`timeout` | Optional | `"5s"` | such as `"30s"`')["timeout:honored"].ruling
    assert ruling.outcome is Outcome.PROVEN
    assert "answers come late" in ruling.reason


def test_the_address_of_a_connection_shows(telegraf: Lab) -> None:
    ruling = telegraf.judge(OF, BASE, "`local_address` | Optional | automatic | address")["local_address:honored"].ruling
    assert ruling.outcome is Outcome.PROVEN
    assert "127.0.0.2" in ruling.reason


def test_without_an_address_nothing_leaves_the_recorder(telegraf: Lab) -> None:
    judged = telegraf.judge(OF, BASE, '`urls` | Optional | `["http://localhost:8086"]` | list')
    ruling = judged["urls:default"].ruling
    assert ruling.outcome is Outcome.PROVEN
    hosts = {refused.host for evidence in ruling.evidence for refused in evidence.refused}
    assert "localhost:8086" in hosts


def test_an_option_that_a_sample_sets_must_have_a_row(telegraf: Lab) -> None:
    ruling = telegraf.judge(OF, BASE, "`urls` | Optional | none | list", "`token` | Optional | none | text")["options"].ruling
    assert ruling.rule is Rule.UNDOCUMENTED_PARAMETER
    assert ruling.reason == "no row has 'bucket', which 'output' (docs/page.md:1) sets"


def test_an_option_that_telegraf_lists_must_have_a_row(telegraf: Lab) -> None:
    listed = telegraf.runner.run(Telegraf(TelegrafSettings()).options(OF))
    rows = [f"`{name}` | Optional | none | any" for name in listed if name != "tls_key"]
    claims = [claim for claim in read(table(OF, BASE, *rows), {}).claims if isinstance(claim, OnlyParameters)]
    ((judged,),) = telegraf.claims(claims)
    assert judged.ruling.rule is Rule.UNDOCUMENTED_PARAMETER
    assert judged.ruling.reason == "no row has 'tls_key', which telegraf lists in its own sample configuration"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("`tls_ca` | Optional | none | path", "0 requests become 1 request"),
        ("`tls_cert` | Optional | none | path", "0 requests become 1 request"),
        ("`tls_server_name` | Optional | none | name", "1 request become 0 requests"),
        ("`insecure_skip_verify` | Optional | `false` | `true`, `false`", "tls_ca left out"),
        ("`tls_min_version` | Optional | none | version", "unsupported version"),
    ],
)
def test_what_telegraf_does_about_certificates_shows(telegraf: Lab, row: str, reason: str) -> None:
    telegraf.add(sample(CERTIFIED, "certified"))
    judged = telegraf.judge(OF, "certified", row, *(["`tls_ca` | Optional | none | path"] if "tls_ca" not in row else []))
    name = row.split("`")[1]
    assert {each.ruling.outcome for claim, each in judged.items() if claim.startswith(name)} == {Outcome.PROVEN}
    assert reason in judged[f"{name}:honored"].ruling.reason


def test_a_wrong_default_of_a_switch_is_refuted_over_tls_too(telegraf: Lab) -> None:
    telegraf.add(sample(CERTIFIED, "certified"))
    rows = ("`insecure_skip_verify` | Optional | `true` | any", "`tls_ca` | Optional | none | path")
    ruling = telegraf.judge(OF, "certified", *rows)["insecure_skip_verify:default"].ruling
    assert (ruling.outcome, ruling.rule) == (Outcome.REFUTED, Rule.DEFAULT_DIFFERS)


@pytest.mark.parametrize(
    ("base", "reason"),
    [
        (sample(OUTPUT, "twice", setup="output"), "'twice' needs other samples before it"),
        (sample("[agent]\n", "agent"), "'agent' cannot be varied: the table outputs.influxdb_v2 stands in the sample 0 times"),
        (sample("curl", "curl", "shell"), "shell samples such as 'curl' have no options"),
    ],
)
def test_a_base_that_cannot_be_varied_is_an_error(lab: Lab, base: Sample, reason: str) -> None:
    lab = lab.alone()
    lab.add(base)
    ruling = lab.judge(OF, base.id, "`urls` | Optional | none | list")["urls:required"].ruling
    assert (ruling.outcome, ruling.rule) == (Outcome.ERROR, Rule.NO_BASE)
    assert reason in ruling.reason


def test_a_base_that_makes_no_request_is_an_error(telegraf: Lab) -> None:
    telegraf.add(sample(OUTPUT.replace("bucket =", "buckets ="), "broken"))
    ruling = telegraf.judge(OF, "broken", "`urls` | Optional | none | list")["urls:required"].ruling
    assert (ruling.outcome, ruling.rule) == (Outcome.ERROR, Rule.NO_BASE)
    assert 'fields ["buckets"], but they were not used' in ruling.reason
