"""From the pages of a project to its samples; what needs no run is checked here too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from docwitness import plugins
from docwitness.checks.lint import lint
from docwitness.checks.same import alone
from docwitness.collection import Collection, Uncollected
from docwitness.gather import Gathered, default_id, gather
from docwitness.keeping import keeping
from docwitness.page import Defect, Location, Page
from docwitness.pages import SUFFIXES, Library, find
from docwitness.rule import Rule
from docwitness.sample import Language, Sample
from docwitness.settings import Configuration
from docwitness.spelling import suggestion
from docwitness.tables.reading import read

_EXCLUDED = "exclude_docs of its site leaves the page out"


def collect(configuration: Configuration, paths: Sequence[Path] = ()) -> Collection:
    """Reads the pages at `paths`, or those of the configuration, and collects their samples.

    Set-ups that stand on other pages of the project come along as hidden samples. Pages that their site leaves out are read
    only when they are named.
    Raises `UsageError` when there is nothing at a path, `ConfigurationError` when a site's settings cannot be used.
    """
    with keeping():
        return _collected(configuration, paths)


def _collected(configuration: Configuration, paths: Sequence[Path]) -> Collection:
    library = Library(configuration)
    asked = paths or configuration.paths
    files = find(asked)
    excluded = [file for file in files if file not in asked and library.excluded(file)]
    pages = tuple(library.read_all([file for file in files if file not in excluded]))
    gathered = _gather(configuration, pages)
    samples, doubles = _with_unique_ids([sample for one in gathered for sample in one.samples])
    samples += _from_elsewhere(configuration, library, pages, samples) if paths or excluded else ()
    known = {sample.id: sample for sample in samples}
    uncollected = [left for one in gathered for left in one.uncollected]
    uncollected += [Uncollected(location=Location(library.shown(file), 1), language="", reason=_EXCLUDED) for file in excluded]
    uncollected += [_unasked(sample) for sample in samples if sample.hidden and sample.id not in _asked(known, pages)]
    defects = [defect for one in gathered for defect in one.defects]
    tables = [read(table, configuration.columns) for page in pages for table in page.tables]
    uncollected += [left for table in tables for left in table.uncollected]
    defects += [defect for table in tables for defect in table.defects]
    defects += () if paths else alone(samples)
    defects += [*doubles, *_unknown_ids(pages, known), *_circles(known), *lint(pages, samples, configuration.placeholders)]
    return Collection(
        pages=pages,
        samples=tuple(samples),
        defects=tuple(sorted(defects, key=lambda defect: defect.location)),
        uncollected=tuple(sorted(uncollected, key=lambda left: left.location)),
        claims=tuple(claim for table in tables for claim in table.claims),
        partial=bool(paths),
        notices=(
            *_without_pages(library, asked, files),
            *(() if paths else _unused_placeholders(configuration, pages)),
        ),
    )


def _gather(configuration: Configuration, pages: Sequence[Page]) -> list[Gathered]:
    others = set(plugins.installed(plugins.Group.RUNNERS)) - set(Language)
    return [gather(page, configuration.placeholders, others) for page in pages]


def _with_unique_ids(samples: Sequence[Sample]) -> tuple[list[Sample], list[Defect]]:
    """The samples with every id once, and a defect for each id that was there already: it falls back to the page and number."""
    seen: dict[str, Sample] = {}
    numbers: dict[str, int] = {}
    defects = []
    for sample in samples:
        page = sample.location.path
        numbers[page] = numbers.get(page, 0) + (not sample.hidden)
        kept = sample
        if sample.id in seen:
            message = f"the id {sample.id!r} is taken: {seen[sample.id].location} has it"
            defects.append(Defect(location=sample.location, rule=Rule.DUPLICATE_ID, message=message))
            free = default_id(page, numbers[page])
            kept = replace(sample, id=free if free not in seen and not sample.hidden else f"{free}.{len(seen)}")
        seen[kept.id] = kept
    return list(seen.values()), defects


def _from_elsewhere(
    configuration: Configuration, library: Library, pages: Sequence[Page], samples: Sequence[Sample]
) -> list[Sample]:
    """The set-ups that the samples need and that stand on pages which are not read, hidden."""
    here = {sample.id for sample in samples}
    missing = {sample.directives.setup for sample in samples} - here - {None}
    missing |= {table.directives.base for page in pages for table in page.tables} - here - {None}
    if not missing:
        return []
    read = {page.path for page in pages}
    others = library.read_all([file for file in find(configuration.paths) if library.shown(file) not in read])
    found = {sample.id: sample for one in _gather(configuration, others) for sample in one.samples}
    needed: dict[str, Sample] = {}
    queue = sorted(identifier for identifier in missing if identifier)
    while queue:
        identifier = queue.pop()
        if identifier in found and identifier not in needed and identifier not in here:
            needed[identifier] = replace(found[identifier], hidden=True)
            queue += [setup] if (setup := found[identifier].directives.setup) else []
    return list(needed.values())


def _asked(known: Mapping[str, Sample], pages: Sequence[Page]) -> set[str]:
    """The ids of the set-ups that shown samples need, of the bases of tables, and of the set-ups that these need."""
    wanted = [sample.directives.setup for sample in known.values() if not sample.hidden]
    wanted += [table.directives.base for page in pages for table in page.tables]
    asked: set[str] = set()
    while wanted:
        name = wanted.pop()
        if name is not None and name not in asked:
            asked.add(name)
            wanted.append(known[name].directives.setup if name in known else None)
    return asked


def _unasked(sample: Sample) -> Uncollected:
    why = ", and no sample or table asks for it" if sample.directives.id else " without an id, so nothing can ask for it"
    return Uncollected(location=sample.location, language=sample.language, reason=f"hidden{why}")


def _unknown_ids(pages: Sequence[Page], known: Mapping[str, Sample]) -> Iterator[Defect]:
    for sample in known.values():
        setup = sample.directives.setup
        if setup is not None and setup not in known:
            message = f"no sample has the id {setup!r} that setup asks for{suggestion(setup, known)}"
            yield Defect(location=sample.location, rule=Rule.UNKNOWN_ID, message=message)
    for table in (table for page in pages for table in page.tables):
        base = table.directives.base
        if base is not None and base not in known:
            message = f"no sample has the id {base!r} that base names{suggestion(base, known)}"
            yield Defect(location=table.location, rule=Rule.UNKNOWN_ID, message=message)


def _circles(known: Mapping[str, Sample]) -> Iterator[Defect]:
    """One defect for each ring of set-ups."""
    done: set[str] = set()
    for start in known:
        way: list[str] = []
        at: str | None = start
        while at is not None and at in known and at not in way and at not in done:
            way.append(at)
            at = known[at].directives.setup
        if at is not None and at in way:
            ring = way[way.index(at) :]
            message = f"set-ups go round in a circle: {' → '.join([*ring, at])}"
            yield Defect(location=known[at].location, rule=Rule.BAD_DIRECTIVE, message=message)
        done.update(way)


def _without_pages(library: Library, paths: Sequence[Path], files: Sequence[Path]) -> Iterator[str]:
    """What is to be read and holds nothing to read."""
    if not paths:
        yield "there are no pages: name files or folders, or set `paths` in the configuration"
    for path in paths:
        if not any(file.is_relative_to(path) for file in files) and not find([path]):
            yield f"there are no pages in {library.shown(path)}: their names end with {' or '.join(SUFFIXES)}"


def _unused_placeholders(configuration: Configuration, pages: Sequence[Page]) -> Iterator[str]:
    texts = [block.text for page in pages for block in page.blocks]
    texts += [code for page in pages for table in page.tables for row in table.rows for cell in row.cells for code in cell.codes]
    used = {word for text in texts for word in configuration.placeholders.used(text)}
    for text in configuration.placeholders.mapping:
        if text not in used:
            place = (
                f"{configuration.file.name}:{configuration.places[text]}: "
                if configuration.file and text in configuration.places
                else ""
            )
            yield f"{place}no page uses the placeholder {text!r}"
