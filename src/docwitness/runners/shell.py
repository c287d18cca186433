"""Runs shell samples with bash, which stops at the first failing command (`-e -o pipefail`)."""

from __future__ import annotations

import asyncio
import contextlib
import re
import secrets
import stat
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from docwitness.execution import Completed, Execution, Skipped
from docwitness.process import execute
from docwitness.runners.base import Script, Session, SyntaxFault, Workplace
from docwitness.runners.interpreter import Interpreter, Unavailable, interpreting
from docwitness.runners.tools import find, version_of
from docwitness.sample import Language
from docwitness.tool import Tool
from docwitness.transcript import split

_DRIVERS = Path(__file__).parent / "drivers"
_LEAD = '{{ (docwitness=$?; printf %s {mark}; exit "$docwitness") && : "$_"; }} 2>/dev/null; '
"""Prints a mark, also under `set -x`, and leaves `$?` and `$_` as they are; behind `&&`, a status that is not 0 ends nothing."""
_NOTE = ".failed-line"
"""Hidden in the working folder, since another folder would cost more than all else that a short sample does."""
_LONGEST_NUMBER = 20
_PROMPT = ("-O", "expand_aliases")
"""What is on at a prompt and off elsewhere, and what samples can show."""
_NO_BASH = Skipped(reason="bash is not on PATH", hint="install bash")
_NO_CURL = Skipped(reason="curl is not on PATH", hint="install curl")
_CURL = re.compile(r"\bcurl\b")
_BLAMED = re.compile(r"^(\S+): (?:-c: )?line (\d+): (.*)$", re.MULTILINE)
"""A message of bash: which script, which line, what."""
_SYNTAX = re.compile(r"syntax error|unexpected EOF|unexpected end of file|here-document")
_UNDEFINED = re.compile(r"^(\S+): (?:command not found|unbound variable)$")


class Shell:
    """The runner for `sh`, `bash` and console transcripts."""

    name = Language.SHELL.value

    def __init__(self) -> None:
        self._bash = find("bash")
        self._curl = find("curl")
        self._no_curl = None if self._curl else _NO_CURL

    async def tools(self) -> tuple[Tool, ...] | Skipped:
        """Bash, and curl where there is one: only samples that use it need it."""
        if self._bash is None:
            return _NO_BASH
        found = {"bash": self._bash} | ({"curl": self._curl} if self._curl else {})
        answers = await asyncio.gather(*(version_of([path, "--version"]) for path in found.values()))
        versions = dict(zip(found, answers, strict=True))
        if isinstance(versions["bash"], Skipped):
            return versions["bash"]
        if isinstance(no_curl := versions.get("curl"), Skipped):
            self._no_curl = no_curl
        return tuple(Tool(name=name, version=version) for name, version in versions.items() if isinstance(version, str))

    async def check(self, scripts: Sequence[Script]) -> dict[str, SyntaxFault]:
        """Asks `bash -n`; a here-document that never ends is a fault too, though bash only warns."""
        if self._bash is None or not scripts:
            return {}
        with tempfile.TemporaryDirectory(prefix="docwitness-") as scratch:
            folder = Path(scratch)
            for number, script in enumerate(scripts):
                (folder / str(number)).write_text(_commands(script) + "\n", encoding="utf-8")
            each = 'for ((n = 0; n < $1; n++)); do "$BASH" -n "$n"; done'
            answer = await execute([self._bash, "-c", each, "check", str(len(scripts))], folder=folder, environment={}, limit_s=60)
        faults: dict[str, SyntaxFault] = {}
        for number, line, message in _BLAMED.findall(answer.stderr if isinstance(answer, Completed) else ""):
            script = scripts[int(number)]
            if _SYNTAX.search(message):
                faults.setdefault(script.id, SyntaxFault(message=message, line=_within(script, line)))
        return faults

    async def run(self, script: Script, workplace: Workplace) -> Execution:
        """Runs it with `bash -c`, so that messages of bash name no file and `$0` is `sample`."""
        if missing := self._missing(script):
            return missing
        note = workplace.folder.resolve() / _NOTE
        given = _given(script)
        try:
            execution = await execute(
                [self._bash or "", *_PROMPT * script.console, "-eE", "-o", "pipefail", "-c", given.text, "sample"],
                folder=workplace.folder,
                environment={
                    **workplace.environment,
                    "BASH_ENV": str(_DRIVERS / "failed_line.bash"),
                    "DOCWITNESS_FAILED_LINE": str(note),
                },
                limit_s=script.timeout_s,
            )
            return _diagnosed(script, given.read(execution), _noted(note))
        finally:
            with contextlib.suppress(OSError):  # the sample may have made its folder read-only, or have none any more
                note.unlink()

    @asynccontextmanager
    async def session(self, workplace: Workplace) -> AsyncIterator[Session]:
        """One bash for all samples. As at a prompt, a failing command ends its sample only, `exit` the session."""
        if self._bash is None:
            yield Unavailable(_NO_BASH)
            return
        command = [self._bash, str(_DRIVERS / "session.bash")]
        async with interpreting(command, folder=workplace.folder, environment=workplace.environment) as interpreter:
            yield ShellSession(self._missing, interpreter)

    def _missing(self, script: Script) -> Skipped | None:
        if self._bash is None:
            return _NO_BASH
        return self._no_curl if _CURL.search(script.text) else None


class ShellSession:
    """Samples in one bash."""

    def __init__(self, missing: Callable[[Script], Skipped | None], interpreter: Interpreter) -> None:
        self._missing = missing
        self._interpreter = interpreter

    async def run(self, script: Script) -> Execution:
        """Sources the next sample."""
        if missing := self._missing(script):
            return missing
        given = _given(script)
        execution = given.read(await self._interpreter.run(given.text, suffix=".sh", limit_s=script.timeout_s))
        return _diagnosed(script, execution, execution.failed_line if isinstance(execution, Completed) else None)


@dataclass(frozen=True, slots=True)
class _Given:
    """What bash is given for a script."""

    text: str
    mark: str = ""
    """Stands in the output before that of each command; empty where those are not told apart."""

    def read(self, execution: Execution) -> Execution:
        """Without the marks."""
        if not self.mark or isinstance(execution, Skipped):
            return execution
        before, *outputs = execution.stdout.split(self.mark)
        stderr = execution.stderr.replace(_LEAD.format(mark=self.mark), "")
        plain = replace(execution, stdout=before + "".join(outputs), stderr=stderr)
        return replace(plain, outputs=tuple(outputs)) if isinstance(plain, Completed) else plain


def _given(script: Script) -> _Given:
    """Marks are for transcripts that show what several commands print."""
    if not script.console:
        return _Given(script.text)
    transcript = split(script.text)
    mark = f"docwitness-{secrets.token_hex(16)}"
    several = len(transcript.steps) > 1 and any(step.output for step in transcript.steps)
    led = transcript.led_by(_LEAD.format(mark=mark)) if several else None
    return _Given(transcript.script) if led is None else _Given(led, mark)


def _noted(note: Path) -> int | None:
    """The line in a note; None where there is no note, or a sample made something else of it."""
    try:
        if not stat.S_ISREG(note.lstat().st_mode):  # a FIFO would be waited for
            return None
        with note.open("rb") as file:
            return int(file.read(_LONGEST_NUMBER))
    except (OSError, ValueError):
        return None


def _commands(script: Script) -> str:
    return split(script.text).script if script.console else script.text


def _within(script: Script, line: str) -> int:
    """Bash names the line behind the last one when something is missing at the end."""
    return min(int(line), script.text.count("\n") + 1)


def _diagnosed(script: Script, execution: Execution, failed_line: int | None) -> Execution:
    """With what bash said about a failure."""
    if not isinstance(execution, Completed) or execution.exit_status == 0:
        return execution
    blamed = _BLAMED.findall(execution.stderr)
    faults = [line for _, line, message in blamed if _SYNTAX.search(message)] if execution.exit_status == 2 else []
    undefined = [found[1] for *_, message in blamed if (found := _UNDEFINED.match(message))]
    if faults:
        failed_line = _within(script, faults[-1])
    elif failed_line is None and blamed:
        failed_line = _within(script, blamed[-1][1])
    return replace(
        execution,
        failed_line=failed_line,
        syntax_error=bool(faults),
        undefined_name=undefined[-1] if undefined else None,
    )
