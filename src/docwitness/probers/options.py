"""Varies the options that a sample sets, until what each of them does has shown or nothing is left to try."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from itertools import islice

from docwitness.change import AS_IT_IS, Change, Weather
from docwitness.checks.comparison import Contrast, comparisons, contrast_of, reading_of
from docwitness.checks.wire import difference, made_request
from docwitness.claim import Claim, Default, Named, OnlyValues, Value
from docwitness.editors.base import LANGUAGES, Editor, UneditableError, editor_for
from docwitness.errors import TargetError
from docwitness.literals import EMPTY, NONSENSE, Type, battery, kindred, type_of, types_of
from docwitness.observation import Observation, Operation
from docwitness.probers.base import Base, Means, UnfitBaseError
from docwitness.probers.series import Common, Series, turns
from docwitness.runners.base import Listing, Repeating, Runner

_FEW_VALUES = 4
"""Values that are tried again in other weather."""
_FEWER_VALUES = 2
"""Values that are tried again in company, beside documented ones."""
_FEW_OTHERS = 3
"""Options in whose company one is tried that does nothing by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One option as its table documents it."""

    name: str
    documented: tuple[str, ...]
    """Its values and its default."""
    default: str | None
    is_closed: bool
    """Whether its table lists all values."""
    held: str | None
    """What the base sets it to."""

    @property
    def known(self) -> tuple[str, ...]:
        """All values that pages have."""
        return tuple(dict.fromkeys((*self.documented, *([] if self.held is None else [self.held]))))


class OptionProber:
    """Runs base samples again, with the runners that ran them."""

    def __init__(self, means: Means) -> None:
        self._common = Common(means=means, turns=turns(means.target))

    async def observe(self, base: Base, claims: Sequence[Claim], _described: Operation | None) -> tuple[Observation, ...]:
        """As `docwitness.probers.base.Prober` says; the claims are those of a table of options."""
        sample, of = base.sample, claims[0].origin.of
        editor, runner = self._fit(base, of)
        options = _options(claims, editor.options(sample.text, of))
        async with runner.repeated(sample.text) if isinstance(runner, Repeating) else nullcontext(runner) as runs:
            return await _explored(Series(self._common, base, editor, of, runs), options)

    async def listed(self, base: Base, of: str) -> tuple[str, ...]:
        """The options that the tool itself lists of a base that can be varied, where it tells."""
        sample = base.sample
        runner = self._common.means.runners[sample.language]
        return await runner.options(editor_for(sample.language).subject(sample.text, of)) if isinstance(runner, Listing) else ()

    def _fit(self, base: Base, of: str) -> tuple[Editor, Runner]:
        sample = base.sample
        runner = self._common.means.runners.get(sample.language)
        if sample.language not in LANGUAGES or runner is None:
            raise UnfitBaseError(f"{sample.language} samples such as {sample.id!r} have no options")
        if sample.directives.session is not None or sample.directives.setup is not None:
            raise UnfitBaseError(f"{sample.id!r} needs other samples before it, so it cannot be varied alone")
        editor = editor_for(sample.language)
        try:
            editor.edited(sample.text, of, {})
        except UneditableError as error:
            raise UnfitBaseError(f"{sample.id!r} cannot be varied: {error}") from error
        return editor, runner


def _options(claims: Sequence[Claim], held: Mapping[str, str]) -> tuple[Option, ...]:
    """The options of a table, in the order of its rows."""
    by_name: dict[str, list[Claim]] = {}
    for claim in claims:
        if isinstance(claim, Named):
            by_name.setdefault(claim.name, []).append(claim)
    return tuple(_option(name, own, held.get(name)) for name, own in by_name.items())


def _option(name: str, claims: Sequence[Claim], held: str | None) -> Option:
    values = [claim.value for claim in claims if isinstance(claim, Value)]
    defaults = [claim.value for claim in claims if isinstance(claim, Default)]
    return Option(
        name=name,
        documented=tuple(dict.fromkeys([*values, *defaults])),
        default=next(iter(defaults), None),
        is_closed=any(isinstance(claim, OnlyValues) and claim.closed for claim in claims),
        held=held,
    )


async def _explored(series: Series, options: Sequence[Option]) -> tuple[Observation, ...]:
    """The base as it is, then everything that was tried."""
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(series.run([AS_IT_IS]))
            for option in options:
                group.create_task(_explore(series, option, options))
    except* TargetError as errors:
        problem = _first(errors)
    else:
        observations = series.observations
        return (observations[AS_IT_IS], *(run for change, run in observations.items() if change != AS_IT_IS))
    raise TargetError(problem)


def _first(errors: BaseExceptionGroup[BaseException]) -> str:
    inner = errors.exceptions[0]
    return _first(inner) if isinstance(inner, BaseExceptionGroup) else str(inner)


async def _explore(series: Series, option: Option, options: Sequence[Option]) -> None:
    """Its documented values, then others; then in bad weather, and in the company of other options."""
    await series.run(_changes(option, (None, *option.documented)))
    await _examine_default(series, option)
    await _try_others(series, option)
    accepted, values = _worth_trying(series, option)
    if not accepted and not option.documented:
        return
    for weather in (Weather.SLOW, Weather.BUSY):
        if _shows(series, option):
            return
        await series.run(_changes(option, (None, *accepted), weather=weather))
        await _repeat(series, option)
    for name, literal in _companies(series, option, options):
        if _shows(series, option) or (_is_read(series, option) and (literal is None or not option.documented)):
            return
        await series.run(_changes(option, (None, *values), company=((name, literal),)))


def _changes(
    option: Option,
    literals: Iterable[str | None],
    *,
    weather: Weather = Weather.CLEAR,
    company: tuple[tuple[str, str | None], ...] = (),
    again: bool = False,
) -> list[Change]:
    settings = [(*company, (option.name, literal)) for literal in literals]
    return [Change(settings=each, weather=weather, again=again) for each in settings]


def _contrast(series: Series, option: Option) -> Contrast | None:
    runs = series.observations.values()
    return contrast_of(comparisons(option.name, runs), comparisons(option.name, runs, again=True))


def _shows(series: Series, option: Option) -> bool:
    return _contrast(series, option) is not None


async def _repeat(series: Series, option: Option) -> None:
    """In bad weather, time has its say: what shows there must show twice."""
    contrast = _contrast(series, option)
    if contrast is not None:
        pair = (contrast.one.variation, contrast.other.variation)
        await series.run([replace(change, again=True) for change in pair if isinstance(change, Change)])


def _is_read(series: Series, option: Option) -> bool:
    return reading_of(comparisons(option.name, series.observations.values())) is not None


async def _examine_default(series: Series, option: Option) -> None:
    """Where it is not the same as nothing, tries both again: chance shows by that. And any other word may be the same as well."""
    if option.default is None:
        return
    if type_of(option.default) is Type.STRING and option.default != EMPTY:
        await series.run(_changes(option, (EMPTY, NONSENSE)))
    without, given = (series.observations[change] for change in _changes(option, (None, option.default)))
    if difference(without, given):
        await series.run(_changes(option, (None, option.default), again=True))


async def _try_others(series: Series, option: Option) -> None:
    """Values that the table does not have; all of them where it says that there are no others."""
    kinds = types_of(option.known)
    await series.run(_changes(option, option.known))
    if option.is_closed and Type.STRING in kinds:
        await series.run(_changes(option, kindred(option.documented)))
        return
    for kind in kinds:
        literals = [*option.known, *battery(kind, option.known, series.editor.notation)]
        for literal in literals:
            if _shows(series, option) and not option.is_closed:
                return
            await series.run(_changes(option, (literal,)))
        if any(made_request(series.observations[change]) for change in _changes(option, literals)):
            return


def _battery(series: Series, option: Option) -> Iterable[str]:
    for kind in types_of(option.known):
        yield from battery(kind, option.known, series.editor.notation)


def _worth_trying(series: Series, option: Option) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Values that the tool accepts, other than documented ones first; and these with all documented ones, or else any."""
    (plain,) = comparisons(option.name, series.observations.values())[:1]
    taken = [literal for literal, run in plain.given.items() if made_request(run)]
    accepted = tuple(sorted(taken, key=lambda literal: literal in option.documented))[:_FEW_VALUES]
    few = accepted or tuple(plain.given)
    return accepted, tuple(dict.fromkeys((*option.documented, *few[:_FEWER_VALUES])))


def _companies(series: Series, option: Option, options: Sequence[Option]) -> Iterator[tuple[str, str | None]]:
    """What may have to be set, or left out, for an option to show: others with names like its own; what the base sets."""
    for other in _related(option, options):
        tried = (value for value in (*other.documented, *_battery(series, other)) if value not in (other.default, EMPTY))
        yield from ((other.name, value) for value in islice(tried, 1))
    yield from ((other.name, None) for other in options if other is not option and other.held is not None)


def _related(option: Option, options: Sequence[Option]) -> list[Option]:
    """Those whose names share most words with its own."""
    words = _words(option.name)
    others = [other for other in options if other is not option and _words(other.name) & words]
    return sorted(others, key=lambda other: -len(_words(other.name) & words))[:_FEW_OTHERS]


def _words(name: str) -> set[str]:
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+", name)}
