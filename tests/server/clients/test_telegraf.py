"""What people see who write with Telegraf."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

CANNOT = {
    "bad line": "it refuses the line itself when it reads it",
    "broken off": "it ignores a Content-Length of its configuration",
    "too large when inflated": "its input is text",
}
CONFIGURATION = """\
[agent]
  omit_hostname = true
  precision = "1ns"
[[inputs.file]]
  files = ["input.lp"]
  data_format = "influx"
[[outputs.influxdb_v2]]
"""
DROPPED = "failed to write metrics to BUCKET (will be dropped: STATUS): CODE: MESSAGE"
KEPT = "failed to write metrics to BUCKET (STATUS): CODE: MESSAGE"
LOGGED = {
    400: ("400 Bad Request", DROPPED),
    401: ("401 Unauthorized", KEPT),
    403: ("403 Forbidden", KEPT),
    404: ("404 Not Found", DROPPED),
    413: ("413 Payload Too Large", "STATUS: : CODE: MESSAGE"),
    415: ("415 Unsupported Media Type", DROPPED),
    422: ("422 Unprocessable Entity", DROPPED),
    500: ("500 Internal Server Error", 'failed to write metrics to bucket "BUCKET": STATUS: CODE: MESSAGE'),
    503: ("503 Service Unavailable", "failed to write to BUCKET; will retry in 25ms. (STATUS)"),
}
"""What it logs; points that are not dropped it would send again, so that a single run fails."""


@pytest.fixture
def telegraf(command: Callable[[str], str], tmp_path: Path) -> Callable[..., tuple[int, str]]:
    """Runs it once over a file; its exit status, and its log."""
    path = command("telegraf")

    def run(content: bytes, **output: Any) -> tuple[int, str]:
        (tmp_path / "input.lp").write_bytes(content)
        options = "".join(f"  {key} = {_toml(value)}\n" for key, value in output.items())
        (tmp_path / "telegraf.conf").write_text(CONFIGURATION + options, "utf-8")
        words = [path, "--once", "--config", "telegraf.conf"]
        result = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False, cwd=tmp_path)
        return result.returncode, result.stdout + result.stderr

    return run


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_toml(key)} = {_toml(entry)}" for key, entry in value.items()) + "}"
    return json.dumps(value, ensure_ascii=False)


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_what_telegraf_writes_is_stored(server: Any, telegraf: Callable[..., tuple[int, str]], encoding: str) -> None:
    lines = b'm,t=a f=1.5,i=2i 1\nm,t=b s="x",b=true 2'
    status, log = telegraf(lines, urls=[server.url], token=server.token, bucket="sensors", content_encoding=encoding)
    assert (status, " E! " in log) == (0, False)
    assert [(row["tags"]["t"], row["time_ns"]) for row in server.rows()] == [("a", 1), ("b", 2)]


def test_telegraf_tells_each_error(meet: Callable[[Any], Any], telegraf: Callable[..., tuple[int, str]], fault: Any) -> None:
    server = meet(fault)
    bucket = server.database if fault.bucket is None else fault.bucket
    query = "" if fault.precision == "ns" else f"?precision={fault.precision}"
    status, log = telegraf(
        fault.body,
        urls=[server.url + fault.path + query],
        token=server.token if fault.token is None else fault.token,
        bucket=bucket,
        content_encoding="identity",
        http_headers=dict(fault.headers),
    )
    answer, text = LOGGED[fault.error.status]
    assert status == (0 if text is DROPPED else 1)
    assert re.search(logged(fault, bucket, answer, text), log, re.MULTILINE)


def logged(fault: Any, bucket: str, answer: str, text: str) -> str:
    """The entry as a regular expression."""
    entry = re.escape(text).replace("BUCKET", bucket).replace("STATUS", answer).replace("CODE", fault.error.code)
    return entry.replace("MESSAGE", fault.pattern) + (rf" - line\[{fault.line}\]" if fault.line else "") + "$"
