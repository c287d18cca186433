"""Checks that need no run: misspelt languages, broken data, words that were meant as placeholders, undefined Python names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from docwitness.checks.data import Fault, json_fault, toml_fault, yaml_fault
from docwitness.directives import Role
from docwitness.languages import DATA, WORDS, runnable
from docwitness.page import Block, Defect, Location, Page, Visibility
from docwitness.placeholders import Placeholders
from docwitness.rule import Rule
from docwitness.sample import Language, Sample
from docwitness.spelling import one_edit_apart

_OTHERS = frozenset({"cjs", "jsonc", "jsonl"})
"""Near our words, unknown to Pygments, and known to other highlighters."""
_PARSERS: dict[str, Callable[[str], Fault | None]] = {"json": json_fault, "toml": toml_fault, "yaml": yaml_fault}


def lint(pages: Sequence[Page], samples: Sequence[Sample], placeholders: Placeholders) -> list[Defect]:
    """What is wrong with pages and samples, in no particular order."""
    found = [defect for page in pages for defect in _page(page, placeholders)]
    found += [defect for sample in samples for defect in undefined_names(sample)]
    return found


def _page(page: Page, placeholders: Placeholders) -> Iterator[Defect]:
    for block in page.blocks:
        if block.visibility in (Visibility.SHOWN, Visibility.HIDDEN):
            yield from misspelt_language(block)
            yield from broken_data(block)
            yield from near_misses(block, placeholders)
    for table in page.tables:
        for row in table.rows:
            codes = "\n".join(code for cell in row.cells for code in cell.codes)
            for word, placeholder in sorted({(miss.word, miss.placeholder) for miss in placeholders.near_misses(codes)}):
                yield _near_miss(row.location, word, placeholder)


def misspelt_language(block: Block) -> Iterator[Defect]:
    """A language word that no highlighter knows and that is one edit from one that docwitness knows."""
    word = block.language.casefold()
    if len(word) < 2 or word in WORDS or word in _OTHERS:
        return
    meant = next((known for known in WORDS if one_edit_apart(word, known)), None)
    if meant is not None and not _highlighted(word):
        message = f"nothing knows the language {block.language!r} (did you mean {meant!r}?)"
        yield Defect(location=block.location, rule=Rule.UNKNOWN_LANGUAGE, message=message)


def _highlighted(word: str) -> bool:
    from pygments.lexers import get_lexer_by_name  # noqa: PLC0415  (only pages with an odd word need it)
    from pygments.util import ClassNotFound  # noqa: PLC0415

    try:
        get_lexer_by_name(word)
    except ClassNotFound:
        return False
    return True


def broken_data(block: Block) -> Iterator[Defect]:
    """A data block, or a file for samples, that does not parse."""
    word = block.language.casefold()
    if word not in DATA or block.directives.role not in (Role.SAMPLE, Role.FILE) or runnable(word, block.text):
        return
    fault = _PARSERS[word](block.text)
    if fault is not None:
        yield Defect(
            location=_line(block, fault.line), rule=Rule.BROKEN_DATA, message=f"this {word} does not parse: {fault.message}"
        )


def near_misses(block: Block, placeholders: Placeholders) -> Iterator[Defect]:
    """Words in a sample, a file or an expected block that were probably meant as placeholders."""
    if block.directives.role is Role.SAMPLE and runnable(block.language, block.text) is None:
        return
    for miss in placeholders.near_misses(block.text):
        yield _near_miss(_line(block, miss.line), miss.word, miss.placeholder)


def _near_miss(location: Location, word: str, placeholder: str) -> Defect:
    message = f"{word!r} is one letter away from the placeholder {placeholder!r}, so nothing fills it"
    return Defect(location=location, rule=Rule.PLACEHOLDER, message=message)


def undefined_names(sample: Sample) -> Iterator[Defect]:
    """Names that a Python sample uses and nothing defines, in one defect.

    Samples that continue others, or are to fail, are left alone.
    """
    said = sample.directives
    if sample.language != Language.PYTHON or sample.hidden or said.session or said.exit or said.skip or said.xfail:
        return
    import ast  # noqa: PLC0415  (with pyflakes, only Python samples need it)

    from pyflakes.checker import Checker  # type: ignore[import-untyped]  # noqa: PLC0415
    from pyflakes.messages import UndefinedName  # type: ignore[import-untyped]  # noqa: PLC0415

    try:
        tree = ast.parse(sample.text)
    except (SyntaxError, ValueError):
        return  # the runner's own check reports it
    missing: dict[str, int] = {}
    for message in Checker(tree, sample.location.path).messages:
        if isinstance(message, UndefinedName):
            missing.setdefault(message.message_args[0], message.lineno)
    if missing:
        names = ", ".join(repr(name) for name in missing)
        place = Location((sample.source or sample.location).path, sample.line(min(missing.values()) - 1))
        yield Defect(location=place, rule=Rule.UNDEFINED_NAME, message=f"nothing defines {names}")


def _line(block: Block, line: int) -> Location:
    return Location((block.source or block.location).path, block.line(line - 1))
