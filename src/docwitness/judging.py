"""Judging: the claims of marked tables, table by table, from what probers observe and samples did."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

from docwitness.checks.claims import at_samples, judge
from docwitness.checks.described import undocumented_errors
from docwitness.checks.ruling import Ruling
from docwitness.claim import Claim, OnlyErrors, OnlyParameters, OnlyValues, Origin, Value
from docwitness.directives import Role
from docwitness.elision import MARK
from docwitness.errors import TargetError
from docwitness.observation import Grounds, Observation, Operation, Witnessed
from docwitness.openapi import operation
from docwitness.page import Location
from docwitness.placeholders import TEMPLATE_NAMES
from docwitness.probers.base import Base, Means, Prober, UnfitBaseError
from docwitness.probers.http import RequestProber
from docwitness.probers.options import OptionProber
from docwitness.scoped import SHOWN_READ_TOKEN, SHOWN_TOKEN
from docwitness.verdict import Outcome

_SHOWN = dict.fromkeys(TEMPLATE_NAMES, MARK) | {"token": SHOWN_TOKEN, "read_token": SHOWN_READ_TOKEN}
"""What documented values are compared with: evidence has words for tokens, and names of its own for the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A claim and its verdict."""

    claim: Claim
    ruling: Ruling


@dataclass(slots=True, kw_only=True)
class Records:
    """What a run gathers for its claims. Not a value: it grows while samples run."""

    partial: bool = False
    """Only some pages of the project are run."""
    bases: dict[str, Base] = field(default_factory=dict)
    """By the id of the sample."""
    missing: dict[str, str] = field(default_factory=dict)
    """Why bases cannot be run here, by their ids."""
    witnessed: list[Witnessed] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    def add_base(self, base: Base) -> None:
        """Takes a base that ran; the first time counts."""
        self.bases.setdefault(base.sample.id, base)


class Bench:
    """The probers of a run. What one of them has tried, it does not try again."""

    def __init__(self, means: Means) -> None:
        self.means = means
        self._http = RequestProber(means)
        self._options = OptionProber(means)

    async def listed(self, origin: Origin, base: Base) -> tuple[str, ...]:
        """The options that the tool of a base lists of what the table is about."""
        return await self._options.listed(base, origin.of) if origin.role is Role.OPTIONS else ()

    def prober(self, role: Role) -> Prober:
        """What varies the bases of tables of that role."""
        return self._options if role is Role.OPTIONS else self._http


async def judge_tables(claims: Sequence[Claim], records: Records, bench: Bench) -> AsyncIterator[Judged]:
    """All verdicts. Tables of errors come last: what was sent for the others counts for them."""
    if not claims:
        return
    document = await bench.means.target.openapi()
    tables = [tuple(table) for _, table in groupby(claims, key=lambda claim: claim.origin.table)]
    documented = frozenset((claim.name, claim.value) for claim in claims if isinstance(claim, Value))
    everywhere: list[Observation] = []
    found = await _all_grounds(tables, records, bench, document)
    for table in sorted(tables, key=lambda table: table[0].origin.role is Role.ERRORS):
        grounds = found[table[0].origin.table]
        if table[0].origin.role is not Role.OPTIONS:  # there, it is not always the target that answers
            everywhere += grounds.observations.values()
        named = _named(table[0].origin, claims)
        grounds = replace(grounds, everywhere=tuple(everywhere), documented=documented, named=named)
        for claim in table:
            if isinstance(claim, OnlyErrors) and (more := undocumented_errors(claim, grounds.described)):
                records.notices.append(f"{claim.origin.table}: the target describes errors that no row has: {', '.join(more)}")
            ruling = judge(claim, table, grounds)
            if isinstance(claim, OnlyValues) and ruling.outcome is Outcome.PROVEN and ruling.reason:
                records.notices.append(f"{claim.origin.location}: {claim.name}: {ruling.reason}")
            yield Judged(claim=claim, ruling=ruling)
            if isinstance(claim, OnlyParameters) and claim.origin.role is Role.PARAMETERS:
                for finding, refutation in at_samples(claim, grounds):
                    yield Judged(claim=finding, ruling=refutation)


def _named(origin: Origin, claims: Sequence[Claim]) -> frozenset[str]:
    """What all tables about the same as that one have rows for: one long table may stand in parts."""
    tables = [claim for claim in claims if isinstance(claim, OnlyParameters)]
    same = [table for table in tables if (table.origin.role, table.origin.of) == (origin.role, origin.of)]
    return frozenset(name for table in same for name in table.names)


async def _all_grounds(
    tables: Sequence[Sequence[Claim]], records: Records, bench: Bench, document: Mapping[str, Any] | None
) -> dict[Location, Grounds]:
    """What each table is judged by. Bases are varied side by side, but one after another where all share one database."""
    turn = asyncio.Semaphore(len(tables) if bench.means.target.fresh_scopes else 1)

    async def found(table: Sequence[Claim]) -> Grounds:
        described = None if document is None else operation(document, _operation_of(table[0], records))
        async with turn:
            return await _grounds(table, records, bench, described)

    async with asyncio.TaskGroup() as group:
        tasks = {table[0].origin.table: group.create_task(found(table)) for table in tables}
    return {location: task.result() for location, task in tasks.items()}


async def _grounds(table: Sequence[Claim], records: Records, bench: Bench, described: Operation | None) -> Grounds:
    """What a table is judged by: its base is varied, where it has one."""
    origin = table[0].origin
    plain = Grounds(
        baseline=None,
        witnessed=tuple(records.witnessed),
        described=described,
        shown={claim.value: bench.means.placeholders.fill(claim.value, _SHOWN) for claim in table if isinstance(claim, Value)},
        partial=records.partial,
    )
    if origin.base is None:
        return plain
    base = records.bases.get(origin.base)
    if base is None:
        problem = f"its base {origin.base!r} did not run"
        return replace(plain, problem=problem, missing=records.missing.get(origin.base, ""))
    try:
        observations = await bench.prober(origin.role).observe(base, table, described)
        listed = await bench.listed(origin, base)
    except (UnfitBaseError, TargetError, OSError) as error:
        return replace(plain, problem=str(error))
    return replace(
        plain,
        baseline=observations[0],
        observations={observation.variation: observation for observation in observations},
        observable=observations[0].evidence.effect is not None,
        listed=listed,
    )


def _operation_of(claim: Claim, records: Records) -> str:
    """The operation that a table is about; for values and options, that of its base."""
    origin = claim.origin
    if origin.role in (Role.PARAMETERS, Role.ERRORS):
        return origin.of
    base = None if origin.base is None else records.bases.get(origin.base)
    accepted = [] if base is None else [exchange.request for exchange in base.exchanges if exchange.accepted]
    return accepted[-1].operation if accepted else ""
