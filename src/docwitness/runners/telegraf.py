"""Runs Telegraf configurations: what a sample lacks to run once is added, with points whose arrival can be checked."""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from itertools import takewhile
from pathlib import Path

from docwitness.execution import Completed, Execution, Skipped
from docwitness.reach import Reach
from docwitness.runners.base import Script, Session, SyntaxFault, Workplace
from docwitness.runners.installations import Binary, ContainerImage
from docwitness.runners.separate import SeparateProcesses
from docwitness.sample import Language
from docwitness.settings import TelegrafSettings
from docwitness.tool import Tool

OLDEST = (1, 38)
"""The first version that treats environment variables strictly by default."""

_LISTING_LIMIT_S = 20.0
_FLAGS = ("--once", "--unprotected", "--strict-env-handling")
"""`--unprotected`: without it Telegraf hangs for ever where no memory may be locked, as in rootless containers."""
_AGENT = """\
[agent]
  omit_hostname = true
  precision = "1ns"
  metric_buffer_limit = 1000000
  skip_processors_after_aggregators = true
"""
"""By default Telegraf rounds times to whole seconds, and points collapse."""
_INPUT = """\
[[inputs.file]]
  files = ["{probe}"]
  data_format = "influx"
"""
_OUTPUT = """\
[[outputs.file]]
  files = ["stdout"]
  data_format = "influx"
"""
_TABLE = r"^\s*\[+\s*[\"']?{}[\"']?\s*[.\]]"
_COMMENT = re.compile(r"^\s*#.*$", re.MULTILINE)
_VARIABLE = re.compile(r"\$\$|\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))")
_ERRORS = (
    re.compile(r"^\S+ E! (.*)$", re.MULTILINE),
    re.compile(r'"level":"ERROR","msg":"((?:[^"\\]|\\.)*)"'),
    re.compile(r"^\S+ W! (.*metrics have been dropped.*)$", re.MULTILINE),
)
"""What tells that something went wrong, whatever the exit status: Telegraf's usual log, and `logformat = "structured"`."""
_SECTIONS = frozenset({"aggregators", "inputs", "outputs", "processors", "secretstores"})
_LISTED = re.compile(r"\s*(?:# ?)?(?P<name>\w+) = ")
"""An option in the sample configuration of a plugin: set, or not used because it stands behind one `#`. Prose stands behind two."""
_TABLE_BEGINS = re.compile(r"\s*#?\s*\[+[A-Za-z][\w.-]*\]")
_LINE = re.compile(r"\bline (\d+)\b")
_UNUSED = re.compile(r'configuration specified the fields \["([^"]+)"')


class Telegraf:
    """The runner for `telegraf`."""

    name = Language.TELEGRAF.value

    def __init__(self, settings: TelegrafSettings) -> None:
        self._telegraf = ContainerImage(settings.image) if settings.image else Binary(settings.binary)

    async def tools(self) -> tuple[Tool, ...] | Skipped:
        """Telegraf, if it is recent enough."""
        version = await self._telegraf.version()
        if isinstance(version, Skipped):
            return version
        if version != "unknown" and tuple(map(int, version.split(".")[:2])) < OLDEST:
            oldest = ".".join(map(str, OLDEST))
            return Skipped(reason=f"{self._telegraf.name} is Telegraf {version}", hint=f"Telegraf {oldest} or later is needed")
        return (Tool(name="telegraf", version=version),)

    def connected(self, beside: str) -> AbstractAsyncContextManager[Reach | Skipped]:
        """As its installation is; only containers see this machine otherwise than it sees itself."""
        return self._telegraf.connected(beside)

    async def check(self, _scripts: Sequence[Script]) -> dict[str, SyntaxFault]:
        """Nothing: Telegraf reads TOML in its own way, so only its run tells."""
        return {}

    async def run(self, script: Script, workplace: Workplace) -> Execution:
        """Runs it once. A variable that is not set fails it without a run, since Telegraf would send its name to the server."""
        if unset := _unset(script.text, workplace.environment):
            return unset
        with tempfile.TemporaryDirectory(prefix="docwitness-") as scratch:
            files = _configure(script.text, Path(scratch), time.time_ns())
            execution = await self._telegraf.execute(
                [*_FLAGS, *(word for file in files for word in ("--config", str(file)))],
                scratch=Path(scratch),
                workplace=workplace,
                limit_s=script.timeout_s,
            )
        if isinstance(execution, Skipped):
            return execution
        shown = replace(execution, stderr=execution.stderr.replace(f"{scratch}/", ""))
        return _diagnosed(script.text, shown) if isinstance(shown, Completed) else shown

    async def options(self, table: str) -> tuple[str, ...]:
        """Those that Telegraf lists in its sample configuration of a plugin, such as `outputs.influxdb_v2`.

        None for a table that is no plugin's, or of a plugin that this Telegraf lacks.
        """
        section, _, plugin = table.partition(".")
        if section not in _SECTIONS:
            return ()
        with tempfile.TemporaryDirectory(prefix="docwitness-") as folder:
            execution = await self._telegraf.execute(
                ["config", "--section-filter", section, f"--{section.removesuffix('s')}-filter", plugin],
                scratch=Path(folder),
                workplace=Workplace(folder=Path(folder), environment={}),
                limit_s=_LISTING_LIMIT_S,
            )
        return listed(execution.stdout, table) if isinstance(execution, Completed) else ()

    @asynccontextmanager
    async def session(self, workplace: Workplace) -> AsyncIterator[Session]:
        """Samples share the folder; each runs Telegraf once."""
        yield SeparateProcesses(self, workplace)


def probe(now_ns: int) -> str:
    """Line protocol of every type, with odd nanoseconds, in the minute before `now_ns`; times differ by whole seconds and more.

    So whatever an option of the output may change (tags, types, uints, times, escapes, batches) shows in what arrives.
    """
    first = now_ns - 60_000_000_000
    first += 123_456_789 - first % 1_000_000_000
    return (
        f'home,room=Kitchen temp=21.5,hum=35i,visits=7u,open=true,note="say \\"hi\\"" {first}\n'
        f'home,room=Living\\ Room temp=-0.25,hum=36i,visits={2**64 - 1}u,open=false,note="back\\\\slash" {first + 2_000_000_001}\n'
        f'weather,station=north pressure=1013.25,text="two\nlines" {first + 4_000_000_003}\n'
    )


def listed(configuration: str, table: str) -> tuple[str, ...]:
    """The options that a sample configuration has in a table, those that it leaves out too; none of the tables inside it."""
    _, _, behind = configuration.partition(f"[[{table}]]\n")
    own = takewhile(lambda line: not _TABLE_BEGINS.match(line), behind.splitlines())
    return tuple(dict.fromkeys(found["name"] for line in own if (found := _LISTED.match(line))))


def _configure(text: str, folder: Path, now_ns: int) -> list[Path]:
    """Writes the sample and what it lacks; the files in the order in which Telegraf must read them.

    The first file is the one whose `omit_hostname` counts, so a sample with an agent of its own comes first.
    """
    has_agent, has_inputs, has_outputs = (
        re.search(_TABLE.format(table), text, re.MULTILINE) is not None for table in ("agent", "inputs", "outputs")
    )
    sample, harness, points = folder / "sample.conf", folder / "harness.conf", folder / "probe.lp"
    sample.write_text(text + "\n", encoding="utf-8")
    parts = ("" if has_agent else _AGENT, "" if has_inputs else _INPUT.format(probe=points), "" if has_outputs else _OUTPUT)
    harness.write_text("".join(parts), encoding="utf-8")
    points.write_text(probe(now_ns), encoding="utf-8")
    if not any(parts):
        return [sample]
    return [sample, harness] if has_agent else [harness, sample]


def _unset(text: str, environment: Mapping[str, str]) -> Completed | None:
    """What comes of a variable without a value and without a default."""
    shown = _COMMENT.sub("", text)
    for found in _VARIABLE.finditer(shown):
        name = found[1] or found[2]
        if name and name not in environment:
            complaint = f"environment variable {name} is not set; Telegraf would send {found[0]} as it stands"
            line = shown.count("\n", 0, found.start()) + 1
            return Completed(
                exit_status=1, stdout="", stderr=complaint + "\n", duration_s=0.0, failed_line=line, complaint=complaint
            )
    return None


def _diagnosed(text: str, execution: Completed) -> Completed:
    """With the first error that Telegraf logged; it exits 0 after a refused batch."""
    found = [match for pattern in _ERRORS if (match := pattern.search(execution.stderr))]
    if not found:
        return execution
    complaint: str = min(found, key=lambda match: match.start())[1]
    line = _LINE.search(complaint) if "sample.conf" in complaint else None
    failed_line = int(line[1]) if line else None
    if unused := _UNUSED.search(complaint):
        # Telegraf names the line of the table.
        key = re.search(rf"^\s*{re.escape(unused[1])}\s*=", text, re.MULTILINE)
        failed_line = text.count("\n", 0, key.end()) + 1 if key else failed_line
    return replace(execution, complaint=complaint, failed_line=failed_line, syntax_error="invalid TOML syntax" in complaint)
