"""From one page to its samples, with their expected blocks and files, and the blocks that do not run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from docwitness.collection import Uncollected
from docwitness.directives import EXPECTED_ROLES, TABLE_ROLES, Role
from docwitness.languages import DATA, FOREIGN, Runnable, runnable
from docwitness.page import Block, Defect, Page, Visibility
from docwitness.placeholders import Placeholders
from docwitness.rule import Rule
from docwitness.sample import Expected, NamedFile, Sample
from docwitness.text import digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What one page yields. Ids may be double still."""

    samples: tuple[Sample, ...]
    defects: tuple[Defect, ...]
    uncollected: tuple[Uncollected, ...]


def default_id(page: str, number: int) -> str:
    """The id of the Nth sample of a page when the page gives it none."""
    return f"{page}#{number}"


def gather(page: Page, placeholders: Placeholders, others: Iterable[str] = ()) -> Gathered:
    """The samples of a page in order; `others` are languages that runners of other packages take."""
    work = _Work(page, placeholders, frozenset(others))
    for block in page.blocks:
        work.add(block)
    return work.gathered()


class _Work:
    """Goes through the blocks of one page; remembers the sample that an expected block would belong to."""

    def __init__(self, page: Page, placeholders: Placeholders, others: frozenset[str]) -> None:
        self._page = page
        self._placeholders = placeholders
        self._others = others
        self._last: int | None = None
        self._number = 0
        self._samples: list[Sample] = []
        self._defects = list(page.defects)
        self._uncollected: list[Uncollected] = []
        self._files = self._named_files()
        self._has_samples = any(map(self._is_sample, page.blocks))

    def gathered(self) -> Gathered:
        return Gathered(samples=tuple(self._samples), defects=tuple(self._defects), uncollected=tuple(self._uncollected))

    def add(self, block: Block) -> None:
        if block.visibility in (Visibility.COMMENTED, Visibility.QUOTED):
            where = "in a comment" if block.visibility is Visibility.COMMENTED else "shown as text inside another block"
            self._leave_out(block, where)
        elif block.directives.role in EXPECTED_ROLES:
            self._expected(block)
        elif block.directives.role in TABLE_ROLES:
            self._leave_out(block, f"marked {block.directives.role.value!r}, which is for tables and lists")
        elif block.directives.role is Role.SAMPLE:
            self._candidate(block)
        elif block.directives.role is Role.FILE:
            self._file(block)

    def _is_sample(self, block: Block) -> bool:
        is_read = block.visibility in (Visibility.SHOWN, Visibility.HIDDEN)
        return is_read and block.directives.role is Role.SAMPLE and bool(block.text) and self._runnable(block) is not None

    def _runnable(self, block: Block) -> Runnable | None:
        known = runnable(block.language, block.text)
        return Runnable(block.language) if known is None and block.language in self._others else known

    def _candidate(self, block: Block) -> None:
        how = self._runnable(block)
        if how is None:
            self._leave_out(block, _why_not(block.language))
            if block.language.casefold() in FOREIGN:
                self._last = None
        elif not block.text:
            self._leave_out(block, "empty")
        else:
            self._sample(block, how)

    def _file(self, block: Block) -> None:
        if not self._has_samples:
            self._leave_out(block, "a file that no sample of the page finds")
        elif self._runnable(block) is not None:
            self._leave_out(block, "a file in the folder of the samples")

    def _leave_out(self, block: Block, reason: str) -> None:
        self._uncollected.append(Uncollected(location=block.location, language=block.language, reason=reason))

    def _sample(self, block: Block, how: Runnable) -> None:
        hidden = block.visibility is Visibility.HIDDEN
        self._number += not hidden
        identifier = block.directives.id or default_id(self._page.path, self._number if not hidden else -len(self._samples) - 1)
        if not hidden:
            self._last = len(self._samples)
        self._samples.append(
            Sample(
                id=identifier,
                location=block.location,
                language=how.runner,
                text=block.text,
                hash=digest(block.text),
                first_line=block.first_line,
                numbers=block.numbers,
                console=how.console,
                hidden=hidden,
                directives=block.directives,
                source=block.source,
                files=self._files,
                names_target=self._placeholders.names_target(block.text),
            )
        )

    def _expected(self, block: Block) -> None:
        """Attaches what a page says about a result to the sample before it."""
        role = block.directives.role
        if self._last is None:
            if self._uncollected:
                self._leave_out(block, f"no sample before it runs, so this {role} shows nothing")
            else:
                self._defect(block, Rule.MISPLACED_DIRECTIVE, f"no sample stands before this {role}")
            return
        sample = self._samples[self._last]
        if getattr(sample, role.value) is not None:
            self._defect(block, Rule.MISPLACED_DIRECTIVE, f"the sample on line {sample.location.line} has a {role} already")
            return
        expected = Expected(location=block.location, text=block.text, first_line=block.first_line, numbers=block.numbers)
        change: dict[str, Any] = {role.value: expected}
        self._samples[self._last] = replace(sample, **change)

    def _named_files(self) -> tuple[NamedFile, ...]:
        files: dict[str, NamedFile] = {}
        for block in self._page.blocks:
            name = block.directives.file
            if block.directives.role is not Role.FILE or name is None:
                continue
            taken = next((other for other in files if _in_the_way(name, other)), None)
            if taken is not None:
                self._defect(block, Rule.BAD_DIRECTIVE, f"line {files[taken].location.line} gives a file {taken!r} already")
                continue
            files[name] = NamedFile(name=name, text=block.text, location=block.location)
        return tuple(files.values())

    def _defect(self, block: Block, rule: Rule, message: str) -> None:
        self._defects.append(Defect(location=block.location, rule=rule, message=message))


def _in_the_way(name: str, other: str) -> bool:
    """Whether both cannot be files of one folder: they are the same, or one would have to be a folder for the other."""
    return name == other or name.startswith(f"{other}/") or other.startswith(f"{name}/")


def _why_not(language: str) -> str:
    if not language:
        return "no language"
    return f"{language} is parsed, not run" if language.casefold() in DATA else f"no runner for {language}"
