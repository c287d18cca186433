"""Our own docs with everything that their claims are judged by: samples that ran, and a server that goes on running."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from docwitness.claim import Claim
from docwitness.collect import collect
from docwitness.collection import Collection
from docwitness.config.reading import load
from docwitness.equipment import runners_for
from docwitness.judging import Bench, Judged, Records, judge_tables
from docwitness.observation import Witnessed
from docwitness.page import Table
from docwitness.pipeline import Run, RunOptions
from docwitness.plan import draw
from docwitness.probers.base import Means
from docwitness.report import Report
from docwitness.rule import Rule
from docwitness.targets.base import RunningTarget, Target
from docwitness.targets.embedded import Embedded
from docwitness.trial import Attempt, Circumstances, carry_out
from docwitness.verdict import Kind, Outcome, Verdict

ROOT = Path(__file__).parents[2]
PAGES = tuple(ROOT / "docs" / f"{name}.md" for name in ("parameters", "precision", "responses", "authenticate", "unsupported"))
LANGUAGES = ("shell", "python")


@dataclass(frozen=True, kw_only=True)
class Judge:
    """Judges tables by what was recorded once; only what was never tried goes to the server."""

    collection: Collection
    tables: tuple[Table, ...]
    runner: asyncio.Runner
    bench: Bench
    records: Records

    def verdicts(self, claims: Sequence[Claim]) -> list[Judged]:
        async def judged() -> list[Judged]:
            return [each async for each in judge_tables(claims, self.records, self.bench)]

        return self.runner.run(judged())


@pytest.fixture(scope="session")
def docs() -> Iterator[Judge]:
    configuration = load(ROOT)
    collection = collect(configuration, PAGES)
    tables = tuple(table for table in collection.tables if table.directives.role != "options")
    samples = [sample for sample in collection.samples if sample.language in LANGUAGES and not sample.hidden]
    runners = runners_for(configuration, set(LANGUAGES))
    bases = frozenset(filter(None, (table.directives.base for table in tables)))
    records = Records()

    def attempted(attempt: Attempt) -> None:
        if attempt.evidence is not None:
            records.witnessed.append(Witnessed(sample=attempt.step.sample, evidence=attempt.evidence))

    async def prepare(stack: AsyncExitStack) -> Bench:
        target = await stack.enter_async_context(Embedded().running())
        means = Means(target=target, placeholders=configuration.placeholders, runners=runners)
        circumstances = Circumstances(
            means=means,
            missing={},
            faults={},
            bases=bases,
            starting=lambda _: None,
            attempted=attempted,
            base=records.add_base,
            notice=records.notices.append,
        )
        turns = asyncio.Semaphore(4)
        async with asyncio.TaskGroup() as group:
            for plan in draw(collection.samples, samples):

                async def carried_out(plan=plan) -> None:  # type: ignore[no-untyped-def]
                    async with turns:
                        await carry_out(plan, circumstances)

                group.create_task(carried_out())
        return Bench(means)

    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        try:
            bench = runner.run(prepare(stack))
            yield Judge(collection=collection, tables=tables, runner=runner, bench=bench, records=records)
        finally:
            runner.run(stack.aclose())


BASE = """<!-- docwitness: id=base -->
```sh
curl --silent --show-error --request POST \\
  "https://cluster-id.influxdb.io/api/v2/write?bucket=DATABASE_NAME&precision=s" \\
  --header "Authorization: Bearer DATABASE_TOKEN" \\
  --data-binary 'home,room=Kitchen temp=21.5 1735545600'
```

"""
PARAMETERS = 'parameters of="POST /api/v2/write" base=base'
HEAD = "| Parameter | Allowed in | Required | Honored | Value |\n|---|---|---|---|---|\n"
RIGHT = """| `bucket` | Query string | Required | Honored | a name |
| `precision` | Query string | Optional | Honored | `ns` (default), `us`, `ms`, `s` |
| `org` | Query string | Optional | Ignored | |
| `Authorization` | Header | Required | Honored | `Bearer DATABASE_TOKEN` or `Token DATABASE_TOKEN` |
| `Content-Encoding` | Header | Optional | Honored | `gzip`, `identity` (default) |
| `User-Agent` | Header | Optional | Ignored | |
| `Content-Length` | Header | Optional | Ignored | |
"""

VALUES = "values of=precision base=base"
UNITS = """| Value | Unit | 2024-12-30 08:00:00 UTC | Same as |
|---|---|---|---|
| `s` | second | `1735545600` | `second` |
| `ms` | millisecond | `1735545600000` | `millisecond` |
| `us` | microsecond | `1735545600000000` | `microsecond`, `u` |
| `ns` (default) | nanosecond | `1735545600000000000` | `nanosecond`, `n` |
"""

ERRORS = 'errors of="POST /api/v2/write"'
NO_TOKEN = """<!-- docwitness: id=no-token expect=401 -->
```sh
curl --silent "https://cluster-id.influxdb.io/api/v2/write?bucket=DATABASE_NAME" --data-binary 'home temp=1'
```

"""
ROWS = "| Status | Code | Message |\n|---|---|---|\n| 401 | `unauthorized` | `no token` |\n"

CONFIGURATION = """paths = ["docs"]
[placeholders]
"https://cluster-id.influxdb.io" = "{url}"
DATABASE_TOKEN = "{token}"
DATABASE_NAME = "{database}"
"""


class Undescribed:
    """The embedded server, without the description that it gives of itself."""

    @asynccontextmanager
    async def running(self) -> AsyncIterator[RunningTarget]:
        async def openapi() -> None:
            return None

        async with Embedded().running() as server:
            server.openapi = openapi  # type: ignore[method-assign, assignment]
            yield server


class Desk:
    """Runs small pages in this process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        (folder / "docs").mkdir()
        self.configure("")

    def configure(self, more: str) -> None:
        (self._folder / "docwitness.toml").write_text(CONFIGURATION + more, encoding="utf-8")

    def page(self, text: str, name: str = "page.md") -> Path:
        path = self._folder / "docs" / name
        path.write_text(text, encoding="utf-8")
        return path

    def run(self, *paths: Path, target: Target | None = None, options: RunOptions | None = None) -> Report:
        configuration = load(self._folder)
        collection = collect(configuration, paths)
        run = Run(
            configuration,
            collection,
            runners=runners_for(configuration, {sample.language for sample in collection.samples}),
            target=target or Embedded(),
            options=options or RunOptions(),
            listen=lambda _: None,
        )
        return asyncio.run(run.execute())

    def table(self, mark: str, text: str, before: str = BASE) -> Report:
        """The report of a page with a base and one table."""
        self.page(f"{before}<!-- docwitness: {mark} -->\n\n{text}\n")
        return self.run()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def verdicts(report: Report) -> dict[str, Verdict]:
    """Those of tables, by their ids without the operation."""
    claims = [verdict for verdict in report.verdicts if verdict.kind not in (Kind.SAMPLE, Kind.PAGE)]
    return {verdict.id.removeprefix("POST /api/v2/write:"): verdict for verdict in claims}


def rules(report: Report) -> dict[str, Rule | None]:
    """What is not proven, and why."""
    return {name: verdict.rule for name, verdict in verdicts(report).items() if verdict.outcome is not Outcome.PROVEN}
