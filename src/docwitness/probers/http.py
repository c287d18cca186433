"""Varies the HTTP request of a base sample: each variation goes to the target in a fresh scope, over a connection of its own."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import replace

from docwitness.checks.signature import answer_to
from docwitness.claim import Claim, Named
from docwitness.directives import Role
from docwitness.errors import TargetError
from docwitness.evidence import Evidence
from docwitness.exchange import Request
from docwitness.execution import Replayed
from docwitness.observation import Observation, Operation
from docwitness.probers.base import Base, Means, UnfitBaseError
from docwitness.reach import HERE
from docwitness.scoped import SHOWN_READ_TOKEN, SHOWN_TOKEN, redactor_of, values_of
from docwitness.targets.base import Scope
from docwitness.targets.recorder import Recorder
from docwitness.topic import questions, topic_of
from docwitness.variation import UNCHANGED, Fill, Variation, varied

_AT_ONCE = 16
_PATIENCE_S = 20.0
"""How long a response may take; what takes longer has none."""


class RequestProber:
    """Sends requests itself: no tool stands between a variation and the wire."""

    def __init__(self, means: Means) -> None:
        self._means = means
        self._known: dict[tuple[str, str, Variation], Observation] = {}
        self._turns = asyncio.Semaphore(_AT_ONCE if means.target.fresh_scopes else 1)

    async def observe(self, base: Base, claims: Sequence[Claim], described: Operation | None) -> tuple[Observation, ...]:
        """Tries all that is asked about the parameters of a table."""
        request = _request(base, claims[0])
        baseline = await self._once(base, request, UNCHANGED)
        if not answer_to(baseline).accepted:
            return (baseline,)
        shown = baseline.evidence.exchanges[-1].request
        names = dict.fromkeys(claim.name for claim in claims if isinstance(claim, Named))
        wanted = dict.fromkeys(each for name in names for each in questions(topic_of(name, claims, shown, described), claims))
        await self._try(base, request, [each for each in wanted if self._key(base, request, each) not in self._known], baseline)
        return (baseline, *(self._known[self._key(base, request, each)] for each in wanted))

    async def _try(self, base: Base, request: Request, variations: Iterable[Variation], baseline: Observation) -> None:
        problem = ""
        try:
            async with asyncio.TaskGroup() as group:
                for variation in variations:
                    group.create_task(self._once(base, request, variation, baseline.database))
        except* TargetError as errors:
            problem = str(errors.exceptions[0])
        if problem:
            raise TargetError(problem)

    async def _once(self, base: Base, request: Request, variation: Variation, known: str = "") -> Observation:
        """Equal variations of one request are sent once."""
        key = self._key(base, request, variation)
        if key not in self._known:
            self._known[key] = await self._observed(base, request, variation, known)
        return self._known[key]

    def _key(self, base: Base, request: Request, variation: Variation) -> tuple[str, str, Variation]:
        return base.sample.id, request.target, variation

    async def _observed(self, base: Base, request: Request, variation: Variation, known: str = "") -> Observation:
        """`known` is the database of the baseline: values were taken from it as it is shown."""
        target = self._means.target
        async with self._turns, AsyncExitStack() as stack:
            scope = await target.open_scope(base.settings)
            stack.push_async_callback(target.close_scope, scope)
            recorder = await stack.enter_async_context(Recorder(target.upstream))
            fill = self._fill(base, request, known, scope, recorder)
            await _send(recorder, varied(request, _unredacted(variation, request, base.scope), fill))
            recording = await recorder.recorded()
            evidence = Evidence(
                execution=Replayed(),
                exchanges=recording.exchanges,
                effect=await target.effect(scope),
                change=str(variation),
                ended_ns=time.time_ns(),
            )
        return Observation(variation=variation, evidence=redactor_of(scope).evidence(evidence), database=scope.database)

    def _fill(self, base: Base, request: Request, known: str, scope: Scope, recorder: Recorder) -> Fill:
        """Puts the values of a scope in place of those of the base's, of what stands for these in evidence, and of placeholders."""
        values = values_of(scope, recorder, HERE)
        old = base.scope
        swaps = {old.token: scope.token, old.read_token: scope.read_token, old.database: scope.database}
        swaps |= {SHOWN_TOKEN: scope.token, SHOWN_READ_TOKEN: scope.read_token}
        swaps |= {known: scope.database} if known else {}
        swaps |= {value: recorder.host for name, value in request.headers if name.lower() == "host"}

        def fill(text: str) -> str:
            for before, after in swaps.items():
                text = text.replace(before, after)
            return self._means.placeholders.fill(text, values)

        return fill


def _unredacted(variation: Variation, request: Request, scope: Scope) -> Variation:
    """With the headers of the base as they are where it has what evidence shows of them: inside base64, all of that is one word."""
    redact = redactor_of(scope).text
    own = {redact(value): value for _, value in request.headers}

    def restored(pairs: tuple[tuple[str, str | None], ...]) -> tuple[tuple[str, str | None], ...]:
        return tuple((name, value if value is None else own.get(value, value)) for name, value in pairs)

    return replace(variation, query=restored(variation.query), headers=restored(variation.headers))


def _request(base: Base, claim: Claim) -> Request:
    """The last accepted request of the base, of the operation that the table is about where it names one."""
    accepted = [exchange.request for exchange in base.exchanges if exchange.accepted and not exchange.request.problem]
    if claim.origin.role is Role.PARAMETERS:
        accepted = [request for request in accepted if request.operation == claim.origin.of]
    if not accepted:
        wanted = claim.origin.of if claim.origin.role is Role.PARAMETERS else "request"
        raise UnfitBaseError(f"the sample {base.sample.id!r} ({base.sample.location}) makes no {wanted} that is accepted")
    return accepted[-1]


async def _send(recorder: Recorder, data: bytes) -> None:
    """Sends the bytes and waits until a response begins; what comes of it, the recorder knows."""
    try:
        async with asyncio.timeout(_PATIENCE_S):
            reader, writer = await asyncio.open_connection("127.0.0.1", recorder.port)
            try:
                writer.write(data)
                await writer.drain()
                await reader.read(1)
                await recorder.recorded()
            finally:
                writer.close()
                with suppress(ConnectionError):
                    await writer.wait_closed()
    except (TimeoutError, ConnectionError):
        return
    except OSError as error:
        raise TargetError(f"the recorder cannot be reached: {error}") from error
