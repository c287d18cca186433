"""What people see who write with @influxdata/influxdb-client for Node."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import pytest

CANNOT = {
    "lower-case scheme": "it makes the header of its token itself",
    "broken off": "it says the length of what it sends",
    "too large when inflated": "its records are text",
    "no UTF-8": "its records are text",
}
PACKAGES = Path(__file__).parents[3] / "examples" / "node"
SCRIPT = Path(__file__).with_name("write.mjs").read_text("utf-8")


@pytest.fixture
def node(command: Callable[[str], str], missing: Callable[[str], NoReturn]) -> Callable[..., tuple[Any, str]]:
    """Runs the script; what it prints, and what the client itself prints on standard error."""
    path = command("node")
    if not (PACKAGES / "node_modules" / "@influxdata" / "influxdb-client").is_dir():
        missing(f"@influxdata/influxdb-client is missing: `npm ci` in {PACKAGES} installs it")

    def run(**arguments: Any) -> tuple[Any, str]:
        words = [path, "--input-type=module", "--eval", SCRIPT, json.dumps(arguments)]
        result = subprocess.run(words, capture_output=True, text=True, timeout=60, check=True, cwd=PACKAGES)
        return json.loads(result.stdout), result.stderr

    return run


def test_what_node_writes_is_stored(server: Any, node: Callable[..., tuple[Any, str]]) -> None:
    """The second record is one that the client sends compressed and in chunks."""
    good = {"url": server.url, "token": server.token, "bucket": server.database, "precision": "ns"}
    for number, size in enumerate((1, 2000)):
        assert node(**good, record=f'm f="{"x" * size}" {number}') == (None, "")
    assert [len(row["fields"]["f"]["string"]) for row in server.rows()] == [1, 2000]


def test_node_tells_each_error(meet: Callable[[Any], Any], node: Callable[..., tuple[Any, str]], fault: Any) -> None:
    server = meet(fault)
    seen, printed = node(
        url=server.url + fault.path,
        token=server.token if fault.token is None else fault.token,
        bucket=server.database if fault.bucket is None else fault.bucket,
        precision=fault.precision,
        headers=dict(fault.headers),
        record=fault.body.decode(),
    )
    assert (seen["statusCode"], seen["code"], seen.get("line")) == (fault.error.status, fault.error.code, fault.line)
    assert re.fullmatch(fault.pattern, seen["message"])
    assert seen["text"] == f"HttpError: {seen['message']}"
    assert printed.startswith("ERROR: Write to InfluxDB failed. ")
