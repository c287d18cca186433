"""Judges samples that must store the same points (`same=NAME`), whatever language they are written in. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from docwitness.checks.effect import NOW_NS, moment, timeless
from docwitness.checks.ruling import Ruling, refuted
from docwitness.checks.writes import as_line
from docwitness.evidence import Evidence
from docwitness.exchange import StoredPoint
from docwitness.execution import Completed
from docwitness.observation import Witnessed
from docwitness.page import Defect
from docwitness.precision import SECOND_NS
from docwitness.rule import Rule
from docwitness.sample import Sample
from docwitness.spelling import suggestion

_Points = Counter[StoredPoint]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A sample that stores other points than most of its name."""

    sample: Sample
    ruling: Ruling
    """It rests on the sample that this one is compared with."""


def judge_same(witnessed: Iterable[Witnessed]) -> Iterator[Difference]:
    """One for each sample that differs. Samples whose points cannot be seen are left out.

    What most samples of a name store is right; where two are equally many, what the first one stores.
    """
    for group in _groups(witnessed).values():
        points = [_points(each.evidence) for each in group]
        pattern = max(range(len(group)), key=lambda index: points.count(points[index]))
        for each, stored in zip(group, points, strict=True):
            if stored != points[pattern]:
                other = group[pattern]
                reason = _difference(stored, points[pattern], other.sample)
                ruling = refuted(Rule.SAME_DIFFERS, reason, other, hint=_hint(each.sample))
                yield Difference(sample=each.sample, ruling=ruling)


def alone(samples: Sequence[Sample]) -> Iterator[Defect]:
    """A name that a single sample has compares nothing."""
    names = Counter(sample.directives.same for sample in samples if sample.directives.same is not None)
    for sample in samples:
        name = sample.directives.same
        if name is not None and names[name] == 1:
            known = [other for other, count in names.items() if count > 1]
            message = f"no other sample is marked same={name}{suggestion(name, known)}"
            yield Defect(location=sample.location, rule=Rule.BAD_DIRECTIVE, message=message)


def _groups(witnessed: Iterable[Witnessed]) -> dict[str, list[Witnessed]]:
    groups: dict[str, list[Witnessed]] = defaultdict(list)
    for each in sorted(witnessed, key=lambda each: each.sample.location):
        if each.sample.directives.same is not None and each.evidence.effect is not None:
            groups[each.sample.directives.same].append(each)
    return groups


def _points(evidence: Evidence) -> _Points:
    """What its scope holds; times of the run itself count as one."""
    lasted_ns = int(evidence.execution.duration_s * SECOND_NS) if isinstance(evidence.execution, Completed) else 0
    exchanges = (*evidence.earlier, *evidence.exchanges)
    earliest = min((exchange.started_ns for exchange in exchanges), default=0) - lasted_ns - SECOND_NS
    latest = max((exchange.ended_ns for exchange in exchanges), default=0) + SECOND_NS
    return Counter(timeless(point, earliest, latest) for point in evidence.effect or ())


def _difference(stored: _Points, expected: _Points, pattern: Sample) -> str:
    told = f"stores other points than {pattern.id!r} ({pattern.location})"
    missing, more = expected - stored, stored - expected
    if missing and more:
        return f"{told}: {_line(more)}, where that has {_line(missing)}"
    return f"{told}: {_line(missing)} is missing" if missing else f"{told}: {_line(more)} is one more"


def _line(points: _Points) -> str:
    point = min(points, key=lambda point: (point.table, point.tags, point.time_ns))
    if point.time_ns == NOW_NS:
        return as_line(point).removesuffix(str(NOW_NS)) + "(now)"
    return f"{as_line(point)} ({moment(point.time_ns)})"


def _hint(sample: Sample) -> str:
    return f"samples marked same={sample.directives.same} are to do the same; take the mark away where they are not"
