"""The access log, and that no token gets into it."""

from __future__ import annotations

import base64
import json
import logging
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import pytest


@dataclass(slots=True)
class Log:
    """What was logged. An entry is written after the answer, so that it may come late."""

    caplog: pytest.LogCaptureFixture

    def entries(self, count: int) -> list[dict[str, Any]]:
        """Waits for that many."""
        for _ in range(200):
            messages = [record.getMessage() for record in self.caplog.records if record.name.endswith(".access")]
            if len(messages) >= count:
                break
            time.sleep(0.02)
        return [json.loads(message) for message in messages]


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Log:
    caplog.set_level(logging.INFO, logger="docwitness.server.access")
    return Log(caplog)


def test_a_request_is_one_object(server: Any, log: Log) -> None:
    server.write("m f=1 1")
    server.write("bad")
    server.ask("GET", "/health")
    wanted = [("POST", "/api/v2/write", 204, "", 7), ("POST", "/api/v2/write", 400, "invalid", 3), ("GET", "/health", 200, "", 0)]
    entries = log.entries(3)
    assert [tuple(entry[key] for key in ("method", "path", "status", "code", "received")) for entry in entries] == wanted
    assert all(entry["peer"] == "127.0.0.1" and entry["duration_ms"] >= 0 for entry in entries)


def test_no_token_is_logged_wherever_a_client_puts_it(server: Any, log: Log) -> None:
    token = server.token
    basic = base64.b64encode(f"me:{token}".encode()).decode()
    server.write("m f=1 1")
    server.ask("POST", f"/write?db=sensors&p={token}", body=b"m f=1 1")
    server.ask("POST", f"/api/v2/write?bucket={token}&token={token}", f"Authorization: Basic {basic}", body=token.encode())
    server.ask("GET", f"/api/v2/{token}")
    server.ask("GET", f"/api/v2/{token.replace('_', '%5F')}")
    server.ask(token, "/")
    server.ask("GET", "/health", f"User-Agent: {token}", f"Referer: {token}")
    server.ask("POST", "/admin/tokens", body=json.dumps({"database": token}).encode())
    wire = server.wire()
    wire.send(f"{token}\r\n\r\n".encode())
    assert wire.answer().status == 400
    assert len(log.entries(8)) == 8
    assert token not in unquote(log.caplog.text)
    assert basic not in log.caplog.text
    assert token.encode() not in server.ask("GET", "/metrics").body


def test_a_long_path_is_cut(server: Any, log: Log) -> None:
    server.ask("GET", "/" + "x" * 5000)
    assert len(log.entries(1)[0]["path"]) == 200
