"""Tables of options, judged with the real tools against the real server."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from docwitness.claim import Claim
from docwitness.config.reading import load
from docwitness.directives import Directives, Role, ScopeSettings
from docwitness.equipment import runners_for
from docwitness.evidence import Evidence
from docwitness.execution import Replayed
from docwitness.judging import Bench, Judged, Records, judge_tables
from docwitness.observation import Witnessed
from docwitness.page import Cell, Location, Row, Table
from docwitness.probers.base import Base, Means
from docwitness.runners.base import Runner
from docwitness.sample import Sample
from docwitness.tables.reading import read
from docwitness.targets.base import Scope
from docwitness.targets.embedded import Embedded

ROOT = Path(__file__).parents[2]
PAGES = (ROOT / "docs/write/telegraf.md", ROOT / "docs/write/clients.md")
HEADINGS = ("Option", "Required", "Default", "Values")
NOWHERE = Scope(database="none", token="none", read_token="none")


def cell(markdown: str) -> Cell:
    """A cell as it is written."""
    return Cell(text=markdown.replace("`", ""), codes=tuple(re.findall("`([^`]*)`", markdown)))


def table(of: str, base: str, *rows: str, headings: Sequence[str] = HEADINGS) -> Table:
    """A marked table; a row is written as in Markdown, without the outer bars."""
    return Table(
        location=Location("docs/page.md", 1),
        directives=Directives(role=Role.OPTIONS, of=of, base=base),
        headings=tuple(headings),
        rows=tuple(
            Row(location=Location("docs/page.md", number), cells=tuple(cell(part.strip()) for part in row.split(" | ")))
            for number, row in enumerate(rows, 3)
        ),
    )


def base_of(sample: Sample) -> Base:
    """As if it had run before."""
    evidence = Evidence(execution=Replayed())
    return Base(sample=sample, exchanges=(), scope=NOWHERE, settings=ScopeSettings(), evidence=evidence)


@dataclass(frozen=True, kw_only=True)
class Lab:
    """Judges tables; equal changes of one base run once in all tests."""

    runner: asyncio.Runner
    bench: Bench
    records: Records = field(default_factory=Records)

    def add(self, sample: Sample) -> None:
        self.records.add_base(base_of(sample))
        self.records.witnessed.append(Witnessed(sample=sample, evidence=Evidence(execution=Replayed())))

    def alone(self) -> Lab:
        """The same, with samples of its own."""
        return replace(self, records=Records())

    def claims(self, *tables: Sequence[Claim]) -> list[list[Judged]]:
        """The verdicts on each of the tables, which do not know of each other."""

        async def judged(claims: Sequence[Claim]) -> list[Judged]:
            return [each async for each in judge_tables(claims, self.records, self.bench)]

        async def all_judged() -> list[list[Judged]]:
            return await asyncio.gather(*map(judged, tables))

        return self.runner.run(all_judged())

    def judge(self, of: str, base: str, *rows: str, headings: Sequence[str] = HEADINGS) -> dict[str, Judged]:
        """By what is claimed: `name:aspect`."""
        claims = read(table(of, base, *rows, headings=headings), {}).claims
        (judged,) = self.claims(claims)
        return {each.claim.id.removeprefix(f"{of}:"): each for each in judged}


@pytest.fixture(scope="session")
def lab() -> Iterator[Lab]:
    configuration = load(ROOT)
    runners: dict[str, Runner] = runners_for(configuration, {"python", "node", "telegraf", "shell"})

    async def start(stack: AsyncExitStack) -> Bench:
        target = await stack.enter_async_context(Embedded().running())
        return Bench(Means(target=target, placeholders=configuration.placeholders, runners=runners))

    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        try:
            yield Lab(runner=runner, bench=runner.run(start(stack)))
        finally:
            runner.run(stack.aclose())
