"""Runs JavaScript samples with Node."""

from __future__ import annotations

import contextlib
import json
import re
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from docwitness.execution import Completed, Execution, Skipped
from docwitness.process import execute
from docwitness.runners.base import Runs, Script, Session, SyntaxFault, Workplace
from docwitness.runners.sample_file import relabelled, sample_file
from docwitness.runners.separate import SeparateProcesses
from docwitness.runners.tools import find, json_of, version_of
from docwitness.sample import Language
from docwitness.settings import NodeSettings
from docwitness.tool import Tool

OLDEST = 20
"""The oldest major version of Node that samples run with."""

_DRIVERS = Path(__file__).parent / "drivers"
_TELL = _DRIVERS / "tell.cjs"
_CLIENT = "@influxdata/influxdb-client"
_ENVIRONMENT = {"NODE_USE_ENV_PROXY": "1"}
"""Newer versions of Node then honour the proxy variables in `fetch`; older ones ignore all of them."""
_MODULE = re.compile(r"^\s*(?:import\s*[\w\"'{*]|export\s)|^(?:(?:const|let|var)\s.*=\s*)?await\s|^for\s+await\s", re.MULTILINE)
_SCRIPT = re.compile(r"\brequire\s*\(|\bmodule\.exports\b|\b__(?:dirname|filename)\b")
_PLACE = re.compile(r"\bsample\.[cm]js:(\d+)")
_FRAME = re.compile(r"^ +at .*\bsample\.[cm]js:\d", re.MULTILINE)
_SYNTAX = re.compile(r"^SyntaxError: (?!.*\bexport\b).*$", re.MULTILINE)
"""Not that of a module which lacks an imported name: "… does not provide an export named …"."""
_UNDEFINED = re.compile(r"^ReferenceError: (\S+) is not defined", re.MULTILINE)


class Node:
    """The runner for `js`: modules and scripts."""

    name = Language.NODE.value

    def __init__(self, settings: NodeSettings) -> None:
        self._node = find(settings.interpreter) or settings.interpreter
        self._modules = settings.packages / "node_modules" if settings.packages else None
        self._missing = _missing(settings)

    async def tools(self) -> tuple[Tool, ...] | Skipped:
        """Node, and the client library where it is among the packages."""
        if self._missing:
            return self._missing
        version = await version_of([self._node, "--version"])
        if isinstance(version, Skipped):
            return version
        if version != "unknown" and int(version.partition(".")[0]) < OLDEST:
            return Skipped(reason=f"{self._node} is Node {version}", hint=f"install Node {OLDEST} or later")
        return (Tool(name="node", version=version), *_client(self._modules))

    async def check(self, scripts: Sequence[Script]) -> dict[str, SyntaxFault]:
        """Parses all of them in one process; it cannot say where a fault is, so faulty ones are asked about again one by one."""
        if self._missing or not scripts:
            return {}
        with tempfile.TemporaryDirectory(prefix="docwitness-") as scratch:
            folder = Path(scratch)
            texts = [{"id": script.id, "text": script.text, "isModule": is_module(script.text)} for script in scripts]
            (folder / "texts.json").write_text(json.dumps(texts), encoding="utf-8")
            command = [self._node, "--experimental-vm-modules", "--no-warnings", str(_DRIVERS / "syntax.mjs"), "texts.json"]
            faulty = await json_of(command, folder) or ()
            workplace = Workplace(folder=folder, environment={})
            return {script.id: await self._fault(script, workplace) for script in scripts if script.id in faulty}

    async def _fault(self, script: Script, workplace: Workplace) -> SyntaxFault:
        execution = await self._execute(script, workplace, "--check")
        said = _SYNTAX.search("" if isinstance(execution, Skipped) else execution.stderr)
        line = execution.failed_line if isinstance(execution, Completed) else None
        return SyntaxFault(message=said[0] if said else "SyntaxError", line=line)

    async def run(self, script: Script, workplace: Workplace) -> Execution:
        """Runs it as a file of the working folder, where its packages are linked. An unhandled rejection fails it."""
        if self._missing:
            return self._missing
        link = workplace.folder / "node_modules"
        if self._modules and not link.exists():
            link.symlink_to(self._modules, target_is_directory=True)
        return await self._execute(script, replace(workplace, environment={**workplace.environment, **_ENVIRONMENT}))

    async def _execute(self, script: Script, workplace: Workplace, *flags: str) -> Execution:
        shown = "sample.mjs" if is_module(script.text) else "sample.cjs"
        with sample_file(workplace.folder, f".{shown}", script.text) as file:
            execution = await execute(
                [self._node, *flags, file.name],
                folder=workplace.folder,
                environment=workplace.environment,
                limit_s=script.timeout_s,
            )
        return _diagnosed(relabelled(execution, {file.as_uri(): shown, str(file): shown}))

    @asynccontextmanager
    async def repeated(self, text: str) -> AsyncIterator[Runs]:  # noqa: ARG002 - packages are loaded each time
        """Variants have a function that tells what objects hold."""
        yield _Telling(self)

    @asynccontextmanager
    async def session(self, workplace: Workplace) -> AsyncIterator[Session]:
        """Samples share the folder; Node has no prompt that runs modules."""
        yield SeparateProcesses(self, workplace)


class _Telling:
    """Samples that can tell what objects hold."""

    def __init__(self, node: Node) -> None:
        self._node = node

    async def run(self, script: Script, workplace: Workplace) -> Execution:
        """Runs it; the function is there before it."""
        environment = {**workplace.environment, "NODE_OPTIONS": f'--require "{_TELL}"'}
        return await self._node.run(script, replace(workplace, environment=environment))


def is_module(text: str) -> bool:
    """Whether a sample is an ECMAScript module rather than a CommonJS script; one that could be either is a module."""
    return bool(_MODULE.search(text)) or not _SCRIPT.search(text)


def _client(modules: Path | None) -> Iterator[Tool]:
    """The client library where it is among the packages, and says which version it is."""
    package = modules / _CLIENT / "package.json" if modules else None
    if package is not None:
        with contextlib.suppress(OSError, ValueError, KeyError):
            yield Tool(name=_CLIENT, version=json.loads(package.read_text(encoding="utf-8"))["version"])


def _missing(settings: NodeSettings) -> Skipped | None:
    if find(settings.interpreter) is None:
        return Skipped(
            reason=f"there is no Node: {settings.interpreter}", hint=f"install Node {OLDEST} or later, or set runners.node"
        )
    if settings.packages and not (settings.packages / "node_modules").is_dir():
        return Skipped(reason=f"{settings.packages} has no node_modules", hint="run `npm ci` there")
    return None


def _diagnosed(execution: Execution) -> Execution:
    """With what Node said about a failure. The uppermost place in the sample is nearest to the fault."""
    if not isinstance(execution, Completed) or execution.exit_status == 0:
        return execution
    place = _PLACE.search(execution.stderr)
    undefined = _UNDEFINED.search(execution.stderr)
    return replace(
        execution,
        failed_line=int(place[1]) if place else None,
        syntax_error=bool(_SYNTAX.search(execution.stderr)) and not _FRAME.search(execution.stderr),
        undefined_name=undefined[1] if undefined else None,
    )
