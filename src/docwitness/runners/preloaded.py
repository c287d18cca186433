"""Python samples that share their imports: each runs in a process forked from one interpreter, which has them already."""

from __future__ import annotations

import ast
import asyncio
import itertools
import json
import os
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from docwitness.execution import Completed, Execution, TimedOut
from docwitness.process import Output, Process, start
from docwitness.runners.base import Script, Workplace
from docwitness.runners.sample_file import written

_DRIVER = Path(__file__).parent / "drivers" / "fork.py"
_FILE = ".sample.py"
_SHOWN = "sample.py"
_ENDED = b"ended "
_CHUNK = 65536
_GONE = "the interpreter that Python samples are forked from has ended"


class Preloaded:
    """Runs scripts in forks of an interpreter, several at a time. It is started when the first one comes."""

    def __init__(self, interpreter: str, statements: list[str], stack: AsyncExitStack) -> None:
        self._interpreter = interpreter
        self._statements = statements
        self._stack = stack
        self._starting = asyncio.Lock()
        self._forks: Forks | None = None

    async def run(self, script: Script, workplace: Workplace) -> Execution:
        """Runs it as a file of the working folder. Raises `OSError` when the interpreter cannot be started, or has ended."""
        async with self._starting:
            if self._forks is None:
                self._forks = await self._stack.enter_async_context(_forking(self._interpreter, self._statements))
        return await self._forks.run(script, workplace)


class Forks:
    """The forks of one interpreter."""

    def __init__(self, process: Process, scratch: Path) -> None:
        self._process = process
        self._scratch = scratch
        self._numbers = itertools.count(1)
        self._waiting: dict[str, asyncio.Future[str]] = {}
        self._is_gone = False

    async def run(self, script: Script, workplace: Workplace) -> Execution:
        """Runs one script to its end. Raises `ChildProcessError` when the interpreter has ended."""
        if self._is_gone:
            raise ChildProcessError(_GONE)
        name = str(next(self._numbers))
        file = written(workplace.folder.resolve() / _FILE, script.text)
        stdout, stderr = self._scratch / f"{name}.out", self._scratch / f"{name}.err"
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
        duration_s = time.perf_counter() - started
        shown = [_text(path).replace(str(file), _SHOWN) for path in (stdout, stderr)]
        match status:
            case "":
                raise ChildProcessError(_GONE)
            case "-":
                return TimedOut(limit_s=script.timeout_s, stdout=shown[0], stderr=shown[1])
            case _:
                return Completed(exit_status=int(status), stdout=shown[0], stderr=shown[1], duration_s=duration_s)

    async def follow(self) -> None:
        """Tells those who wait what has ended; once the interpreter itself has, that nothing will any more."""
        gone = asyncio.create_task(self._process.wait())
        ended = asyncio.create_task(self._process.stdout.until(_ENDED))
        try:
            while ended in (await asyncio.wait((gone, ended), return_when=asyncio.FIRST_COMPLETED))[0]:
                before, rest = ended.result()
                for line in f"{before}{_ENDED.decode()}{rest}".splitlines():
                    _, name, status = line.split()
                    self._waiting.pop(name).set_result(status)
                ended = asyncio.create_task(self._process.stdout.until(_ENDED))
        finally:
            gone.cancel()
            ended.cancel()
            self._is_gone = True
            for waiting in self._waiting.values():
                waiting.set_result("")


@asynccontextmanager
async def preloading(interpreter: str, text: str) -> AsyncIterator[Preloaded]:
    """Forks of an interpreter that has imported what `text` imports; leaving ends it, and every run."""
    async with AsyncExitStack() as stack:
        yield Preloaded(interpreter, imports(text), stack)


@asynccontextmanager
async def _forking(interpreter: str, statements: list[str]) -> AsyncIterator[Forks]:
    with tempfile.TemporaryDirectory(prefix="docwitness-") as scratch:
        environment = {"PATH": os.environ.get("PATH", os.defpath), "HOME": scratch, "LANG": "C.UTF-8"}
        process = await start([interpreter, "-s", str(_DRIVER)], folder=Path(scratch), environment=environment, input_pipe=True)
        forks = Forks(process, Path(scratch))
        following = asyncio.create_task(forks.follow())
        try:
            process.send(json.dumps(statements).encode() + b"\n")
            yield forks
        finally:
            following.cancel()
            await process.end()


def imports(text: str) -> list[str]:
    """The import statements of a sample. Empty for one that is no Python."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return []
    return [ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]


def _text(path: Path) -> str:
    """What was printed to a file, as much of it as is kept of all output."""
    output = Output()
    if path.exists():
        with path.open("rb") as file:
            while data := file.read(_CHUNK):
                output.feed(data)
    return output.text
