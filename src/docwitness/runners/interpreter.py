"""An interpreter that stays alive between the samples of a session."""

from __future__ import annotations

import asyncio
import secrets
import tempfile
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from docwitness.execution import Completed, Execution, Skipped, TimedOut
from docwitness.process import Process, start
from docwitness.runners.base import Script

_FAREWELL_S = 1.0
"""How long an interpreter may take to leave once its input ends: its exit handlers run then."""


class Interpreter:
    """Sends files to a driver (`drivers/session.bash`, `drivers/session.py`), which runs them and marks where each output ends."""

    def __init__(self, process: Process, scratch: Path) -> None:
        self._process = process
        self._scratch = scratch
        self._mark = f"docwitness-{secrets.token_hex(16)}"
        self._count = 0
        self._dead = ""
        self.last_file = ""
        """The file of the last sample, as messages name it."""
        process.send(f"{self._mark}\n".encode())

    async def run(self, text: str, *, suffix: str, limit_s: float) -> Execution:
        """Runs a text as the next file; `Skipped` once the interpreter has ended."""
        if self._dead:
            return Skipped(reason=self._dead, session_ended=True)
        self._count += 1
        self.last_file = f"sample-{self._count}{suffix}"
        file = self._scratch / self.last_file
        file.write_text(text + "\n", encoding="utf-8")
        started = time.perf_counter()
        try:
            async with asyncio.timeout(limit_s):
                return await self._converse(file, started)
        except TimeoutError:
            self._dead = f"sample {self._count} of its session was stopped after {limit_s:g} seconds, and the session with it"
            await self._process.end()
            return TimedOut(
                limit_s=limit_s, stdout=self._shown(self._process.stdout.text), stderr=self._shown(self._process.stderr.text)
            )

    async def _converse(self, file: Path, started: float) -> Completed:
        self._process.send(f"{file}\n".encode())
        marked = asyncio.create_task(self._marked())
        ended = asyncio.create_task(self._process.wait())
        try:
            await asyncio.wait((marked, ended), return_when=asyncio.FIRST_COMPLETED)
            if not marked.done():
                return await self._last_words(ended.result(), started)
        finally:
            marked.cancel()
            ended.cancel()
        stdout, stderr, verdict = marked.result()
        status, _, line = verdict.strip().partition(" ")
        return Completed(
            exit_status=int(status),
            stdout=self._shown(stdout),
            stderr=self._shown(stderr),
            duration_s=time.perf_counter() - started,
            failed_line=int(line) if line else None,
        )

    async def _marked(self) -> tuple[str, str, str]:
        """Both outputs of the sample, and what the driver says of it: its exit status, and the failed line where it knows that."""
        stdout, verdict = await self._process.stdout.until(self._mark.encode())
        stderr, _ = await self._process.stderr.until(self._mark.encode())
        return stdout, stderr, verdict

    async def _last_words(self, status: int, started: float) -> Completed:
        duration_s = time.perf_counter() - started
        self._dead = f"sample {self._count} of its session ended the interpreter with status {status}"
        await self._process.end()
        return Completed(
            exit_status=status,
            stdout=self._shown(self._process.stdout.text),
            stderr=self._shown(self._process.stderr.text),
            duration_s=duration_s,
        )

    def _shown(self, text: str) -> str:
        """Without the folder of the files, which is another one in each run."""
        return text.replace(f"{self._scratch}/", "")


class Unavailable:
    """The session of an interpreter that is not here."""

    def __init__(self, skipped: Skipped) -> None:
        self._skipped = skipped

    async def run(self, _script: Script) -> Skipped:
        """Says so."""
        return self._skipped


@asynccontextmanager
async def interpreting(
    command: Sequence[str | Path], *, folder: Path, environment: Mapping[str, str]
) -> AsyncIterator[Interpreter]:
    """Starts a driver; leaving lets it leave by itself for a moment, then ends it and everything that samples started."""
    with tempfile.TemporaryDirectory(prefix="docwitness-") as scratch:
        process = await start(command, folder=folder, environment=environment, input_pipe=True)
        try:
            yield Interpreter(process, Path(scratch))
            process.close_input()
            try:
                async with asyncio.timeout(_FAREWELL_S):
                    await process.wait()
            except TimeoutError:
                pass
        finally:
            await process.end()
