"""The pipeline: the one module that knows every stage, from collected samples to the report."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Iterable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass

from docwitness.checks.same import judge_same
from docwitness.collection import Collection
from docwitness.durations import remember, remembered
from docwitness.errors import TargetUnavailableError
from docwitness.events import Collected, Done, Finished, Listener, Started
from docwitness.execution import Skipped
from docwitness.judging import Bench, Records, judge_tables
from docwitness.ledger import Ledger
from docwitness.observation import Witnessed
from docwitness.placeholders import TEMPLATE_NAMES
from docwitness.plan import Plan, draw, longest_first
from docwitness.probers.base import Means
from docwitness.reach import HERE, Reach
from docwitness.report import Report
from docwitness.rule import Rule
from docwitness.runners.base import Distant, Runner, Script, SyntaxFault
from docwitness.sample import Sample
from docwitness.schedule import Schedule
from docwitness.selection import choose
from docwitness.settings import Configuration
from docwitness.targets.base import RunningTarget, Target
from docwitness.tool import Tool
from docwitness.trial import Attempt, Circumstances, carry_out
from docwitness.verdict import Outcome, Verdict

_STAND_INS = dict.fromkeys(TEMPLATE_NAMES, "word") | {"url": "http://127.0.0.1:1", "host": "127.0.0.1:1"}
"""What placeholders become where a sample is parsed but not run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """What a user asks of one run."""

    keyword: str = ""
    """An expression of `docwitness.selection.parse`."""
    languages: tuple[str, ...] = ()
    """Empty: all."""
    exit_first: bool = False
    jobs: int | None = None
    """Plans at a time; None is one for each core."""

    @property
    def restricted(self) -> bool:
        """Whether some samples are left out: then the claims of tables, which rest on all of them, are not judged."""
        return bool(self.keyword or self.languages)


class Run:
    """One run. Its report can be had at any moment, whatever became of it."""

    def __init__(
        self,
        configuration: Configuration,
        collection: Collection,
        *,
        runners: Mapping[str, Runner],
        target: Target,
        options: RunOptions,
        listen: Listener,
    ) -> None:
        """`runners` are by language. Raises `UsageError` when the keyword expression cannot be read."""
        self._configuration = configuration
        self._collection = collection
        self._runners = runners
        self._target = target
        self._options = options
        self._listen = listen
        self._chosen = choose(collection.samples, keyword=options.keyword, languages=options.languages)
        self._claims = () if options.restricted else collection.claims
        self._bases = frozenset(claim.origin.base for claim in self._claims if claim.origin.base is not None)
        unseen = tuple(sample for sample in collection.samples if sample.hidden and sample.id in self._bases)
        self._plans = longest_first(draw(collection.samples, (*self._chosen, *unseen)), remembered(configuration.root))
        self._records = Records(partial=collection.partial)
        self._ledger = Ledger(samples=_claimed(self._chosen, self._plans), claims=self._claims, uncollected=collection.uncollected)
        self._ledger.notices += collection.notices
        self._companions: list[tuple[Witnessed, Verdict]] = []
        self._missing: dict[str, Skipped] = {}
        self._faults: dict[str, SyntaxFault] = {}
        self._reaches: dict[str, Reach] = {}
        self._work: asyncio.Task[None] | None = None
        self._stopped = False

    def report(self) -> Report:
        """What is known by now."""
        return self._ledger.report()

    def interrupt(self) -> None:
        """Ends the run soon: what runs is killed, what is known is reported."""
        self._ledger.interrupted = True
        self._stop()

    async def execute(self) -> Report:
        """Runs and judges everything that was chosen. Raises `TargetUnavailableError` when there is no target for it."""
        self._listen(Collected(samples=tuple(self._ledger.samples)))
        self._note_unchosen()
        for defect in self._collection.defects:
            self._settled(self._ledger.defect(defect))
        for sample in self._chosen:
            if sample.directives.skip is not None:
                self._settled(self._ledger.set_aside(sample))
        if (self._plans or self._claims) and not self._stopped:
            await self._supervised()
        self._remember()
        report = self.report()
        self._listen(Done(report=report))
        return report

    def _note_unchosen(self) -> None:
        shown = sum(not sample.hidden for sample in self._collection.samples)
        if len(self._chosen) < shown:
            self._ledger.notices.append(f"samples that were not chosen by -k or --lang: {shown - len(self._chosen)}")
        if self._options.restricted and self._collection.claims:
            self._ledger.notices.append("tables were not judged: they rest on all samples, and -k or --lang chose some")

    def _settled(self, verdict: Verdict) -> None:
        self._listen(Finished(verdict=verdict))
        if self._options.exit_first and verdict.outcome in {Outcome.REFUTED, Outcome.ERROR}:
            self._stop()

    def _stop(self) -> None:
        self._stopped = True
        if self._work is not None:
            self._work.cancel()

    async def _supervised(self) -> None:
        self._work = asyncio.create_task(self._carry_out_all())
        try:
            await self._work
        except asyncio.CancelledError:
            if not self._stopped:
                raise
        except TargetUnavailableError as error:
            self._ledger.refuse(Outcome.ERROR, Rule.TARGET, str(error))
            raise

    async def _carry_out_all(self) -> None:
        async with self._target.running() as target, AsyncExitStack() as stack:
            self._ledger.target = target.description
            if not target.fresh_scopes:
                self._ledger.notices.append(
                    "all samples shared one database, one after another; what they stored could not be checked"
                )
            schedule = Schedule(self._plans)
            means = self._means(target)
            circumstances = self._circumstances(means)
            async with asyncio.TaskGroup() as group:
                for language, samples in _by_language(self._plans).items():
                    group.create_task(self._prepare(language, samples, schedule, stack, target.upstream.network))
                for _ in range(self._jobs(target)):
                    group.create_task(self._carry_out(schedule, circumstances))
            self._judge_companions()
            await self._judge_claims(means)

    async def _judge_claims(self, means: Means) -> None:
        for sample in self._collection.samples:
            if sample.id in self._bases and (missing := self._missing.get(sample.language)):
                self._records.missing[sample.id] = missing.reason
        async for judged in judge_tables(self._claims, self._records, Bench(means)):
            self._settled(self._ledger.judged(judged))
        self._ledger.notices += self._records.notices

    def _jobs(self, target: RunningTarget) -> int:
        wanted = self._options.jobs or os.cpu_count() or 1
        return min(wanted, len(self._plans)) if target.fresh_scopes else 1

    def _means(self, target: RunningTarget) -> Means:
        placeholders = self._configuration.placeholders
        return Means(target=target, placeholders=placeholders, runners=self._runners, reaches=self._reaches)

    def _circumstances(self, means: Means) -> Circumstances:
        return Circumstances(
            means=means,
            missing=self._missing,
            faults=self._faults,
            bases=self._bases,
            base=self._records.add_base,
            starting=lambda sample: self._listen(Started(sample=sample)),
            attempted=self._attempted,
            notice=self._ledger.notices.append,
        )

    async def _prepare(
        self, language: str, samples: tuple[Sample, ...], schedule: Schedule, stack: AsyncExitStack, beside: str
    ) -> None:
        """Asks for the tools of a language, and lets them parse its samples, once for all of them."""
        runner = self._runners[language]
        found = await _equipment(runner, stack, beside)
        if isinstance(found, Skipped):
            self._missing[language] = found
        else:
            tools, self._reaches[language] = found
            self._ledger.tools += tools
            with contextlib.suppress(OSError):  # for want of room, say: what runs the samples meets that too, and tells
                self._faults |= await runner.check([self._parsable(sample) for sample in samples])
        schedule.prepared(language)

    def _parsable(self, sample: Sample) -> Script:
        return Script(id=sample.id, text=self._configuration.placeholders.fill(sample.text, _STAND_INS), console=sample.console)

    async def _carry_out(self, schedule: Schedule, circumstances: Circumstances) -> None:
        while (plan := await schedule.take()) is not None:
            await carry_out(plan, circumstances)

    def _attempted(self, attempt: Attempt) -> None:
        if attempt.evidence is not None:
            self._records.witnessed.append(Witnessed(sample=attempt.step.sample, evidence=attempt.evidence))
        if attempt.step.claimed:
            verdict = self._ledger.attempt(attempt)
            if attempt.evidence is not None and verdict.outcome is Outcome.PROVEN and attempt.step.sample.directives.same:
                self._companions.append((Witnessed(sample=attempt.step.sample, evidence=attempt.evidence), verdict))
            else:
                self._settled(verdict)

    def _judge_companions(self) -> None:
        """Samples that must store the same points are only done when all of them ran."""
        differences = {id(each.sample): each for each in judge_same(witnessed for witnessed, _ in self._companions)}
        for witnessed, verdict in self._companions:
            difference = differences.get(id(witnessed.sample))
            self._settled(verdict if difference is None else self._ledger.differing(difference))

    def _remember(self) -> None:
        durations_s = {verdict.id: verdict.duration_s for verdict in self.report().verdicts if verdict.evidence}
        try:
            remember(self._configuration.root, durations_s)
        except OSError as error:
            self._ledger.notices.append(f"how long samples take was not remembered: {error}")


def _claimed(chosen: Iterable[Sample], plans: Iterable[Plan]) -> tuple[Sample, ...]:
    """The chosen ones, and set-ups that have no plan of their own."""
    claimed = {id(sample): sample for sample in chosen}
    claimed |= {id(step.sample): step.sample for plan in plans for step in plan.steps if step.claimed}
    return tuple(sorted(claimed.values(), key=lambda sample: sample.location))


async def _equipment(runner: Runner, stack: AsyncExitStack, beside: str) -> tuple[tuple[Tool, ...], Reach] | Skipped:
    """The tools of a runner, and how they reach this machine until `stack` is closed."""
    tools = await runner.tools()
    if isinstance(tools, Skipped):
        return tools
    if not isinstance(runner, Distant):
        return tools, HERE
    reach = await stack.enter_async_context(runner.connected(beside))
    return reach if isinstance(reach, Skipped) else (tools, reach)


def _by_language(plans: Iterable[Plan]) -> dict[str, tuple[Sample, ...]]:
    """Every sample that will run, once, by the language that it is written in."""
    samples = {id(step.sample): step.sample for plan in plans for step in plan.steps}
    languages = {sample.language for sample in samples.values()}
    return {language: tuple(sample for sample in samples.values() if sample.language == language) for language in sorted(languages)}
