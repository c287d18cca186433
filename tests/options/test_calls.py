"""What tables say of arguments of calls is held against the real client libraries."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.options.conftest import Lab

from docwitness.page import Location
from docwitness.rule import Rule
from docwitness.sample import Sample
from docwitness.text import digest
from docwitness.verdict import Outcome

PYTHON = """\
from influxdb_client import InfluxDBClient
from influxdb_client.client.write_api import SYNCHRONOUS

with InfluxDBClient(url="https://cluster-id.a.influxdb.io", token="DATABASE_TOKEN", org="") as client:
    writer = client.write_api(write_options=SYNCHRONOUS)
    writer.write(bucket="DATABASE_NAME", record="home temp=21.5 1735545600", write_precision="s")
"""
BATCHING = """\
from influxdb_client import InfluxDBClient, WriteOptions

with InfluxDBClient(url="https://cluster-id.a.influxdb.io", token="DATABASE_TOKEN", org="") as client:
    with client.write_api(write_options=WriteOptions(batch_size=500, flush_interval=1_000, max_retries=3)) as writer:
        writer.write(bucket="DATABASE_NAME", record="home temp=21.5 1735545600000000000")
"""
NODE = """\
import { InfluxDB } from "@influxdata/influxdb-client";

const client = new InfluxDB({ url: "https://cluster-id.a.influxdb.io", token: "DATABASE_TOKEN" });
const writer = client.getWriteApi("", "DATABASE_NAME", "s", { batchSize: 2 });
writer.writeRecord("home temp=21.5 1735545600");
await writer.close();
"""
WRITE_API = "getWriteApi(org, bucket, precision)"


def sample(name: str, language: str, text: str) -> Sample:
    return Sample(id=name, location=Location("docs/page.md", 1), language=language, text=text, hash=digest(text), first_line=2)


@pytest.fixture
def clients(lab: Lab) -> Lab:
    alone = lab.alone()
    alone.add(sample("python", "python", PYTHON))
    return alone


@pytest.fixture
def node(lab: Lab, need: Callable[[str], str]) -> Lab:
    need("node")
    alone = lab.alone()
    alone.add(sample("node", "node", NODE))
    return alone


@pytest.fixture
def both(node: Lab) -> Lab:
    node.add(sample("batching", "python", BATCHING))
    return node


def test_true_rows_of_a_python_call_are_proven(clients: Lab) -> None:
    rows = (
        "`url` | Required | none | address",
        "`token` | Optional | none | token",
        "`org` | Required | none | text",
        "`timeout` | Optional | `10_000` | such as `30_000`",
        "`enable_gzip` | Optional | `False` | `True`, `False`",
    )
    judged = clients.judge("InfluxDBClient", "python", *rows)
    assert {name: each.ruling.reason for name, each in judged.items() if each.ruling.outcome is not Outcome.PROVEN} == {}


@pytest.mark.parametrize(
    ("row", "claim", "rule", "reason"),
    [
        ("`url` | Optional | none | text", "url:required", Rule.REQUIRED_DIFFERS, "missing 1 required positional argument: 'url'"),
        ("`timeout` | Optional | `20_000` | text", "timeout:default", Rule.DEFAULT_DIFFERS, "timeout is 10000, not 20_000"),
        ("`timout` | Optional | none | text", "timout:honored", Rule.HONORED_DIFFERS, "is ignored"),
        ("`enable_gzip` | Optional | `True` | text", "enable_gzip:default", Rule.DEFAULT_DIFFERS, "is not the same as True"),
    ],
)
def test_a_false_row_of_a_python_call_is_refuted(clients: Lab, row: str, claim: str, rule: Rule, reason: str) -> None:
    ruling = clients.judge("InfluxDBClient", "python", row)[claim].ruling
    assert (ruling.outcome, ruling.rule) == (Outcome.REFUTED, rule)
    assert reason in ruling.reason


def test_a_value_that_the_server_refuses_is_no_value_of_a_closed_list(clients: Lab) -> None:
    judged = clients.judge("write", "python", '`write_precision` | Optional | `"ns"` | `"ns"`, `"us"`, `"ms"`, `"s"`, `"m"`')
    assert judged['write_precision="m"'].ruling.rule is Rule.VALUE_REFUSED
    assert judged["write_precision:values"].ruling.outcome is Outcome.PROVEN


def test_what_a_call_needs_to_make_a_request_matters(clients: Lab) -> None:
    ruling = clients.judge("write", "python", "`record` | Required | none | lines")["record:honored"].ruling
    assert ruling.outcome is Outcome.PROVEN


def test_true_rows_of_a_node_call_are_proven(node: Lab) -> None:
    rows = (
        "`org` |  | none | text",
        "`bucket` |  | none | text",
        '`precision` | Optional | `"ns"` | `"ns"`, `"us"`, `"ms"`, `"s"`',
        "`batchSize` | Optional | `1000` | count",
        "`gzipThreshold` | Optional | `1000` | such as `1`",
        "`maxRetries` | Optional | `5` | count",
    )
    judged = node.judge(WRITE_API, "node", *rows)
    wrong = {name: each.ruling.rule for name, each in judged.items() if each.ruling.outcome is not Outcome.PROVEN}
    assert wrong == {"maxRetries:honored": Rule.NOT_OBSERVABLE}, "only close() sends here, and that does not try again"


@pytest.mark.parametrize(
    ("of", "row", "claim", "rule"),
    [
        ("InfluxDB", "`url` | Optional | none | text", "url:required", Rule.REQUIRED_DIFFERS),
        ("InfluxDB", "`timeout` | Optional | `20000` | text", "timeout:default", Rule.DEFAULT_DIFFERS),
        ("InfluxDB", "`timout` | Optional | none | text", "timout:honored", Rule.HONORED_DIFFERS),
        (WRITE_API, '`precision` | Optional | `"s"` | text', "precision:default", Rule.DEFAULT_DIFFERS),
        (WRITE_API, '`precision` | Optional | none | `"ns"`, `"s"`', "precision:values", Rule.UNDOCUMENTED_VALUE),
    ],
)
def test_a_false_row_of_a_node_call_is_refuted(node: Lab, of: str, row: str, claim: str, rule: Rule) -> None:
    ruling = node.judge(of, "node", row)[claim].ruling
    assert (ruling.outcome, ruling.rule) == (Outcome.REFUTED, rule)


@pytest.mark.parametrize(
    ("base", "of", "row"),
    [
        ("batching", "WriteOptions", "`batch_size` | Optional | `1_000` | such as `500`"),
        ("batching", "WriteOptions", "`flush_interval` | Optional | `1_000` | such as `100`"),
        ("batching", "WriteOptions", "`exponential_base` | Optional | `2` | count"),
        ("node", WRITE_API, "`flushInterval` | Optional | `60000` | such as `100`"),
    ],
)
def test_a_true_row_that_the_base_cannot_show_is_unproven(both: Lab, base: str, of: str, row: str) -> None:
    judged = both.judge(of, base, row)
    wrong = {name: each.ruling.rule for name, each in judged.items() if each.ruling.outcome is not Outcome.PROVEN}
    wrong.pop("options", None)
    assert wrong == {f"{row.split('`')[1]}:honored": Rule.NOT_OBSERVABLE}


@pytest.mark.parametrize(
    ("base", "of", "row", "claim", "rule"),
    [
        ("batching", "WriteOptions", "`batchsize` | Optional | none | count", "batchsize:honored", Rule.HONORED_DIFFERS),
        ("batching", "WriteOptions", "`batch_size` | Optional | `5_000` | count", "batch_size:default", Rule.DEFAULT_DIFFERS),
        ("batching", "InfluxDBClient", "`host` | Optional | none | text", "host:honored", Rule.HONORED_DIFFERS),
        ("node", WRITE_API, "`flush_interval` | Optional | none | count", "flush_interval:honored", Rule.HONORED_DIFFERS),
    ],
)
def test_a_keyword_that_does_not_exist_is_refuted(both: Lab, base: str, of: str, row: str, claim: str, rule: Rule) -> None:
    ruling = both.judge(of, base, row)[claim].ruling
    assert (ruling.outcome, ruling.rule) == (Outcome.REFUTED, rule)


def test_a_default_that_nothing_shows_is_unproven(clients: Lab) -> None:
    ruling = clients.judge("InfluxDBClient", "python", "`debug` | Optional | `2.5` | text")["debug:default"].ruling
    assert (ruling.outcome, ruling.rule) == (Outcome.UNPROVEN, Rule.NOT_OBSERVABLE)


def test_callbacks_need_no_row(node: Lab) -> None:
    node.add(sample("callback", "node", NODE.replace("batchSize: 2", "writeFailed() {}")))
    known = [f"`{name}` | Optional | none | text" for name in ("org", "bucket", "precision", "batchSize", "gzipThreshold")]
    assert node.judge(WRITE_API, "node", *known)["options"].ruling.outcome is Outcome.PROVEN
