"""`docwitness serve` as a process: what it prints, how it ends, and what survives."""

from __future__ import annotations

import http.client
import json
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from docwitness.server.journal import Journal

ROUNDS = int(os.environ.get("DOCWITNESS_CRASH_ROUNDS", "5"))
WRITERS = 4


def client(port: int, *headers: str) -> tuple[socket.socket, bytes]:
    connection = socket.create_connection(("127.0.0.1", port), timeout=10)
    return connection, "\r\n".join(["POST /api/v2/write?bucket=sensors HTTP/1.1", "Host: x", *headers, ""]).encode()


def write(connection: socket.socket, head: bytes, body: bytes) -> bool:
    """Whether the server acknowledged it; False when it is gone."""
    try:
        connection.sendall(head + b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        return connection.recv(4096).startswith(b"HTTP/1.1 204")
    except OSError:
        return False


def stored(port: int) -> list[int]:
    """The times of all points."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=20)
    with connection, connection.makefile("rb") as answer:
        connection.sendall(b"GET /admin/databases/sensors/points HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        return [json.loads(line)["time_ns"] for line in answer.read().splitlines() if line.startswith(b'{"table"')]


def ended(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "docwitness", "serve", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=60, check=False)


def test_a_new_folder_gets_a_database_and_a_token(serve: Callable[..., Any], tmp_path: Path) -> None:
    served = serve("--data", "data")
    token, database = served.wait_for("token"), served.wait_for("database")
    connection, head = client(served.port, f"Authorization: Bearer {token}")
    with connection:
        assert write(connection, head, b"m f=1 1")
    assert database == "sensors"
    assert served.stop() == 0
    assert token not in served.log.read_text()
    assert token.encode() not in b"".join(path.read_bytes() for path in (tmp_path / "data").iterdir())
    again = serve("--data", "data")
    assert stored(again.port) == [1]
    assert again.stop(signal.SIGINT) == 0
    assert again.wait_for("tokens") == "as before; `docwitness server token create DATABASE` makes another"
    assert "token" not in again.said


def test_each_request_is_logged_as_json(serve: Callable[..., Any]) -> None:
    served = serve("--memory")
    token = served.wait_for("token")
    connection, head = client(served.port, f"Authorization: Bearer {token}")
    with connection:
        write(connection, head, b"m f=1 1")
        write(connection, head.replace(b"?", b"?p=" + token.encode() + b"&"), b"bad")
    served.stop()
    entries = [json.loads(line) for line in served.log.read_text().splitlines()]
    assert [entry["status"] for entry in entries] == [204, 400]
    assert token not in served.log.read_text()


def test_the_access_log_can_be_left_out(serve: Callable[..., Any]) -> None:
    served = serve("--memory", "--no-access-log")
    connection, head = client(served.port)
    with connection:
        write(connection, head, b"m f=1 1")
    served.stop()
    assert served.log.read_text() == ""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_finishes_what_was_accepted(serve: Callable[..., Any], number: signal.Signals) -> None:
    served = serve("--data", "data")
    connection, head = client(served.port, f"Authorization: Bearer {served.wait_for('token')}", "Expect: 100-continue")
    with connection:
        connection.sendall(head + b"Content-Length: 7\r\n\r\n")
        assert b"100" in connection.recv(100)
        served.process.send_signal(number)
        time.sleep(0.2)
        connection.sendall(b"m f=1 1")
        assert connection.recv(100).startswith(b"HTTP/1.1 204")
    assert served.process.wait(timeout=20) == 0
    assert stored(serve("--data", "data").port) == [1]


def test_under_nohup_it_goes_on_without_its_terminal(serve: Callable[..., Any]) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        served = serve("--memory")
        assert stored(served.port) == []
    finally:
        signal.signal(signal.SIGHUP, before)
    served.process.send_signal(signal.SIGHUP)
    assert stored(served.port) == []
    assert served.stop() == 0


def test_a_taken_port(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = ended("--memory", "--port", str(port), cwd=tmp_path)
    assert (result.returncode, result.stdout) == (6, "")
    assert result.stderr == f"Error: cannot listen on 127.0.0.1 port {port}: Address already in use\n"


@pytest.mark.parametrize("host", ["127..0.1", "x" * 64])
def test_a_host_that_no_name_can_be(tmp_path: Path, host: str) -> None:
    result = ended("--memory", "--port", "0", "--host", host, cwd=tmp_path)
    assert (result.returncode, result.stdout) == (6, "")
    assert result.stderr == f"Error: cannot listen on {host} port 0: it is not the name of a host\n"


def test_a_foreign_folder(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "journal.sqlite3") as foreign:
        foreign.execute("CREATE TABLE somebody_elses (x)")
    foreign.close()
    result = ended("--port", "0", "--data", ".", cwd=tmp_path)
    assert result.returncode == 6
    assert result.stderr.startswith("Error: ")
    assert "Traceback" not in result.stderr


def test_a_folder_of_a_newer_version(tmp_path: Path) -> None:
    Journal.open(tmp_path).close()
    with sqlite3.connect(tmp_path / "journal.sqlite3") as file:
        file.execute("PRAGMA user_version = 7")
    file.close()
    result = ended("--port", "0", "--data", ".", cwd=tmp_path)
    assert result.returncode == 6
    assert "it has format 7, and this docwitness knows format 1: use the version that made it" in result.stderr


def test_a_folder_in_use(serve: Callable[..., Any], tmp_path: Path) -> None:
    assert serve("--data", "data").port
    result = ended("--port", "0", "--data", "data", cwd=tmp_path)
    assert result.returncode == 6
    assert "in use by another process" in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("--memory", "--data", "x"),
        ("--port", "70000"),
        ("--profile", "nope"),
        ("--max-body", "0"),
        ("--max-body", str(2**63)),
        ("--admin-token-file", "."),
        ("--nope",),
    ],
)
def test_wrong_usage(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    result = ended(*arguments, cwd=tmp_path)
    assert result.returncode == 4
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("content", ["", "short", "two words of some length", "not-ascii-but-long-enöugh"])
def test_an_administration_token_must_be_one(tmp_path: Path, content: str) -> None:
    (tmp_path / "token").write_text(content, encoding="utf-8")
    assert ended("--memory", "--admin-token-file", "token", cwd=tmp_path).returncode == 4


def test_an_administration_token_is_made_where_there_is_none(serve: Callable[..., Any], tmp_path: Path) -> None:
    served = serve("--memory", "--admin-token-file", "new/token")
    connection = http.client.HTTPConnection("127.0.0.1", served.port)
    token = (tmp_path / "new/token").read_text().strip()
    statuses = []
    for headers in ({}, {"Authorization": f"Bearer {token}"}):
        connection.request("GET", "/admin/databases", headers=headers)
        with connection.getresponse() as response:
            statuses.append(response.status)
            response.read()
    connection.close()
    assert statuses == [401, 200]
    assert (tmp_path / "new/token").stat().st_mode & 0o777 == 0o600


def test_an_address_for_other_machines_is_warned_of(serve: Callable[..., Any]) -> None:
    served = serve("--memory", "--host", "0.0.0.0")
    assert served.port
    served.stop()
    assert "can be reached from other machines" in served.log.read_text()
    assert "administration is closed" in served.log.read_text()


@pytest.mark.timeout(60 + 10 * ROUNDS)
def test_what_was_acknowledged_survives_kill_9(serve: Callable[..., Any]) -> None:
    """Writers send without pause, two points a request, while the server is killed at a random moment, again and again."""
    token = ""
    acknowledged: list[int] = []
    sent = 0
    for _ in range(ROUNDS):
        served = serve("--data", "data", "--no-access-log")
        port = served.port
        token = token or served.wait_for("token")
        assert_all_there(stored(port), acknowledged, sent)
        threads = []
        for _ in range(WRITERS):
            first, sent = sent, sent + 100_000
            threads.append(threading.Thread(target=keep_writing, args=(port, token, first, acknowledged)))
        for thread in threads:
            thread.start()
        time.sleep(random.uniform(0.01, 0.3))
        served.process.kill()
        for thread in threads:
            thread.join()
    assert acknowledged
    assert_all_there(stored(serve("--data", "data").port), acknowledged, sent)


def keep_writing(port: int, token: str, first: int, acknowledged: list[int]) -> None:
    try:
        connection, head = client(port, f"Authorization: Bearer {token}")
    except ConnectionError:  # the kill came first
        return
    with connection:
        for time_ns in range(first, first + 100_000, 2):
            if not write(connection, head, b"m f=1 %d\nm f=1 %d" % (time_ns, time_ns + 1)):
                return
            acknowledged.append(time_ns)


def assert_all_there(times: list[int], acknowledged: list[int], sent: int) -> None:
    """All that was acknowledged, once, nothing half, and nothing that was never sent."""
    found = set(times)
    assert len(found) == len(times)
    assert {moment for first in acknowledged for moment in (first, first + 1)} <= found
    assert all(moment ^ 1 in found and moment < sent for moment in found)
