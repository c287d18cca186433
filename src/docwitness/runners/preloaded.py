"""Python samples that share their imports, as many times as wanted: each runs in a process forked from one interpreter."""

from __future__ import annotations

import ast
import asyncio
import itertools
import json
import os
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from docwitness.execution import Completed, Execution, Skipped, TimedOut
from docwitness.process import Process, start
from docwitness.runners.base import Script, Workplace

_DRIVER = Path(__file__).parent / "drivers" / "fork.py"
_FILE = ".sample.py"
_SHOWN = "sample.py"
_ENDED = b"ended "
_GONE = "the interpreter that Python samples are forked from has ended"


class Preloaded:
    """Runs scripts in forks of an interpreter; several at a time."""

    def __init__(self, process: Process, scratch: Path) -> None:
        self._process = process
        self._scratch = scratch
        self._numbers = itertools.count(1)
        self._waiting: dict[str, asyncio.Future[str]] = {}
        self._is_gone = False

    async def run(self, script: Script, workplace: Workplace) -> Execution:
        """Runs it as a file of the working folder."""
        if self._is_gone:
            return Skipped(reason=_GONE)
        name = str(next(self._numbers))
        file, stdout, stderr = workplace.folder.resolve() / _FILE, self._scratch / f"{name}.out", self._scratch / f"{name}.err"
        file.write_text(script.text + "\n", encoding="utf-8")
        request = {
            "id": name,
            "file": str(file),
            "folder": str(file.parent),
            "environment": dict(workplace.environment),
            "stdout": str(stdout),
            "stderr": str(stderr),
            "limit_s": script.timeout_s,
        }
        started = time.perf_counter()
        self._waiting[name] = asyncio.get_running_loop().create_future()
        self._process.send(json.dumps(request).encode() + b"\n")
        status = await self._waiting[name]
        shown = [_text(path).replace(str(file), _SHOWN) for path in (stdout, stderr)]
        if not status:
            return Skipped(reason=_GONE)
        if status == "-":
            return TimedOut(limit_s=script.timeout_s, stdout=shown[0], stderr=shown[1])
        duration_s = time.perf_counter() - started
        return Completed(exit_status=int(status), stdout=shown[0], stderr=shown[1], duration_s=duration_s)

    async def follow(self) -> None:
        """Tells those who wait what has ended, until the interpreter itself has; then nothing is waited for any more."""
        gone = asyncio.create_task(self._process.wait())
        while True:
            ended = asyncio.create_task(self._process.stdout.until(_ENDED))
            await asyncio.wait((gone, ended), return_when=asyncio.FIRST_COMPLETED)
            if not ended.done():
                ended.cancel()
                break
            before, rest = ended.result()
            for line in f"{before}{_ENDED.decode()}{rest}".splitlines():
                _, name, status = line.split()
                self._waiting.pop(name).set_result(status)
        self.give_up()

    def give_up(self) -> None:
        """Nothing more will end."""
        self._is_gone = True
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_result("")


@asynccontextmanager
async def preloading(interpreter: str, text: str) -> AsyncIterator[Preloaded]:
    """An interpreter that has imported what `text` imports; leaving ends it, and every run.

    Raises `OSError` when it cannot be started.
    """
    with tempfile.TemporaryDirectory(prefix="docwitness-") as scratch:
        environment = {"PATH": os.environ.get("PATH", os.defpath), "HOME": scratch, "LANG": "C.UTF-8"}
        process = await start([interpreter, "-s", str(_DRIVER)], folder=Path(scratch), environment=environment, input_pipe=True)
        preloaded = Preloaded(process, Path(scratch))
        following = asyncio.create_task(preloaded.follow())
        try:
            process.send(json.dumps(imports(text)).encode() + b"\n")
            yield preloaded
        finally:
            following.cancel()
            preloaded.give_up()
            await process.end()


def imports(text: str) -> list[str]:
    """The import statements of a sample. Empty for one that is no Python."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return []
    return [ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
