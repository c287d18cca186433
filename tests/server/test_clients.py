"""What people see who write with real clients and meet the documented errors."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from influxdb_client.client.influxdb_client import InfluxDBClient
from influxdb_client.client.write_api import SYNCHRONOUS
from influxdb_client.domain.write_precision import WritePrecision
from influxdb_client.rest import ApiException

LINE = "home,room=kitchen temp=21.5 1700000000000000000"


@pytest.fixture
def curl(tmp_path: Path) -> Callable[..., tuple[int, str]]:
    """Runs curl; status and body of the answer."""
    command = shutil.which("curl")
    if command is None:
        assert not os.environ.get("CI"), "curl is missing"
        pytest.skip("curl is missing: install curl")

    def run(*arguments: str, data: bytes = LINE.encode()) -> tuple[int, str]:
        (tmp_path / "body").write_bytes(data)
        words = [command, "--silent", "--show-error", "--max-time", "30", "--write-out", "\n%{http_code}"]
        words += ["--data-binary", f"@{tmp_path / 'body'}", *arguments]
        result = subprocess.run(words, capture_output=True, text=True, timeout=60, check=True, cwd=tmp_path)
        body, _, status = result.stdout.rpartition("\n")
        return int(status), body

    return run


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A write that is refused, and how. Unless it says otherwise, it carries a good token."""

    query: str = "bucket=sensors"
    headers: tuple[str, ...] = ()
    body: bytes = b""
    status: int = 400
    code: str = "invalid"
    message: str
    line: int | None = None

    @property
    def answer(self) -> dict[str, object]:
        """The JSON that is answered."""
        error: dict[str, object] = {"code": self.code, "message": self.message}
        return error if self.line is None else error | {"line": self.line}


BAD_LINE = (
    "failed to parse line protocol: errors encountered on line(s):\n"
    "error parsing line 2 (1-based): Expected at least one space character, got end of input"
)
BAD_NAME = "namespace name 'a.b' contains invalid character, character number 1 is not allowed"
LONG_NAME = f"namespace name {'x' * 65} length must be between 1 and 64 characters"
DUPLICATE = "failed to deserialize org/bucket/precision in request: duplicate field `bucket`"
NO_TOKEN: Any = {"status": 401, "code": "unauthorized", "message": "no token"}
TOO_LARGE: Any = {"status": 413, "code": "request too large", "message": "max request size (20000 bytes) exceeded"}
GZIP = ("Content-Encoding: gzip",)
FAULTS = {
    "bad line": Fault(body=b"m f=1 1\nbad", message=BAD_LINE, line=2),
    "missing bucket": Fault(query="org=x", message="missing bucket value"),
    "bad name": Fault(query="bucket=a.b", message=BAD_NAME),
    "long name": Fault(query="bucket=" + "x" * 65, message=LONG_NAME),
    "duplicate": Fault(query="bucket=a&bucket=a", message=DUPLICATE),
    "no token": Fault(headers=("Authorization:",), **NO_TOKEN),
    "lower-case scheme": Fault(headers=("Authorization: token abc",), **NO_TOKEN),
    "invalid token": Fault(headers=("Authorization: Token abc",), status=403, code="forbidden", message="invalid token"),
    "forbidden": Fault(query="bucket=other", status=403, code="forbidden", message="forbidden"),
    "encoding": Fault(
        headers=("Content-Encoding: br",), status=415, code="unsupported media type", message="unacceptable content-encoding: br"
    ),
    "gzip": Fault(headers=GZIP, body=b"not gzip at all", message="error decoding gzip stream: invalid gzip header"),
    "UTF-8": Fault(body=b'm f="\xff" 1', message="body content is not valid utf8: invalid utf-8 sequence of 1 bytes from index 5"),
    "too large": Fault(body=b"#" * 20_001, **TOO_LARGE),
    "too large when inflated": Fault(headers=GZIP, body=gzip.compress(b"#" * 20_001), **TOO_LARGE),
}


@pytest.mark.parametrize("name", FAULTS)
def test_curl_meets_each_error(start: Callable[..., Any], curl: Callable[..., tuple[int, str]], name: str) -> None:
    fault, server = FAULTS[name], start(max_body=20_000)
    headers = list(fault.headers)
    if not any(header.startswith("Authorization") for header in headers):
        headers.append(f"Authorization: Bearer {server.token}")
    words = [word for header in headers for word in ("--header", header)]
    status, text = curl(f"{server.url}/api/v2/write?{fault.query}", *words, data=fault.body)
    assert (status, json.loads(text)) == (fault.status, fault.answer)


def test_curl_writes(server: Any, curl: Callable[..., tuple[int, str]]) -> None:
    token = f"Authorization: Token {server.token}"
    assert curl(f"{server.url}/api/v2/write?bucket=sensors&precision=ns", "--header", token) == (204, "")
    large = "\n".join(f"large f={i}i {i}" for i in range(100_000)).encode()
    assert curl(f"{server.url}/api/v2/write?bucket=sensors", "--header", token, data=large) == (204, "")
    assert len(server.rows()) == 100_001


def test_curl_with_a_lower_case_method_finds_nothing(server: Any, curl: Callable[..., tuple[int, str]]) -> None:
    status, text = curl("--request", "post", f"{server.url}/api/v2/write?bucket=sensors")
    assert (status, json.loads(text)) == (404, {"code": "not found", "message": "not found"})


def test_curl_reads_the_answer_to_a_large_upload_that_is_refused_early(server: Any, curl: Callable[..., tuple[int, str]]) -> None:
    status, text = curl(f"{server.url}/api/v2/write?bucket=sensors", "--header", "Expect:", data=b"#" * 9_000_000)
    assert (status, json.loads(text)) == (401, {"code": "unauthorized", "message": "no token"})


class Python:
    """influxdb-client, as its users call it."""

    def __init__(self, server: Any, token: str | None = None) -> None:
        self.client = InfluxDBClient(url=server.url, token=server.token if token is None else token, org="")

    def write(self, record: str, bucket: str = "sensors", precision: Any = "ns") -> None:
        """Synchronously, so that errors are raised."""
        self.client.write_api(write_options=SYNCHRONOUS).write(bucket=bucket, record=record, write_precision=precision)


@pytest.mark.parametrize("packed", [False, True])
def test_the_python_client_writes(server: Any, *, packed: bool) -> None:
    with InfluxDBClient(url=server.url, token=server.token, org="", enable_gzip=packed) as client:
        with client.write_api(write_options=SYNCHRONOUS) as writer:
            writer.write(bucket="sensors", record=LINE, write_precision=WritePrecision.NS)
        assert client.ping()
        assert client.version().startswith("docwitness-")
    assert [row["time_ns"] for row in server.rows()] == [1700000000000000000]


@pytest.mark.parametrize(
    ("arguments", "token", "status", "message"),
    [
        ({"record": "m f=1 1\nbad"}, None, 400, BAD_LINE),
        ({"record": "m f=1 1", "bucket": ""}, None, 400, "missing bucket value"),
        ({"record": "m f=1 1", "bucket": "a.b"}, None, 400, BAD_NAME),
        ({"record": "m f=1 1"}, "wrong", 403, "invalid token"),
        ({"record": "m f=1 1", "bucket": "other"}, None, 403, "forbidden"),
        ({"record": "#" * 20_001}, None, 413, "max request size (20000 bytes) exceeded"),
    ],
)
def test_the_python_client_raises_each_error(
    start: Callable[..., Any], arguments: dict[str, str], token: str | None, status: int, message: str
) -> None:
    client = Python(start(max_body=20_000), token)
    with client.client, pytest.raises(ApiException) as caught:
        client.write(**arguments)
    assert (caught.value.status, caught.value.message) == (status, message)


def test_the_python_client_passes_a_wrong_precision_on(server: Any) -> None:
    client = Python(server)
    with client.client, pytest.raises(ApiException, match="unknown variant `m`, expected one of"):
        client.write("m f=1 1", precision="m")


def test_the_python_client_tells_of_a_type_that_differs(server: Any) -> None:
    client = Python(server)
    with client.client:
        client.write("m f=1i 1")
        with pytest.raises(
            ApiException, match=r"specifies column f is type iox::column_type::field::integer, but type .*::float was given"
        ):
            client.write("m f=1.5 2")


def test_the_python_client_tells_of_points_that_are_too_old(server: Any) -> None:
    assert server.ask("POST", "/admin/databases", body=b'{"name": "short", "retention_s": 3600}').status == 201
    _, token = server.service.create_token("short")
    client = Python(server, token)
    with client.client, pytest.raises(ApiException, match="is outside of the retention period") as caught:
        client.write("m f=1 1", bucket="short")
    assert caught.value.status == 422
