"""The memory of the real process stays bounded, whatever clients do."""

from __future__ import annotations

import gzip
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

MIB = 1 << 20
BODY = 1 << 17
"""Bytes; enough to be taken for long, and no more, so that the tests are quick."""


def resident(served: Any) -> int:
    """Bytes of memory that the process holds."""
    status = Path(f"/proc/{served.process.pid}/status").read_text("ascii")
    return int(status.partition("VmRSS:")[2].split()[0]) * 1024


def highest(served: Any) -> int:
    """The most that it has held."""
    status = Path(f"/proc/{served.process.pid}/status").read_text("ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


def repeated(text: str) -> bytes:
    """As often as fits, with `N` counting."""
    size = len(text.encode()) + 4
    return "".join(text.replace("N", str(number)) for number in range(BODY // size)).encode()[:BODY]


def seconds_of_work(served: Any) -> float:
    """CPU time of the process so far."""
    times = Path(f"/proc/{served.process.pid}/stat").read_text("ascii").rpartition(")")[2].split()[11:13]
    return sum(map(int, times)) / os.sysconf("SC_CLK_TCK")


BODIES = {
    "many columns": b"m " + repeated("fN=1,") + b"f=1",
    "a column again and again": b"m " + repeated("f=1,") + b"f=1",
    "many tags": b"m," + repeated("tN=1,") + b"t=1 f=1",
    "many tables": repeated("mN f=1\n"),
    "many layouts": repeated("m fN=1\n"),
    "a huge string": b'm f="' + b"x" * (BODY - 20) + b'" 1',
    "a string without end": b'm f="' + b"x\n" * (BODY // 2 - 10),
    "backslashes": b"\\" * BODY,
    "bad lines": b"x\n" * (BODY // 2),
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_bodies_at_once_take_no_more_than_one(serve: Callable[..., Any], body: bytes) -> None:
    """Compressed, so that they are short to hold; and with partial writes, where every line is read."""
    served = serve("--memory", "--max-body", str(MIB), "--partial-writes", "--no-access-log")
    peer = served.peer()
    peer.write(body)
    before = highest(served)
    head = peer.write_head("Content-Encoding: gzip")
    wires = [peer.wire() for _ in range(4)]
    packed = gzip.compress(body, 1)
    for wire in wires:
        wire.send(head[:-2] + b"Content-Length: %d\r\n\r\n" % len(packed) + packed)
    statuses = {wire.answer().status for wire in wires}
    assert statuses <= {204, 400}
    assert highest(served) - before < 4 * MIB


def test_connections_and_what_they_have_begun_take_little(serve: Callable[..., Any]) -> None:
    """Five hundred at once, each in the middle of a long head or of a body."""
    served = serve("--memory", "--no-access-log")
    peer = served.peer()
    before = resident(served)
    begun = [b"GET /" + b"x" * 60_000, peer.write_head("Content-Length: 1000000") + b"#" * 60_000]
    for number in range(500):
        peer.wire().send(begun[number % 2])
    assert peer.ask("GET", "/health").status == 200
    assert resident(served) - before < 128 * MIB


@pytest.mark.parametrize(("connections", "requests"), [(1, 40), (20, 20)])
def test_answers_that_nobody_reads_take_little(serve: Callable[..., Any], connections: int, requests: int) -> None:
    """Each would be of more than three megabytes, and is made of more than twenty."""
    served = serve("--memory", "--no-access-log")
    peer = served.peer()
    assert peer.write("\n".join(f"m f=1 {number}" for number in range(50_000))).status == 204
    peer.rows()
    before = resident(served)
    for _ in range(connections):
        peer.wire().send(b"GET /admin/databases/sensors/points HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * requests)
    assert most_while_busy(served) - before < 64 * MIB
    assert peer.ask("GET", "/health").status == 200


def most_while_busy(served: Any) -> int:
    """Bytes of memory at the most, until all has been made that the server makes without being read."""
    most, spent, idle = 0, -1.0, 0
    while idle < 10:
        most = max(most, resident(served))
        spent, before = seconds_of_work(served), spent
        idle = idle + 1 if spent == before else 0
        time.sleep(0.1)
    return most
