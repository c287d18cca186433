"""A trial: one plan carried out in a fresh scope, behind a recorder of its own, each step judged by what was recorded."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from docwitness.checks.ruling import Ruling, unproven, untold
from docwitness.checks.samples import judge
from docwitness.errors import TargetError
from docwitness.evidence import Evidence
from docwitness.exchange import Exchange
from docwitness.execution import Completed, Execution, Skipped
from docwitness.plan import Plan, Step
from docwitness.probers.base import Base, Means
from docwitness.reach import Reach
from docwitness.rule import Rule
from docwitness.runners.base import DEFAULT_TIMEOUT_S, Script, Session, SyntaxFault, Workplace
from docwitness.sample import Sample
from docwitness.scoped import redactor_of, values_of, workplace_of
from docwitness.targets.base import Scope
from docwitness.targets.gateway import Gateway, gateway
from docwitness.targets.recorder import Recorder, Recording
from docwitness.throwaway import throwaway
from docwitness.verdict import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What all trials of a run share."""

    means: Means
    missing: Mapping[str, Skipped]
    """Languages that cannot be run here."""
    faults: Mapping[str, SyntaxFault]
    """By the id of the sample, what was found without running it."""
    bases: frozenset[str]
    """Ids of the samples that tables vary."""
    starting: Callable[[Sample], None]
    attempted: Callable[[Attempt], None]
    base: Callable[[Base], None]
    """Hears of each of `bases` that ran."""
    notice: Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """How a step came out."""

    step: Step
    ruling: Ruling
    evidence: Evidence | None = None
    """None when it did not run."""
    setups: tuple[Evidence, ...] = ()
    """That of the set-ups that ran before it in its scope."""
    duration_s: float = 0.0


async def carry_out(plan: Plan, circumstances: Circumstances) -> None:
    """Runs and judges its steps in order, and leaves nothing behind, whatever ends it."""
    async with AsyncExitStack() as stack:
        try:
            scope = await stack.enter_async_context(_scope(plan, circumstances))
            reaches = {circumstances.means.reach(step.sample.language) for step in plan.steps}
            recorder = await stack.enter_async_context(Recorder(circumstances.means.target.upstream, reaches))
            folder = stack.enter_context(throwaway())
            gates = {}
            if any(circumstances.means.placeholders.names_gateway(text) for step in plan.steps for text in step.sample.texts):
                gates = {each: await stack.enter_async_context(gateway(recorder.port, folder, each)) for each in reaches}
        except (TargetError, OSError) as error:
            for step in plan.steps:
                circumstances.attempted(Attempt(step=step, ruling=_trouble(error)))
            return
        sessions = await stack.enter_async_context(AsyncExitStack())
        trial = _Trial(circumstances, plan, scope, recorder, gates, folder, sessions)
        for step in plan.steps:
            circumstances.attempted(await trial.judged(step))


@asynccontextmanager
async def _scope(plan: Plan, circumstances: Circumstances) -> AsyncIterator[Scope]:
    scope = await circumstances.means.target.open_scope(plan.settings)
    try:
        yield scope
    finally:
        try:
            await circumstances.means.target.close_scope(scope)
        except TargetError as error:
            circumstances.notice(f"the database {scope.database} was not removed: {error}")


class _Trial:
    """The steps of one plan, one after another."""

    def __init__(
        self,
        circumstances: Circumstances,
        plan: Plan,
        scope: Scope,
        recorder: Recorder,
        gates: Mapping[Reach, Gateway],
        folder: Path,
        sessions: AsyncExitStack,
    ) -> None:
        self._circumstances = circumstances
        self._means = circumstances.means
        self._settings = plan.settings
        self._scope = scope
        self._recorder = recorder
        self._folder = folder
        self._stack = sessions
        self._sessions: dict[str, Session] = {}
        self._gates = gates
        self._redactor = redactor_of(scope)
        self._attempts: dict[str, Attempt] = {}
        self._earlier: tuple[Exchange, ...] = ()
        self._setups: tuple[Evidence, ...] = ()
        self._broken: Attempt | None = None

    async def judged(self, step: Step) -> Attempt:
        """Runs a step, unless something before it stands in the way."""
        started = time.perf_counter()
        self._circumstances.starting(step.sample)
        setups = self._setups
        ruling, evidence = self._obstacle(step), None
        if ruling is None:
            ruling, evidence = await self._witnessed(step)
        duration_s = time.perf_counter() - started
        attempt = Attempt(step=step, ruling=ruling, evidence=evidence, setups=setups, duration_s=duration_s)
        self._remember(attempt)
        return attempt

    def _remember(self, attempt: Attempt) -> None:
        step = attempt.step
        self._attempts[step.sample.id] = attempt
        if not step.continues:
            self._setups += () if attempt.evidence is None else (attempt.evidence,)
        elif self._broken is None and not _came_to_its_end(attempt):
            self._broken = attempt

    def _obstacle(self, step: Step) -> Ruling | None:
        """Why a step cannot be run at all."""
        for name in step.needs:
            if name not in self._attempts:
                return untold(Rule.SETUP_FAILED, f"its set-up {name!r} {_ABSENT}")
            if self._attempts[name].ruling.outcome is not Outcome.PROVEN:
                return _hindrance("its set-up", self._attempts[name])
        if step.continues and self._broken is not None:
            return _hindrance("its session cannot go on: before it,", self._broken)
        return None

    async def _witnessed(self, step: Step) -> tuple[Ruling, Evidence | None]:
        sample = step.sample.rewritten(partial(self._fill, self._means.reach(step.sample.language)))
        known = self._known(step.sample)
        if known is not None:
            return judge(self._redactor.sample(sample), Evidence(execution=known)), None
        mark = self._recorder.mark()
        try:
            self._lay_out(sample)
            execution = await self._execute(step, sample)
            recording = await self._recorder.recorded(mark)
            evidence = await self._evidence(execution, recording)
        except (TargetError, OSError) as error:
            return _trouble(error), None
        self._earlier += evidence.exchanges
        self._hand_over(step.sample, recording, evidence)
        return judge(self._redactor.sample(sample), evidence), evidence

    def _hand_over(self, sample: Sample, recording: Recording, evidence: Evidence) -> None:
        """A sample that a table varies: probers need its requests as they were sent."""
        if sample.id in self._circumstances.bases:
            base = Base(sample=sample, exchanges=recording.exchanges, scope=self._scope, settings=self._settings, evidence=evidence)
            self._circumstances.base(base)

    def _known(self, sample: Sample) -> Execution | None:
        """What is known without running it: its tool is missing, or cannot parse it."""
        missing = self._circumstances.missing.get(sample.language)
        fault = self._circumstances.faults.get(sample.id)
        if missing is not None or fault is None:
            return missing
        return Completed(exit_status=2, stdout="", stderr=fault.message, duration_s=0.0, failed_line=fault.line, syntax_error=True)

    def _fill(self, reach: Reach, text: str) -> str:
        return self._means.placeholders.fill(text, values_of(self._scope, self._recorder, reach, self._gates.get(reach)))

    def _workplace(self, sample: Sample) -> Workplace:
        return workplace_of(self._scope, self._folder, self._recorder, self._means.reach(sample.language))

    def _lay_out(self, sample: Sample) -> None:
        """Puts the files of its page into the folder, unless an earlier step has made them its own."""
        for file in sample.files:
            path = self._folder / file.name
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(file.text + "\n", encoding="utf-8")

    async def _execute(self, step: Step, sample: Sample) -> Execution:
        runner = self._means.runners[sample.language]
        script = Script(
            id=sample.id,
            text=sample.text,
            console=sample.console,
            timeout_s=DEFAULT_TIMEOUT_S if sample.directives.timeout_s is None else sample.directives.timeout_s,
        )
        if not step.continues:
            return await runner.run(script, self._workplace(sample))
        session = self._sessions.get(sample.language)
        if session is None:
            session = await self._stack.enter_async_context(runner.session(self._workplace(sample)))
            self._sessions[sample.language] = session
        return await session.run(script)

    async def _evidence(self, execution: Execution, recording: Recording) -> Evidence:
        """Everything that is known of the step, without any token."""
        ended_ns = time.time_ns()
        known = Evidence(
            execution=execution,
            exchanges=recording.exchanges,
            refused=recording.refused,
            earlier=self._earlier,
            effect=await self._means.target.effect(self._scope),
            ended_ns=ended_ns,
        )
        return self._redactor.evidence(known)


_ABSENT = "was not run: no sample has this id, its page skips it, or it needs itself"


def _trouble(error: TargetError | OSError) -> Ruling:
    """Nobody can tell what the sample does."""
    if isinstance(error, TargetError):
        return untold(Rule.TARGET, str(error))
    place = "" if error.filename is None else f": {Path(str(error.filename)).name}"
    return untold(Rule.WORKPLACE, f"its working folder cannot be used: {error.strerror or error}{place}")


def _hindrance(words: str, attempt: Attempt) -> Ruling:
    sample, ruling = attempt.step.sample, attempt.ruling
    reason = f"{words} {sample.id!r} ({sample.location}) is {ruling.outcome}: {ruling.reason}"
    if ruling.rule is Rule.MISSING_TOOL:
        return unproven(Rule.MISSING_TOOL, reason, hint=ruling.hint)
    return untold(Rule.SETUP_FAILED, reason)


def _came_to_its_end(attempt: Attempt) -> bool:
    """Whether a session can go on after it, be it refuted or not."""
    execution = None if attempt.evidence is None else attempt.evidence.execution
    return isinstance(execution, Completed) and execution.exit_status == attempt.step.sample.directives.exit
