"""Runs Python samples with the project's interpreter."""

from __future__ import annotations

import json
import re
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from docwitness.execution import Completed, Execution, Skipped
from docwitness.process import execute
from docwitness.runners.base import Runs, Script, Session, SyntaxFault, Workplace
from docwitness.runners.interpreter import Interpreter, Unavailable, interpreting
from docwitness.runners.preloaded import preloading
from docwitness.runners.sample_file import relabelled, sample_file
from docwitness.runners.tools import answer_of, find, json_of
from docwitness.sample import Language
from docwitness.settings import PythonSettings
from docwitness.tool import Tool

_DRIVERS = Path(__file__).parent / "drivers"
_FILE = ".sample.py"
"""Hidden, so that no import finds it either."""
_SHOWN = "sample.py"
_FRAME = r'^ *File "{}", line (\d+)'
_SYNTAX = re.compile(r"^(?:SyntaxError|IndentationError|TabError): ", re.MULTILINE)
_TRACEBACK = "Traceback (most recent call last):"
"""Does not stand before a fault of the sample's own syntax, since nothing was running yet."""
_UNDEFINED = re.compile(r"^NameError: name '([^']+)' is not defined", re.MULTILINE)
_CLIENT = "influxdb-client"
_VERSIONS = f"""
import platform
from importlib import metadata
print(platform.python_version())
try:
    print(metadata.version("{_CLIENT}"))
except metadata.PackageNotFoundError:
    pass
"""


class Python:
    """The runner for `python`."""

    name = Language.PYTHON.value

    def __init__(self, settings: PythonSettings) -> None:
        wanted = settings.interpreter or sys.executable
        self._interpreter = find(wanted)
        self._missing = Skipped(
            reason=f"there is no Python interpreter {wanted}",
            hint="create that environment, or change the interpreter of runners.python",
        )

    async def tools(self) -> tuple[Tool, ...] | Skipped:
        """The interpreter, and the client library where it has one."""
        answer = await answer_of([self._interpreter, "-I", "-c", _VERSIONS]) if self._interpreter else None
        if answer is None:
            return self._missing
        return tuple(Tool(name=name, version=version) for name, version in zip(("python", _CLIENT), answer.split(), strict=False))

    async def check(self, scripts: Sequence[Script]) -> dict[str, SyntaxFault]:
        """Compiles all of them in one process of the samples' own interpreter, since grammars differ."""
        if self._interpreter is None or not scripts:
            return {}
        with tempfile.TemporaryDirectory(prefix="docwitness-") as scratch:
            texts = Path(scratch) / "texts.json"
            texts.write_text(json.dumps({script.id: script.text for script in scripts}), encoding="utf-8")
            command: list[str | Path] = [self._interpreter, "-I", "-W", "ignore", _DRIVERS / "syntax.py", texts]
            faults: dict[str, tuple[int | None, str]] = await json_of(command) or {}
        return {id_: SyntaxFault(message=message, line=line) for id_, (line, message) in faults.items()}

    async def run(self, script: Script, workplace: Workplace) -> Execution:
        """Runs it as a file of the working folder, from where it can import; packages of the user's home stay out (`-s`)."""
        if self._interpreter is None:
            return self._missing
        with sample_file(workplace.folder, _FILE, script.text) as file:
            execution = await execute(
                [self._interpreter, "-s", file.name],
                folder=workplace.folder,
                environment=workplace.environment,
                limit_s=script.timeout_s,
            )
        return _diagnosed(relabelled(execution, {str(file): _SHOWN}), _SHOWN)

    @asynccontextmanager
    async def repeated(self, text: str) -> AsyncIterator[Runs]:
        """Variants share what `text` imports."""
        if self._interpreter is None:
            yield self
            return
        async with preloading(self._interpreter, text) as preloaded:
            yield preloaded

    @asynccontextmanager
    async def session(self, workplace: Workplace) -> AsyncIterator[Session]:
        """One interpreter, one namespace. As at a prompt, an exception ends its sample only, `exit()` the session."""
        if self._interpreter is None:
            yield Unavailable(self._missing)
            return
        command = [self._interpreter, "-s", str(_DRIVERS / "session.py")]
        async with interpreting(command, folder=workplace.folder, environment=workplace.environment) as interpreter:
            yield PythonSession(interpreter)


class PythonSession:
    """Samples in one interpreter."""

    def __init__(self, interpreter: Interpreter) -> None:
        self._interpreter = interpreter

    async def run(self, script: Script) -> Execution:
        """Runs the next sample."""
        execution = await self._interpreter.run(script.text, suffix=".py", limit_s=script.timeout_s)
        return _diagnosed(execution, self._interpreter.last_file)


def _diagnosed(execution: Execution, file: str) -> Execution:
    """With what the last traceback says about a failure."""
    if not isinstance(execution, Completed) or execution.exit_status == 0:
        return execution
    lines = re.findall(_FRAME.format(re.escape(file)), execution.stderr, re.MULTILINE)
    undefined = _UNDEFINED.findall(execution.stderr)
    return replace(
        execution,
        failed_line=int(lines[-1]) if lines else None,
        syntax_error=bool(_SYNTAX.search(execution.stderr)) and _TRACEBACK not in execution.stderr,
        undefined_name=undefined[-1] if undefined else None,
    )
