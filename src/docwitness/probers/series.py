"""A series of runs of one base sample: each with its text changed, in a fresh scope, with the real tool. Equal ones run once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from docwitness.change import Change, Weather
from docwitness.editors.base import Editor, UneditableError
from docwitness.errors import TargetError
from docwitness.evidence import Evidence
from docwitness.execution import Execution, Skipped
from docwitness.observation import Observation
from docwitness.probers.base import Base, Means
from docwitness.runners.base import Runs, Script, Workplace
from docwitness.sample import Language
from docwitness.scoped import redactor_of, values_of, workplace_of
from docwitness.targets.base import RunningTarget, Scope, Upstream
from docwitness.targets.gateway import Gateway, gateway
from docwitness.targets.recorder import Recorder
from docwitness.targets.relay import relay
from docwitness.throwaway import throwaway

_LIMIT_S = {Language.TELEGRAF: 3.0, Language.PYTHON: 10.0, Language.NODE: 10.0}
"""A Telegraf that cannot connect gives up after 15 s only; one that can is done in a fraction of a second."""
_AT_ONCE = {Language.PYTHON: 16, Language.NODE: 8, Language.TELEGRAF: 6}
"""Of all series. Runs of clients mostly wait."""
_LATE_S = 0.4
"""How late answers come in slow weather."""
_PROXY = "http_proxy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bed:
    """Where one run happens."""

    scope: Scope
    recorder: Recorder
    gate: Gateway | None
    workplace: Workplace


Turns = Mapping[Language, asyncio.Semaphore]
"""How many runs of each language there may be at a time."""


def turns(target: RunningTarget) -> Turns:
    """For all series with one target; where there is only one scope, there is only one turn."""
    alone = asyncio.Semaphore(1)
    return {language: asyncio.Semaphore(most) if target.fresh_scopes else alone for language, most in _AT_ONCE.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Common:
    """What all series of a run share."""

    means: Means
    turns: Turns
    known: dict[tuple[str, str, Change], Observation] = field(default_factory=dict)
    """What has run before, by the id of the base and what has the options."""


class Series:
    """The runs of one base that a table asks for. Not a value: it grows."""

    def __init__(self, common: Common, base: Base, editor: Editor, of: str, runs: Runs) -> None:
        means = common.means
        self.editor = editor
        self.observations: dict[Change, Observation] = {}
        """Those that were asked for."""
        self._known = common.known
        self._means = means
        self._base = base
        self._of = of
        self._runs = runs
        self._language = Language(base.sample.language)
        self._reach = means.reach(self._language)
        self._turn = common.turns[self._language]

    async def run(self, changes: Iterable[Change]) -> None:
        """Runs those that have not run yet, side by side. Raises `TargetError` when the target cannot be used."""
        asked = {change: (self._base.sample.id, self._of, change) for change in changes}
        wanted = {change: key for change, key in asked.items() if key not in self._known}
        async with asyncio.TaskGroup() as group:
            tasks = {key: group.create_task(self._observed(change)) for change, key in wanted.items()}
        self._known.update((key, task.result()) for key, task in tasks.items())
        self.observations |= {change: self._known[key] for change, key in asked.items()}

    async def _observed(self, change: Change) -> Observation:
        try:
            text = self.editor.edited(self._base.sample.text, self._of, dict(change.settings))
        except UneditableError as error:
            evidence = Evidence(execution=Skipped(reason=str(error)), change=str(change), ended_ns=time.time_ns())
            return Observation(variation=change, evidence=evidence, database="")
        async with self._turn, self._bed(change.weather, text) as bed:
            execution = await self._executed(text, bed)
            return Observation(variation=change, evidence=await self._evidence(execution, change, bed), database=bed.scope.database)

    @asynccontextmanager
    async def _bed(self, weather: Weather, text: str) -> AsyncIterator[Bed]:
        """A scope of its own behind a recorder of its own, and a gateway where that text names one.

        A relay stands between the recorder and another where the weather is bad.
        """
        target = self._means.target
        async with AsyncExitStack() as stack:
            scope = await target.open_scope(self._base.settings)
            stack.push_async_callback(target.close_scope, scope)
            recorder = await stack.enter_async_context(Recorder(target.upstream, {self._reach}))
            if weather is not Weather.CLEAR:
                port = await stack.enter_async_context(_weathered(weather, recorder.port))
                recorder = await stack.enter_async_context(Recorder(Upstream(host="127.0.0.1", port=port), {self._reach}))
            folder = stack.enter_context(throwaway())
            gate = None
            if self._names_gateway(text):
                gate = await stack.enter_async_context(gateway(recorder.port, folder, self._reach))
            workplace = workplace_of(scope, folder, recorder, self._reach)
            yield Bed(scope=scope, recorder=recorder, gate=gate, workplace=workplace)

    def _names_gateway(self, text: str) -> bool:
        texts = (text, *(file.text for file in self._base.sample.files))
        return any(map(self._means.placeholders.names_gateway, texts))

    async def _executed(self, text: str, bed: Bed) -> Execution:
        values = values_of(bed.scope, bed.recorder, self._reach, bed.gate)
        fill = self._means.placeholders.fill
        for file in self._base.sample.files:
            path = bed.workplace.folder / file.name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(fill(file.text, values) + "\n", encoding="utf-8")
        guarded = self._guarded(text, bed)
        script = Script(id=self._base.sample.id, text=fill(guarded, values), timeout_s=_LIMIT_S[self._language])
        try:
            return await self._runs.run(script, bed.workplace)
        except OSError as error:
            raise TargetError(f"{self._base.sample.id!r} cannot be run again: {error}") from error

    def _guarded(self, text: str, bed: Bed) -> str:
        """Telegraf without an address has one of its own; the recorder, as a proxy, notes it, and lets nothing get there."""
        needs = self._language is Language.TELEGRAF and not self._means.placeholders.names_target(text)
        return self.editor.edited(text, self._of, {_PROXY: f'"{bed.recorder.url_from(self._reach)}"'}) if needs else text

    async def _evidence(self, execution: Execution, change: Change, bed: Bed) -> Evidence:
        recording = await bed.recorder.recorded()
        known = Evidence(
            execution=execution,
            exchanges=recording.exchanges,
            refused=recording.refused,
            effect=await self._means.target.effect(bed.scope),
            change=str(change),
            ended_ns=time.time_ns(),
        )
        return redactor_of(bed.scope).evidence(known)


def _weathered(weather: Weather, port: int) -> AbstractAsyncContextManager[int]:
    """A relay behind which that weather is."""
    return relay(port, delay_s=_LATE_S if weather is Weather.SLOW else 0.0, refuse_first=weather is Weather.BUSY)
