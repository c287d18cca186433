"""The dialect of MkDocs sites: pages come out as the site's own Markdown extensions make them."""

from __future__ import annotations

import operator
import os
from collections.abc import Iterator, Sequence
from html import unescape
from itertools import accumulate
from pathlib import Path

from mkdocs.utils import meta

from docwitness.dialects import rendered, site, site_file, snippets
from docwitness.dialects.attributes import broken_comment, is_directive_comment
from docwitness.dialects.cells import written
from docwitness.dialects.fences import Fence, opened_inside
from docwitness.dialects.marks import COMMENT_MARK, FENCE_MARK, Marked
from docwitness.dialects.outline import Break, Fenced, Grid, Item, Remark, assemble, unfenced
from docwitness.page import Defect, Location, Page, Row
from docwitness.rule import Rule
from docwitness.text import unix_lines


class MkDocs:
    """Reads pages through the Markdown settings of the nearest `mkdocs.yml` above them."""

    name = "mkdocs"

    def __init__(self, root: Path) -> None:
        """`root` is the project folder, absolute."""
        self._root = root
        self._sites: dict[Path | None, site.Site] = {}

    def read(self, path: str, text: str) -> Page:
        """The page as its site renders it. Raises `ConfigurationError` when the site's settings cannot be used."""
        of = self._site(site_file.find(self._root / path))
        of.start(self._root / path)
        lines = unix_lines(text.removeprefix("\ufeff"))
        body = unix_lines(meta.get_data("\n".join(lines))[0])
        above = len(lines) - len(body)
        included = snippets.include(body, of.includer, of.appended, above=above)
        dangling = [
            Defect(location=Location(path, one.number), rule=Rule.DANGLING_SNIPPET, message=one.message)
            for one in included.dangling
        ]
        try:
            reading = _Reading(path, self._root, of, Marked.plant(included.lines))
        except Exception as error:  # noqa: BLE001  (extensions of a site can raise anything; the other pages are still read)
            message = f"the Markdown extensions of its site fail on this page: {type(error).__name__}: {error}"
            fault = Defect(location=Location(path, 1), rule=Rule.UNREADABLE_PAGE, message=message)
            return Page(path=path, dialect=self.name, blocks=(), defects=(fault, *dangling))
        return assemble(path, self.name, reading.items(), [*dangling, *reading.defects()])

    def _site(self, file: Path | None) -> site.Site:
        if file not in self._sites:
            self._sites[file] = site.Site.build(site.defaults(self._root) if file is None else site.read(file))
        return self._sites[file]


class _Reading:
    """One page: its marked text beside its HTML."""

    def __init__(self, path: str, root: Path, of: site.Site, marked: Marked) -> None:
        self._path = path
        self._root = root
        self._site = of
        self._marked = marked
        html, self._handed_over = of.convert(marked.text)
        shown = rendered.walk(html)
        self._pieces = shown.pieces
        self._owners = {
            number: fence for number, one in enumerate(self._handed_over) if (fence := _first_mark(one.text)) is not None
        }
        self._as_text = {int(number) for number in FENCE_MARK.findall("\n".join(shown.preformatted))} - {*self._owners.values()}
        self._unfenced = [text for text in shown.preformatted if not FENCE_MARK.search(text)]
        self._comments_in_spans = {int(number) for number in COMMENT_MARK.findall(shown.code)}
        comments = [piece.text for piece in self._pieces if isinstance(piece, rendered.Comment)]
        others = [text for text in comments if not is_directive_comment(COMMENT_MARK.sub("", text))]
        self._in_comments = {int(number) for text in others for number in FENCE_MARK.findall(text)}
        self._comments_seen = {int(found[1]) for text in comments if (found := COMMENT_MARK.match(text))}

    def items(self) -> Iterator[Item]:
        """What readers see, and the comments between, in order; then the fences that readers see as text in code."""
        shown: set[int] = set()
        before: rendered.Piece = rendered.Other()
        for piece in self._pieces:
            match piece:
                case rendered.Shown():
                    shown.add(piece.number)
                    yield self._fenced(piece.number)
                case rendered.Comment():
                    inside = [int(number) for number in rendered.MARK.findall(piece.text)]
                    shown.update(inside)
                    yield self._remark(piece.text, inside)
                case rendered.Cells():
                    yield self._grid(piece, before)
                case rendered.Other():
                    yield Break()
            before = piece
        for number in self._owners.keys() - shown:
            yield self._fenced(number, shown=False)
        for number in self._as_text:
            yield self._text(self._marked.fences[number])
        for text, position in zip(self._unfenced, self._positions(self._unfenced), strict=True):
            yield from unfenced(text, self._place(position))

    def defects(self) -> Iterator[Defect]:
        """Fences and comments that did not come back."""
        returned = {*self._owners.values(), *self._in_comments, *self._as_text}
        swallowed = {int(number) for one in self._handed_over for number in FENCE_MARK.findall(one.text)} - returned
        for number, fence in enumerate(self._marked.fences):
            if number in returned:
                continue
            message, hint = self._lost(number, swallowed)
            yield Defect(location=self._place(fence.start), rule=Rule.BROKEN_FENCE, message=message, hint=hint)
        lines = [line.text for line in self._marked.lines]
        for fence in (self._marked.fences[number] for number in sorted(self._owners.values())):
            if opened := opened_inside(fence.content(lines), fence.mark):
                message = f"the block that begins with '{fence.mark}{fence.info}' holds '{opened}', which begins another one"
                hint = "Its mark, or one above it, is broken. A block that shows fences has a longer mark."
                yield Defect(location=self._place(fence.start), rule=Rule.BROKEN_FENCE, message=message, hint=hint)
        for number, comment in enumerate(self._marked.comments):
            if comment.ours and number not in self._comments_seen and number not in self._comments_in_spans:
                message = "this comment does not come out as a comment, so its directives reach no block"
                hint = "It must be closed, and not indented more than the text around it."
                yield Defect(location=self._place(comment.position), rule=Rule.MISPLACED_DIRECTIVE, message=message, hint=hint)
        for position in self._marked.unfenced:
            if defect := broken_comment(self._marked.lines[position].text, self._place(position)):
                yield defect

    def _lost(self, number: int, swallowed: set[int]) -> tuple[str, str]:
        fence = self._marked.fences[number]
        opening = f"{fence.mark}{fence.info}"
        if number in swallowed:
            return f"the block that begins with '{opening}' is swallowed by a fence above it", "Mend the broken fence above."
        if fence.broken_off is not None:
            line = self._place(fence.broken_off).line
            return f"the fence '{opening}' breaks off: line {line} is indented less", "Indent the whole block alike."
        if fence.end is None:
            return f"the fence '{opening}' is never closed, so readers do not see it as code", f"Close it with '{fence.mark}'."
        if fence.prefix and not self._site.indents_fences:
            return "this site finds fences at the beginning of lines only", "Add pymdownx.superfences to its markdown_extensions."
        if not fence.info:
            return "this fence begins no block for readers", "It is broken, or one above it is."
        hint = 'Attributes go into braces, the language as a class: { .sh #name title="…" }.'
        return f"the header '{opening}' is not understood, so readers see the block as running text", hint

    def _fenced(self, number: int, *, shown: bool = True) -> Item:
        if number not in self._owners:
            return Break()
        handed_over = self._handed_over[number]
        fence = self._marked.fences[self._owners[number]]
        start = fence.start + 1
        return Fenced(
            location=self._place(fence.start),
            info=fence.info,
            language=handed_over.language,
            text=FENCE_MARK.sub("", handed_over.text),
            first_line=self._place(start).line,
            source=self._source(start, fence.end),
            numbers=self._numbers(start, fence.end),
            shown=shown,
        )

    def _text(self, fence: Fence) -> Fenced:
        """A fence that readers see as text in a block of code, with its marks."""
        start = fence.start + 1
        text = "\n".join(fence.content([line.text for line in self._marked.lines]))
        place = self._place(fence.start)
        return Fenced(location=place, info=fence.info, text=text, first_line=self._place(start).line, shown=False)

    def _remark(self, text: str, inside: Sequence[int]) -> Item:
        found = COMMENT_MARK.match(text)
        if found is None:
            return Break()
        comment = self._marked.comments[int(found[1])]
        fences = [fenced for number in inside if isinstance(fenced := self._fenced(number), Fenced)]
        fences += [
            self._text(self._marked.fences[number]) for number in map(int, FENCE_MARK.findall(text)) if number in self._in_comments
        ]
        return Remark(location=self._place(comment.position), text=_words(text), fences=tuple(fences), alone=comment.alone)

    def _grid(self, cells: rendered.Cells, before: rendered.Piece) -> Item:
        found = COMMENT_MARK.match(before.text) if isinstance(before, rendered.Comment) else None
        comment = self._marked.comments[int(found[1])] if found else None
        positions = self._marked.rows(comment, table=bool(cells.headings)) if comment else ()
        places = [self._place(position) for position in positions] or [Location(self._path, 1)]
        below = places[1:] if cells.headings else places
        counts = self._written(positions, cells)
        rows = tuple(
            Row(location=(below or places)[min(n, len(below or places) - 1)], cells=row, written=counts[n])
            for n, row in enumerate(cells.rows)
        )
        return Grid(location=places[0], headings=cells.headings, rows=rows)

    def _written(self, positions: Sequence[int], table: rendered.Cells) -> list[int | None]:
        """The cells in the line of each row; unknown for what does not stand in lines of its own."""
        if not table.headings or len(positions) != len(table.rows) + 1:
            return [None] * len(table.rows)
        lines = [self._marked.lines[position].text for position in positions]
        return written(lines, len(table.headings), code_holds_pipes=True)

    def _place(self, position: int) -> Location:
        return Location(self._path, self._marked.lines[min(position, len(self._marked.lines) - 1)].number)

    def _positions(self, texts: Sequence[str]) -> Iterator[int]:
        """Where blocks of code stand that are not fences; the first line of the page where that cannot be told."""
        lines = self._marked.lines
        inside = {at for fence in self._marked.fences for at in range(fence.start, fence.after(len(lines)))}
        outside = [
            (at, words) for at, line in enumerate(lines) if at not in inside and (words := unescape(line.text).strip(" \t>"))
        ]
        for text in texts:
            wanted = [words for line in text.split("\n") if (words := line.strip())]
            found = _find(wanted, outside) or _find(wanted[:1], outside)
            yield outside[found.start][0] if found else 0
            del outside[found.start : found.stop]

    def _numbers(self, start: int, end: int | None) -> tuple[int, ...]:
        """Where the lines stand, in their source if there is one; none when they follow each other there."""
        lines = self._marked.lines[start:end]
        if self._source(start, end):
            known = list(accumulate((line.file_line for line in lines), lambda before, own: own or before + 1))
        else:
            known = [line.number for line in lines]
        numbers = tuple(known)
        follow = not numbers or numbers == tuple(range(numbers[0], numbers[0] + len(numbers)))
        return () if follow else numbers

    def _source(self, start: int, end: int | None) -> Location | None:
        """The file that all lines come from, at their first one; None when they come from no file, or from several."""
        content = [line for line in self._marked.lines[start:end] if line.text.strip(" \t>")]
        if not content or content[0].file is None or len({(line.file, line.number) for line in content}) > 1:
            return None
        file = os.path.relpath(content[0].file, self._root).replace(os.sep, "/")
        return Location(file, self._marked.lines[start].file_line)


def _find(wanted: Sequence[str], lines: Sequence[tuple[int, str]]) -> range:
    """Which lines hold what is wanted, one after the other: best nothing else; else with something beside it, such as a tag."""
    starts = range(len(lines) - len(wanted) + 1)
    for alike in (operator.eq, operator.contains):
        for start in starts:
            if all(alike(lines[start + n][1], words) for n, words in enumerate(wanted)):
                return range(start, start + len(wanted))
    return range(0)


def _words(comment: str) -> str:
    """What stands in a comment before the first fence in it."""
    words = rendered.MARK.split(COMMENT_MARK.sub("", comment), maxsplit=1)[0]
    broken = FENCE_MARK.search(words)
    return words[: broken.start()].rstrip("\n").rpartition("\n")[0] if broken else words


def _first_mark(text: str) -> int | None:
    found = FENCE_MARK.match(text)
    return int(found[1]) if found else None
