"""The real server on a real port, and HTTP over a bare socket, so that tests say each byte."""

from __future__ import annotations

import asyncio
import json
import os
import queue
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from docwitness.server.databases import Databases
from docwitness.server.service import ServerOptions, Serving, serving


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A response, or an interim one."""

    status: int
    headers: dict[str, str]
    body: bytes = b""

    @property
    def json(self) -> Any:
        """The body, which is JSON."""
        return json.loads(self.body)

    @property
    def message(self) -> str:
        """What went wrong, in the words of the server."""
        return str(self.json["message"])


class Wire:
    """One connection."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=20)
        self._rest = b""

    def send(self, data: bytes) -> None:
        """Sends bytes as they are."""
        self.socket.sendall(data)

    def end(self) -> None:
        """Ends our side; the server's stays open."""
        self.socket.shutdown(socket.SHUT_WR)

    def answer(self, *, head_only: bool = False) -> Answer:
        """The next response; `head_only` where no body follows whatever the head says."""
        start, *lines = self._until(b"\r\n\r\n").decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        status = int(start.split(" ")[1])
        if head_only or status < 200 or status == 204:
            return Answer(status=status, headers=headers)
        if headers.get("transfer-encoding") == "chunked":
            return Answer(status=status, headers=headers, body=self._chunks())
        return Answer(status=status, headers=headers, body=self._take(int(headers["content-length"])))

    def ended(self) -> bool:
        """Waits for the server's end; False when it sends something instead."""
        return not self._rest and not self.socket.recv(1)

    def _chunks(self) -> bytes:
        body = b""
        while size := int(self._until(b"\r\n"), 16):
            body += self._take(size)
            self._take(2)
        self._take(2)
        return body

    def _until(self, mark: bytes) -> bytes:
        while mark not in self._rest:
            self._more()
        found, _, self._rest = self._rest.partition(mark)
        return found

    def _take(self, count: int) -> bytes:
        while len(self._rest) < count:
            self._more()
        found, self._rest = self._rest[:count], self._rest[count:]
        return found

    def _more(self) -> None:
        data = self.socket.recv(65_536)
        if not data:
            raise ConnectionError(f"the server ended the connection after {self._rest!r}")
        self._rest += data


@dataclass(slots=True, kw_only=True)
class Peer:
    """A server that answers, with a database and its tokens."""

    port: int
    database: str = "sensors"
    token: str = ""
    read_token: str = ""
    databases: Databases | None = None
    wires: ExitStack = field(default_factory=ExitStack)

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    def wire(self) -> Wire:
        """A new connection, closed after the test."""
        wire = Wire(self.port)
        self.wires.callback(wire.socket.close)
        return wire

    def ask(self, method: str, target: str, *headers: str, body: bytes | None = None) -> Answer:
        """One request on a connection of its own."""
        wire = self.wire()
        wire.send(request(method, target, *headers, body=body))
        return wire.answer(head_only=method == "HEAD")

    def write(self, body: bytes | str, *headers: str, query: str = "", token: str | None = None) -> Answer:
        """A v2 write to the database."""
        data = body.encode() if isinstance(body, str) else body
        authorization = f"Authorization: Token {self.token if token is None else token}"
        return self.ask("POST", f"/api/v2/write?bucket={self.database}{query}", authorization, *headers, body=data)

    def write_head(self, *headers: str, token: str | None = None) -> bytes:
        """The head of a v2 write to the database, for a body that comes on its own."""
        authorization = f"Authorization: Token {self.token if token is None else token}"
        return request("POST", f"/api/v2/write?bucket={self.database}", authorization, *headers)

    def rows(self, database: str | None = None) -> list[dict[str, Any]]:
        """What is stored, read back through the administration API."""
        answer = self.ask("GET", f"/admin/databases/{database or self.database}/points", "Host: 127.0.0.1")
        assert answer.status == 200, answer
        return [json.loads(line) for line in answer.body.splitlines()]


def request(method: str, target: str, *headers: str, body: bytes | None = None) -> bytes:
    """The bytes of a request; a body gets its length, unless the headers frame it."""
    lines = [f"{method} {target} HTTP/1.1", *headers]
    names = {header.partition(":")[0].lower() for header in headers}
    if "host" not in names:
        lines.append("Host: 127.0.0.1")
    if body is not None and not names & {"content-length", "transfer-encoding"}:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + (body or b"")


@contextmanager
def in_thread(options: ServerOptions) -> Iterator[Serving]:
    """The server in an event loop of its own."""
    started: queue.Queue[Serving | BaseException] = queue.Queue()
    stop = asyncio.Event()
    loop = asyncio.new_event_loop()

    async def main() -> None:
        async with serving(options) as server:
            started.put(server)
            await stop.wait()

    def run() -> None:
        try:
            loop.run_until_complete(main())
        except BaseException as error:  # noqa: BLE001 - the test's thread raises it
            started.put(error)
        finally:
            loop.close()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        server = started.get(timeout=20)
        if isinstance(server, BaseException):
            raise server
        yield server
    finally:
        if not loop.is_closed():
            loop.call_soon_threadsafe(stop.set)
        thread.join()


@contextmanager
def peer(options: ServerOptions) -> Iterator[Peer]:
    """A server with one database and two tokens."""
    with in_thread(options) as server, ExitStack() as wires:
        server.databases.create_database("sensors")
        _, token = server.databases.create_token("sensors", {"write"})
        _, read_token = server.databases.create_token("sensors", {"read"})
        yield Peer(port=server.port, token=token, read_token=read_token, databases=server.databases, wires=wires)


@pytest.fixture
def start() -> Iterator[Callable[..., Peer]]:
    """Starts servers with options of their own; they end with the test."""
    with ExitStack() as stack:
        yield lambda **options: stack.enter_context(peer(ServerOptions(**options)))


@pytest.fixture
def server(start: Callable[..., Peer]) -> Peer:
    """A server in memory, as it is by default."""
    return start()


class Served:
    """`docwitness serve` as a process."""

    def __init__(self, folder: Path, *arguments: str, **variables: str) -> None:
        self.log = folder / "serve.log"
        command = [sys.executable, "-m", "docwitness", "serve", "--port", "0", *arguments]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command,
                cwd=folder,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env=environment() | variables,
                start_new_session=True,
            )
        self.said: dict[str, str] = {}
        self.wires = ExitStack()

    def peer(self, token: str | None = None) -> Peer:
        """Talks to it; a server that keeps an older folder does not tell a token."""
        return Peer(port=self.port, token=token or self.wait_for("token"), wires=self.wires)

    def wait_for(self, word: str) -> str:
        """Reads what it prints until a line begins with that word, and returns the rest of the line."""
        assert self.process.stdout is not None
        while word not in self.said:
            line = self.process.stdout.readline()
            assert line, f"it ended with {self.process.wait()}: {self.log.read_text()}"
            key, _, value = line.strip().partition(" ")
            self.said[key] = value.strip()
        return self.said[word]

    @property
    def port(self) -> int:
        """The port that it has printed."""
        return int(self.wait_for("URL").rpartition(":")[2])

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Its exit status after that signal."""
        self.process.send_signal(number)
        return self.process.wait(timeout=30)


def environment() -> dict[str, str]:
    """What a process of ours inherits."""
    return {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "PYTHONUNBUFFERED": "1"}


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Served]]:
    """Starts `docwitness serve`; what still runs after the test is killed."""
    running: list[Served] = []

    def started(*arguments: str, **variables: str) -> Served:
        running.append(Served(tmp_path, *arguments, **variables))
        return running[-1]

    yield started
    for served in running:
        served.wires.close()
        if served.process.poll() is None:
            served.process.kill()
        served.process.wait()
        if served.process.stdout:
            served.process.stdout.close()


@contextmanager
def mounted(disk: Path, *arguments: str) -> Iterator[Path]:
    """A file system of its own, which is made by `mount` with these arguments."""
    disk.mkdir()
    if os.geteuid() != 0 or not shutil.which("mount"):
        pytest.skip("mounting a file system needs root")
    done = subprocess.run(["mount", *arguments, str(disk)], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"a small file system cannot be mounted here: {done.stderr.strip()}")
    try:
        yield disk
    finally:
        subprocess.run(["umount", disk], check=True)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one MiB."""
    with mounted(tmp_path / "disk", "-t", "tmpfs", "-o", "size=1m", "tmpfs") as disk:
        yield disk
