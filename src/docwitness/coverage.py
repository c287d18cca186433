"""Coverage: which sample, in which language, witnesses each row of the tables of parameters and errors. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from docwitness.checks.answer import ROUTING, answer_of
from docwitness.checks.errors import returns
from docwitness.checks.sent import aims_at, is_same_name, names, parameters
from docwitness.claim import Claim, ErrorReturned, Named, OnlyParameters
from docwitness.collection import Collection
from docwitness.directives import Role
from docwitness.elision import MARK
from docwitness.errors import ConfigurationError, NothingCollectedError, UsageError
from docwitness.exchange import Exchange
from docwitness.observation import Witnessed
from docwitness.page import Location
from docwitness.report import Report
from docwitness.settings import Configuration, Inability
from docwitness.verdict import Kind, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of a table of parameters or errors."""

    kind: Kind
    of: str
    """The operation."""
    label: str
    """The name of the parameter, or status and message of the error."""
    location: Location


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """A proven sample that shows a row."""

    id: str
    location: Location
    on_purpose: bool
    """False where its client sends the parameter by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One row in one language."""

    row: Row
    language: str
    witnesses: tuple[Witness, ...]
    """Those that show it on purpose first."""
    inability: Inability | None
    """Why no sample of the language can show it."""

    @property
    def is_gap(self) -> bool:
        """Whether a sample is missing."""
        return not self.witnesses and self.inability is None

    @property
    def is_contradiction(self) -> bool:
        """Whether a sample shows what none is said to be able to."""
        return bool(self.witnesses) and self.inability is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """All rows in all languages."""

    languages: tuple[str, ...]
    rows: tuple[Row, ...]
    fields: Mapping[tuple[Row, str], Field]
    unknown: tuple[Inability, ...]
    """What the configuration excludes and no table has."""

    @property
    def wanted(self) -> int:
        """How many fields can have a witness."""
        return sum(bool(field.witnesses) or field.is_gap for field in self.fields.values())

    @property
    def gaps(self) -> tuple[Field, ...]:
        """Fields that could have a witness and have none."""
        return tuple(field for field in self.fields.values() if field.is_gap)

    @property
    def contradictions(self) -> tuple[Field, ...]:
        """Fields that have a witness, though they are said to be impossible."""
        return tuple(field for field in self.fields.values() if field.is_contradiction)

    @property
    def percent(self) -> int:
        """Rounded down, so that 100 means all; also where there is nothing to witness."""
        return 100 if not self.wanted else 100 * (self.wanted - len(self.gaps)) // self.wanted


def coverage_of(configuration: Configuration, collection: Collection, report: Report) -> Coverage:
    """That of the pages as they are, by what a report has of them.

    Raises:
        UsageError: The report is not about all samples as they are.
        ConfigurationError: The configuration excludes a row that no table has.
        NothingCollectedError: There are no rows.
    """
    settings = configuration.coverage
    witnessed = _witnessed(collection, report)
    languages = settings.languages or tuple(dict.fromkeys(sample.language for sample in collection.samples))
    found = coverage(collection.claims, witnessed, languages, settings.cannot)
    if not found.rows:
        raise NothingCollectedError("no page has a table of parameters or errors that is marked")
    for each in found.unknown:
        known = each.language in languages
        problem = f"no table has the row {each.row!r}" if known else f"no sample is in the language {each.language!r}"
        raise ConfigurationError(f"{configuration.file}:{each.line}: {problem}")
    return found


def _witnessed(collection: Collection, report: Report) -> tuple[Witnessed, ...]:
    """The proven samples that readers see, with what they did."""
    verdicts = {verdict.id: verdict for verdict in report.verdicts if verdict.kind is Kind.SAMPLE}
    shown = [sample for sample in collection.samples if not sample.hidden]
    changed = [sample for sample in shown if sample.id not in verdicts or verdicts[sample.id].hash != sample.hash]
    if changed:
        raise UsageError(
            f"the report is not about all samples as they are: {changed[0].location} {changed[0].id}"
            f"{f' and {len(changed) - 1} more' if changed[1:] else ''}; `docwitness run` makes a new one"
        )
    return tuple(
        Witnessed(sample=sample, evidence=report.evidence[verdict.evidence[0]])
        for sample in shown
        if (verdict := verdicts[sample.id]).outcome is Outcome.PROVEN and verdict.evidence
    )


def coverage(
    claims: Sequence[Claim], witnessed: Sequence[Witnessed], languages: Sequence[str], cannot: Sequence[Inability]
) -> Coverage:
    """Looks for witnesses of each row; `witnessed` are the proven samples that readers see."""
    shown = {row: tuple(_witnesses(row, claim, witnessed)) for row, claim in _rows(claims)}
    fields = {
        (row, language): Field(
            row=row,
            language=language,
            witnesses=tuple(witness for spoken, witness in witnesses if spoken == language),
            inability=next((each for each in cannot if each.language == language and _means(each.row, row.label)), None),
        )
        for row, witnesses in shown.items()
        for language in languages
    }
    unknown = tuple(
        each for each in cannot if each.language not in languages or not any(_means(each.row, row.label) for row in shown)
    )
    return Coverage(languages=tuple(languages), rows=tuple(shown), fields=fields, unknown=unknown)


def _rows(claims: Iterable[Claim]) -> Iterator[tuple[Row, str | ErrorReturned]]:
    """Each row, and what shows it: a parameter or an error. Options are those of one tool, which has its table to itself."""
    named = [claim for claim in claims if isinstance(claim, Named)]
    places = {(claim.origin.of, claim.name): claim.origin.location for claim in reversed(named)}
    for claim in claims:
        of = claim.origin.of
        match claim:
            case OnlyParameters() if claim.origin.role is Role.PARAMETERS:
                for name in claim.names:
                    location = places.get((of, name), claim.origin.location)
                    yield Row(kind=Kind.PARAMETER, of=of, label=name, location=location), name
            case ErrorReturned():
                yield Row(kind=Kind.ERROR, of=of, label=claim.label, location=claim.origin.location), claim
            case _:
                continue


def _witnesses(row: Row, shows: str | ErrorReturned, witnessed: Iterable[Witnessed]) -> Iterator[tuple[str, Witness]]:
    """Language and sample."""
    found = []
    for each in witnessed:
        if any(_is_shown(row.of, shows, exchange) for exchange in each.evidence.exchanges):
            on_purpose = not isinstance(shows, str) or names(each.sample, shows)
            witness = Witness(id=each.sample.id, location=each.sample.location, on_purpose=on_purpose)
            found.append((each.sample.language, witness))
    yield from sorted(found, key=lambda item: not item[1].on_purpose)


def _is_shown(operation: str, shows: str | ErrorReturned, exchange: Exchange) -> bool:
    """Whether a parameter was sent, or an error came back, in an exchange of the operation."""
    aimed = aims_at(exchange, operation)
    if isinstance(shows, str):
        return aimed and any(is_same_name(place, name, shows) for place, name, _ in parameters(exchange.request))
    return (aimed or shows.status in ROUTING) and returns(shows, answer_of(exchange))


def _means(given: str, label: str) -> bool:
    """Whether a row of the configuration is that row of a table; a mark at its end stands for any end."""
    return given == label or (given.endswith(MARK) and label.startswith(given.removesuffix(MARK)))
