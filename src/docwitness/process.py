"""Runs a process in a session of its own, with bounded output and a time limit, and leaves nothing of it behind."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

from docwitness.execution import Completed, Execution, Skipped, TimedOut

HEAD_BYTES = 768 * 1024
"""How much of the beginning of an output stream is kept."""
TAIL_BYTES = 256 * 1024
"""How much of its end is kept besides, since that is where errors stand."""

_GRACE_S = 0.5
"""Between SIGTERM and SIGKILL."""
_DRAIN_S = 0.5
"""How long output is waited for once the process group is dead: a process that left the group may hold the pipe for ever."""


class Output:
    """What came through one output stream: its beginning and its end, and how much was cut between them."""

    def __init__(self) -> None:
        self._head = bytearray()
        """All of it, until that is more than is kept."""
        self._tail = bytearray()
        self._cut = 0
        self._unsearched = 0
        self._grown = asyncio.Event()

    def feed(self, data: bytes) -> None:
        """Takes the next piece of the stream."""
        part = self._tail or self._head
        part += data
        if part is self._head and len(part) > HEAD_BYTES + TAIL_BYTES:
            self._tail = part[HEAD_BYTES:]
            del part[HEAD_BYTES:]
        if (excess := len(self._tail) - TAIL_BYTES) > 0:
            del self._tail[:excess]
            self._cut += excess
        self._unsearched += len(data)
        self._grown.set()

    @property
    def text(self) -> str:
        """All that was kept, decoded as UTF-8 with replacement; a line in brackets stands where it was cut."""
        if not self._cut:
            return self._head.decode(errors="replace")
        return f"{self._head.decode(errors='replace')}\n[… {self._cut} bytes cut …]\n{self._tail.decode(errors='replace')}"

    async def until(self, mark: bytes) -> tuple[str, str]:
        """Waits for `mark` and the end of its line: the text before it, and the rest of that line. What comes behind stays."""
        while (place := self._find(mark)) is None:
            self._grown.clear()
            await self._grown.wait()
        part, start, end = place
        rest = part[start + len(mark) : end].decode(errors="replace")
        behind = bytes(part[end + 1 :])
        del part[start:]
        text = self.text
        self._head, self._tail, self._cut, self._unsearched = bytearray(behind), bytearray(), 0, len(behind)
        return text, rest

    def _find(self, mark: bytes) -> tuple[bytearray, int, int] | None:
        part = self._tail or self._head
        start = part.rfind(mark, max(0, len(part) - self._unsearched - len(mark)))
        if start < 0:
            self._unsearched = 0
            return None
        end = part.find(b"\n", start)
        return (part, start, end) if end >= 0 else None


class _Streams(asyncio.SubprocessProtocol):
    def __init__(self) -> None:
        self.stdout = Output()
        self.stderr = Output()
        self.exited = asyncio.Event()
        self.closed = asyncio.Event()

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        (self.stdout if fd == 1 else self.stderr).feed(data)

    def process_exited(self) -> None:
        self.exited.set()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        self.closed.set()


class Process:
    """A running process and all that it starts; whoever has started it ends it."""

    def __init__(self, transport: asyncio.SubprocessTransport, streams: _Streams) -> None:
        self._transport = transport
        self._streams = streams
        self._group = transport.get_pid()
        self.stdout = streams.stdout
        self.stderr = streams.stderr

    async def wait(self) -> int:
        """Its exit status, as a shell reports it, once it ended by itself."""
        await self._streams.exited.wait()
        status = self._transport.get_returncode() or 0
        return 128 - status if status < 0 else status

    def send(self, data: bytes) -> None:
        """Writes to its standard input, when that is a pipe."""
        cast("asyncio.WriteTransport", self._transport.get_pipe_transport(0)).write(data)

    def close_input(self) -> None:
        """Ends its standard input, when that is a pipe."""
        cast("asyncio.WriteTransport", self._transport.get_pipe_transport(0)).close()

    async def end(self) -> None:
        """Ends its whole process group, first politely, and takes the last of the output."""
        try:
            if self._signal(signal.SIGTERM):
                await self._wait_for_group()
        finally:
            self._signal(signal.SIGKILL)
            try:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(_DRAIN_S):
                        await self._streams.closed.wait()
            finally:
                self._transport.close()

    def _signal(self, number: int) -> bool:
        """Whether anything is left to signal; macOS answers EPERM for a group of zombies."""
        try:
            os.killpg(self._group, number)
        except (ProcessLookupError, PermissionError):
            return False
        return True

    async def _wait_for_group(self) -> None:
        deadline = time.monotonic() + _GRACE_S
        while self._signal(0) and time.monotonic() < deadline:  # noqa: ASYNC110 - nothing tells when a group is empty
            await asyncio.sleep(0.005)


async def start(
    command: Sequence[str | Path], *, folder: Path, environment: Mapping[str, str], input_pipe: bool = False
) -> Process:
    """Starts a command as the leader of a new session. Raises OSError or ValueError when that cannot be done.

    Texts in the command are passed on in UTF-8, as pages are written, whatever the locale.
    """
    spawning = asyncio.ensure_future(
        asyncio.get_running_loop().subprocess_exec(
            _Streams,
            *(os.fsencode(word) if isinstance(word, Path) else word.encode("utf-8", "surrogateescape") for word in command),
            cwd=folder,
            env=dict(environment),
            stdin=asyncio.subprocess.PIPE if input_pipe else asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
    )
    try:
        return Process(*await asyncio.shield(spawning))
    except asyncio.CancelledError:
        # Cancelled here, asyncio would kill the leader of the group only, and then wait for whoever else holds its pipes.
        await Process(*await spawning).end()
        raise


async def execute(command: Sequence[str | Path], *, folder: Path, environment: Mapping[str, str], limit_s: float) -> Execution:
    """Runs a command to its end and then ends what it left behind; after `limit_s` seconds everything is killed.

    Raises `OSError` for a folder that cannot be entered, which is no fault of the command.
    """
    started = time.perf_counter()
    try:
        process = await start(command, folder=folder, environment=environment)
    except (OSError, ValueError) as error:
        if isinstance(error, OSError) and error.filename == folder:
            raise
        return Skipped(reason=f"{command[0]} cannot be started: {error}")
    status = None
    try:
        async with asyncio.timeout(limit_s):
            status = await process.wait()
    except TimeoutError:
        pass
    finally:
        duration_s = time.perf_counter() - started
        await process.end()
    stdout, stderr = process.stdout.text, process.stderr.text
    if status is None:
        return TimedOut(limit_s=limit_s, stdout=stdout, stderr=stderr)
    return Completed(exit_status=status, stdout=stdout, stderr=stderr, duration_s=duration_s)
