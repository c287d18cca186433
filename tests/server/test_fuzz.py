"""Valid requests, bent at random: the server neither falls, nor hangs, nor leaks, nor answers what is not documented.

`DOCWITNESS_FUZZ_REQUESTS` says how many, `DOCWITNESS_FUZZ_SEED` repeats a run.
"""

from __future__ import annotations

import gzip
import json
import os
import random
import re
import secrets
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

REQUESTS = int(os.environ.get("DOCWITNESS_FUZZ_REQUESTS", "1000"))
SEED = os.environ.get("DOCWITNESS_FUZZ_SEED", secrets.token_hex(4))
LIMIT = 4096
STATUSES = {100, 200, 201, 204, 400, 401, 403, 404, 409, 413, 414, 415, 422, 431}
ODD = [
    b"\0",
    b"\r\n",
    b"\n",
    b" ",
    b"%",
    b"%00",
    b"\xff",
    b"\xc3\xa9",
    b"=",
    b"&",
    b",",
    b'"',
    b"\\",
    b";",
    b":",
    b"9" * 30,
    b"-1",
    b"\t",
]
STATUS = re.compile(rb"HTTP/1\.1 (\d{3}) ")


class Bender:
    """Makes requests."""

    def __init__(self, seed: str, token: str) -> None:
        self.random = random.Random(seed)
        self.token = token.encode()

    def request(self) -> bytes:
        """One request, bent in none, one or several places."""
        head, body = self.random.choice([self.write, self.write, self.write, self.packed, self.chunked, self.other])()
        body = self.bent(body, self.random.choice([0, 0, 1, 3]))
        if b"Chunked" not in head and b"chunked" not in head:
            length = len(body) + self.random.choice([0, 0, 0, 0, 1, -1, 1000])
            head += b"Content-Length: %d\r\n" % length
        return self.bent(head + b"\r\n" + body, self.random.choice([0, 0, 1, 2, 5]))

    def write(self) -> tuple[bytes, bytes]:
        """Plain."""
        target = self.random.choice(
            [
                b"/api/v2/write?bucket=sensors&precision=ns",
                b"/api/v2/write?org=&bucket=sensors",
                b"/write?db=sensors&rp=autogen&precision=s",
            ]
        )
        return self.head(b"POST", target), self.lines()

    def packed(self) -> tuple[bytes, bytes]:
        """Compressed; now and then a bomb."""
        body = b"#" * 1_000_000 if self.random.random() < 0.05 else self.lines()
        return self.head(b"POST", b"/api/v2/write?bucket=sensors") + b"Content-Encoding: gzip\r\n", gzip.compress(body)

    def chunked(self) -> tuple[bytes, bytes]:
        """In chunks."""
        body = self.lines()
        head = self.head(b"POST", b"/api/v2/write?bucket=sensors") + b"Transfer-Encoding: chunked\r\n"
        return head, b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:10], body[10:]) if part) + b"0\r\n\r\n"

    def other(self) -> tuple[bytes, bytes]:
        """Everything else."""
        method, target = self.random.choice(
            [
                (b"GET", b"/health"),
                (b"HEAD", b"/ping"),
                (b"GET", b"/metrics"),
                (b"GET", b"/admin/tokens"),
                (b"GET", b"/admin/databases/sensors/points?table=nope"),
                (b"DELETE", b"/admin/databases/nope"),
                (b"POST", b"/admin/databases"),
                (b"POST", b"/api/v2/delete"),
                (b"GET", b"/" + self.token),
            ]
        )
        return self.head(method, target), b'{"name": "sensors"}' if method == b"POST" else b""

    def head(self, method: bytes, target: bytes) -> bytes:
        """With a token, in one of the schemes."""
        scheme = self.random.choice([b"Token", b"Bearer"])
        return b"%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: %s %s\r\n" % (method, target, scheme, self.token)

    def lines(self) -> bytes:
        """Line protocol of few different points: reading all of them takes memory, and that is not to grow with the requests."""
        return b"\n".join(
            b'home,room=r%d temp=%d.5,n=%di,s="a b" %d' % (i, self.random.randrange(50), i, self.random.randrange(10))
            for i in range(self.random.randrange(1, 5))
        )

    def bent(self, data: bytes, times: int) -> bytes:
        """With pieces changed, removed, repeated, put in, or all that follows cut off."""
        for _ in range(times):
            at, length = self.random.randrange(len(data) + 1), self.random.randrange(1, 20)
            piece = data[at : at + length]
            match self.random.randrange(6):
                case 0:
                    data = data[:at] + self.random.choice(ODD) + data[at:]
                case 1:
                    data = data[:at] + data[at + length :]
                case 2:
                    data = data[:at] + piece * self.random.randrange(2, 100) + data[at:]
                case 3:
                    data = data[:at] + piece.swapcase() + data[at + length :]
                case 4:
                    data = data[:at] + self.random.randbytes(length) + data[at + length :]
                case _:
                    data = data[:at] if self.random.random() < 0.3 else data
        return data


def answers(port: int, data: bytes) -> bytes:
    """All that comes back until the server ends the connection; a server that hangs is a TimeoutError."""
    received = b""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        try:
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            while piece := connection.recv(65_536):
                received += piece
        except (ConnectionResetError, BrokenPipeError):
            return received
    return received


def check(received: bytes) -> None:
    """Every answer is one of the documented ones."""
    statuses = {int(status) for status in STATUS.findall(received)}
    if 500 in statuses:
        assert b'{"code":"internal error","message":"deletes are not supported"}' in received
    assert statuses <= STATUSES | {500}


def resident_kib(pid: int) -> int:
    """The memory that the process holds."""
    text = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(text.partition("VmRSS:")[2].split()[0])


@pytest.mark.timeout(60 + REQUESTS // 20)
def test_bent_requests_get_documented_answers_and_leave_nothing_behind(serve: Callable[..., Any]) -> None:
    served = serve("--data", "data", "--max-body", str(LIMIT))
    port, token = served.port, served.wait_for("token")
    bender = Bender(SEED, token)
    before = 0
    for number in range(REQUESTS):
        if number == REQUESTS // 10:
            before = resident_kib(served.process.pid)
        data = bender.request()
        try:
            check(answers(port, data))
        except (AssertionError, OSError) as error:
            raise AssertionError(f"seed {SEED}, request {number}: {data!r}") from error
    grown = resident_kib(served.process.pid) - before
    print(f"seed {SEED}: {REQUESTS} requests, memory grew by {grown} KiB after the first tenth")
    assert answers(port, b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n").endswith(b"OK")
    assert served.stop() == 0
    log = served.log.read_text()
    assert token not in log
    assert "Traceback" not in log
    assert all(json.loads(line) for line in log.splitlines())
    assert grown < 40_000
