"""What people see who write with curl."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from docwitness.server.errors import NOT_FOUND, WRITE_ERRORS

CANNOT: dict[str, str] = {}
LINE = b"home,room=kitchen temp=21.5 1700000000000000000"


@pytest.fixture
def curl(command: Callable[[str], str], tmp_path: Path) -> Callable[..., tuple[int, str]]:
    """Runs curl; status and body of the answer."""
    path = command("curl")

    def run(*arguments: str, data: bytes = LINE) -> tuple[int, str]:
        (tmp_path / "body").write_bytes(data)
        words = [path, "--silent", "--show-error", "--max-time", "30", "--write-out", "\n%{http_code}"]
        words += ["--data-binary", f"@{tmp_path / 'body'}", *arguments]
        result = subprocess.run(words, capture_output=True, text=True, timeout=60, check=True, cwd=tmp_path)
        body, _, status = result.stdout.rpartition("\n")
        return int(status), body

    return run


def test_the_faults_are_all_that_is_documented(faults: dict[str, Any]) -> None:
    assert {fault.error for fault in faults.values()} == {*WRITE_ERRORS, NOT_FOUND}


def test_curl_tells_each_error(meet: Callable[[Any], Any], curl: Callable[..., tuple[int, str]], fault: Any) -> None:
    server = meet(fault)
    token = server.token if fault.token is None else fault.token
    headers = {"Authorization": f"Bearer {token}", **fault.headers}
    words = [word for name, value in headers.items() for word in ("--header", f"{name}: {value}")]
    bucket = server.database if fault.bucket is None else fault.bucket
    target = f"{server.url}{fault.path}/api/v2/write?bucket={bucket}&precision={fault.precision}"
    status, text = curl(target, *words, data=fault.body)
    answer = json.loads(text)
    assert (status, answer["code"], answer.get("line")) == (fault.error.status, fault.error.code, fault.line)
    assert re.fullmatch(fault.pattern, answer["message"])


def test_what_curl_writes_is_stored(server: Any, curl: Callable[..., tuple[int, str]]) -> None:
    token = f"Authorization: Token {server.token}"
    assert curl(f"{server.url}/api/v2/write?bucket=sensors&precision=ns", "--header", token) == (204, "")
    large = "\n".join(f"large f={i}i {i}" for i in range(100_000)).encode()
    assert curl(f"{server.url}/api/v2/write?bucket=sensors", "--header", token, data=large) == (204, "")
    assert len(server.rows()) == 100_001


def test_a_parameter_given_twice(server: Any, curl: Callable[..., tuple[int, str]]) -> None:
    status, text = curl(f"{server.url}/api/v2/write?bucket=a&bucket=a")
    message = "failed to deserialize org/bucket/precision in request: duplicate field `bucket`"
    assert (status, json.loads(text)) == (400, {"code": "invalid", "message": message})


def test_a_lower_case_method_finds_nothing(server: Any, curl: Callable[..., tuple[int, str]]) -> None:
    status, text = curl("--request", "post", f"{server.url}/api/v2/write?bucket=sensors")
    assert (status, json.loads(text)) == (404, {"code": "not found", "message": "not found"})
