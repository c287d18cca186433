"""The engine with short stand-ins for what runs and what answers; the real ones are used in `commands/`."""

from __future__ import annotations

import asyncio
import errno
import os
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from docwitness.collection import Collection
from docwitness.description import TargetDescription
from docwitness.directives import Directives, ScopeSettings
from docwitness.errors import TargetError, TargetUnavailableError
from docwitness.events import Collected, Done, Event, Finished, Started
from docwitness.exchange import Effect
from docwitness.execution import Completed, Execution, Skipped
from docwitness.page import Location
from docwitness.pipeline import Run, RunOptions
from docwitness.report import Report
from docwitness.rule import Rule
from docwitness.runners.base import Script, Session, SyntaxFault, Workplace
from docwitness.sample import Sample
from docwitness.settings import Configuration
from docwitness.targets.base import RunningTarget, Scope, Upstream
from docwitness.text import digest
from docwitness.tool import Tool
from docwitness.verdict import Outcome

pytestmark = pytest.mark.anyio

SCOPE = Scope(database="d", token="t0ken-of-the-scope", read_token="t0ken-for-reading")


class Server:
    """A target whose answers a test decides."""

    description = TargetDescription(kind="test", server="none")
    upstream = Upstream(host="127.0.0.1", port=9)

    def __init__(self, *, fails_at: str = "", fresh_scopes: bool = True) -> None:
        self.fresh_scopes = fresh_scopes
        self.open = 0
        self._fails_at = fails_at

    @asynccontextmanager
    async def running(self) -> AsyncIterator[RunningTarget]:
        if self._fails_at == "start":
            raise TargetUnavailableError("nobody answers")
        yield self

    async def open_scope(self, settings: ScopeSettings) -> Scope:
        self._may_fail("open_scope")
        self.open += 1
        return SCOPE

    async def close_scope(self, scope: Scope) -> None:
        self.open -= 1
        self._may_fail("close_scope")

    async def effect(self, scope: Scope) -> Effect | None:
        self._may_fail("effect")
        return ()

    async def openapi(self) -> None:
        """It describes nothing."""

    def _may_fail(self, place: str) -> None:
        if place == self._fails_at:
            raise TargetError(f"{place} failed")


class Tools:
    """A runner that notes what it was asked, and does what the text says."""

    name = "shell"

    def __init__(self) -> None:
        self.folders: list[Path] = []
        self.running = self.most = 0

    async def tools(self) -> tuple[Tool, ...] | Skipped:
        return (Tool(name="tool", version="1"),)

    async def check(self, scripts: Sequence[Script]) -> dict[str, SyntaxFault]:
        return {}

    async def run(self, script: Script, workplace: Workplace) -> Execution:
        self.folders.append(workplace.folder)
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            await asyncio.sleep(3600 if script.text == "hang" else 0.01)
        finally:
            self.running -= 1
        if script.text == "fault":
            raise ZeroDivisionError
        if script.text == "full":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(workplace.folder / ".sample"))
        return Completed(exit_status=script.text == "fail", stdout=SCOPE.token, stderr="", duration_s=0.0)

    def session(self, workplace: Workplace) -> AbstractAsyncContextManager[Session]:
        raise AssertionError("no sample here continues another")


class Bench:
    """One run over samples with the given texts."""

    def __init__(self, folder: Path, *texts: str, server: Server | None = None, **options: int | bool) -> None:
        self.server = server or Server()
        self.tools = Tools()
        self.events: list[Event] = []
        self.when: Callable[[Event], None] = lambda _: None
        samples = tuple(
            Sample(
                id=f"s{line}", location=Location("page.md", line), language="shell", text=text, hash=digest(text), first_line=line
            )
            for line, text in enumerate(texts, 1)
        )
        self.run = Run(
            Configuration(root=folder),
            Collection(pages=(), samples=samples, defects=(), uncollected=()),
            runners={"shell": self.tools},
            target=self.server,
            options=RunOptions(**options),  # type: ignore[arg-type]
            listen=self._listen,
        )

    def _listen(self, event: Event) -> None:
        self.events.append(event)
        self.when(event)


def _verdicts(report: Report) -> dict[str, tuple[Outcome, Rule | None]]:
    return {verdict.id: (verdict.outcome, verdict.rule) for verdict in report.verdicts}


async def test_a_full_disk_costs_the_samples_that_need_room_only(tmp_path: Path) -> None:
    bench = Bench(tmp_path, "work", "full", "work")
    report = await bench.run.execute()
    assert [verdict.rule for verdict in report.verdicts] == [None, Rule.WORKPLACE, None]
    assert report.verdicts[1].outcome is Outcome.ERROR
    assert report.verdicts[1].reason == "its working folder cannot be used: No space left on device: .sample"


async def test_events_tell_what_happens_as_it_happens(tmp_path: Path) -> None:
    bench = Bench(tmp_path, "work", "fail", jobs=1)
    report = await bench.run.execute()
    assert [type(event) for event in bench.events] == [Collected, Started, Finished, Started, Finished, Done]
    assert bench.events[-1] == Done(report=report)


async def test_everything_is_closed_and_removed(tmp_path: Path) -> None:
    bench = Bench(tmp_path, "work", "fail")
    await bench.run.execute()
    assert bench.server.open == 0
    assert len(set(bench.tools.folders)) == 2
    assert not any(folder.exists() for folder in bench.tools.folders)


async def test_no_more_samples_run_at_a_time_than_wanted(tmp_path: Path) -> None:
    bench = Bench(tmp_path, *["work"] * 9, jobs=3)
    await bench.run.execute()
    assert bench.tools.most == 3


async def test_samples_that_share_a_database_run_one_after_another(tmp_path: Path) -> None:
    bench = Bench(tmp_path, *["work"] * 3, server=Server(fresh_scopes=False), jobs=3)
    report = await bench.run.execute()
    assert bench.tools.most == 1
    assert any("shared one database" in notice for notice in report.notices)


async def test_evidence_holds_no_token(tmp_path: Path) -> None:
    report = await Bench(tmp_path, "work").run.execute()
    (evidence,) = report.evidence.values()
    assert evidence.execution == Completed(exit_status=0, stdout="[token]", stderr="", duration_s=0.0)


async def test_a_target_that_cannot_be_had_leaves_all_samples_undecided(tmp_path: Path) -> None:
    bench = Bench(tmp_path, "work", "work", server=Server(fails_at="start"))
    with pytest.raises(TargetUnavailableError, match="nobody answers"):
        await bench.run.execute()
    assert set(_verdicts(bench.run.report()).values()) == {(Outcome.ERROR, Rule.TARGET)}


@pytest.mark.parametrize("place", ["open_scope", "effect"])
async def test_a_target_that_fails_a_sample_leaves_that_one_undecided(tmp_path: Path, place: str) -> None:
    report = await Bench(tmp_path, "work", server=Server(fails_at=place)).run.execute()
    assert _verdicts(report) == {"s1": (Outcome.ERROR, Rule.TARGET)}
    assert report.verdicts[0].reason == f"{place} failed"


async def test_a_database_that_cannot_be_dropped_is_a_notice(tmp_path: Path) -> None:
    report = await Bench(tmp_path, "work", server=Server(fails_at="close_scope")).run.execute()
    assert _verdicts(report) == {"s1": (Outcome.PROVEN, None)}
    assert report.notices == ("the database d was not removed: close_scope failed",)


async def test_an_interruption_ends_what_runs_and_keeps_what_is_known(tmp_path: Path) -> None:
    bench = Bench(tmp_path, "work", "hang", "hang", jobs=2)
    bench.when = lambda event: bench.run.interrupt() if isinstance(event, Finished) else None
    report = await bench.run.execute()
    assert report.interrupted
    assert _verdicts(report) == {
        "s1": (Outcome.PROVEN, None),
        "s2": (Outcome.UNPROVEN, Rule.NOT_RUN),
        "s3": (Outcome.UNPROVEN, Rule.NOT_RUN),
    }
    assert (bench.server.open, bench.tools.running) == (0, 0)


async def test_the_first_failure_stops_the_run_without_interrupting_it(tmp_path: Path) -> None:
    report = await Bench(tmp_path, "fail", "hang", jobs=2, exit_first=True).run.execute()
    assert not report.interrupted
    assert _verdicts(report) == {"s1": (Outcome.REFUTED, Rule.EXIT_STATUS), "s2": (Outcome.UNPROVEN, Rule.NOT_RUN)}


async def test_a_fault_of_ours_is_raised_and_closes_everything(tmp_path: Path) -> None:
    bench = Bench(tmp_path, "work", "fault", "hang", jobs=3)
    with pytest.raises(ExceptionGroup) as raised:
        await bench.run.execute()
    assert raised.group_contains(ZeroDivisionError)
    assert (bench.server.open, bench.tools.running) == (0, 0)
    assert _verdicts(bench.run.report())["s2"] == (Outcome.UNPROVEN, Rule.NOT_RUN)


async def test_a_cancelled_run_closes_everything(tmp_path: Path) -> None:
    bench = Bench(tmp_path, "hang")
    task = asyncio.create_task(bench.run.execute())
    while not bench.tools.running:  # noqa: ASYNC110 - it has no event to tell
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (bench.server.open, bench.tools.running) == (0, 0)


async def test_what_its_page_skips_never_starts(tmp_path: Path) -> None:
    skipped = Sample(
        id="later",
        location=Location("page.md", 1),
        language="shell",
        text="fault",
        hash=digest("fault"),
        first_line=2,
        directives=Directives(skip="needs a cluster"),
    )
    run = Run(
        Configuration(root=tmp_path),
        Collection(pages=(), samples=(skipped,), defects=(), uncollected=()),
        runners={"shell": Tools()},
        target=Server(fails_at="start"),
        options=RunOptions(),
        listen=lambda _: None,
    )
    (verdict,) = (await run.execute()).verdicts
    assert (verdict.rule, verdict.reason, verdict.set_aside) == (Rule.SKIPPED, "needs a cluster", True)
