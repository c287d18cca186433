"""`docwitness list`: what would run, and every block that would not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

import docwitness
from docwitness.collect import collect
from docwitness.collection import Collection
from docwitness.commands.options import choosing, config_option, json_option
from docwitness.config.reading import load
from docwitness.errors import Exit
from docwitness.reporters.file import STANDARD_OUTPUT, check_writable, write
from docwitness.reporters.json import FORMAT, place, uncollected
from docwitness.sample import Sample
from docwitness.selection import choose


@click.command("list", short_help="Show what would run, and what would not, and why.")
@choosing
@json_option
@config_option
def list_samples(
    paths: tuple[Path, ...], keyword: str, languages: tuple[str, ...], json_file: Path | None, config: Path | None
) -> int:
    """Shows what would run, and every block that would not, with the reason; also each cell of a table that is not judged.

    Nothing is run.

    PATH is a page or a folder of pages; without any, the `paths` of the configuration.

    \b
    Examples:
      docwitness list
      docwitness list docs/write.md --lang python
      docwitness list --json samples.json
    """  # noqa: D301 - click reads the backspace
    if json_file is not None:
        check_writable(json_file)
    collection = collect(load(Path.cwd(), config), paths)
    chosen = choose(collection.samples, keyword=keyword, languages=languages)
    if json_file is not None:
        write(json_file, json.dumps(_document(collection, chosen), indent=2, ensure_ascii=False) + "\n")
    for line in _lines(collection, chosen):
        click.echo(line, err=json_file == STANDARD_OUTPUT)
    return Exit.OK if chosen or collection.defects else Exit.NOTHING


def _lines(collection: Collection, chosen: tuple[Sample, ...]) -> list[str]:
    lines = [f"{sample.location}  {sample.language:8}  {sample.id}{_words(sample)}" for sample in chosen]
    lines += [f"{block.location}  not collected: {block.reason}" for block in collection.uncollected]
    lines += [f"{defect.location}  defect: {defect.message}" for defect in collection.defects]
    lines += [f"notice: {notice}" for notice in collection.notices]
    lines.append(f"samples: {len(chosen)}, not collected: {len(collection.uncollected)}, defects: {len(collection.defects)}")
    return lines


def _words(sample: Sample) -> str:
    """The directives that decide whether and after what it runs."""
    directives = sample.directives
    words = {"session": directives.session, "setup": directives.setup, "skip": directives.skip, "xfail": directives.xfail}
    said = ", ".join(f"{word}: {value}" for word, value in words.items() if value is not None)
    return f"  ({said})" if said else ""


def _document(collection: Collection, chosen: tuple[Sample, ...]) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "docwitness": docwitness.__version__,
        "samples": [_sample(sample) for sample in chosen],
        "uncollected": [uncollected(block) for block in collection.uncollected],
        "defects": [
            {
                "page": defect.location.path,
                "line": defect.location.line,
                "rule": defect.rule,
                "reason": defect.message,
                "hint": defect.hint,
            }
            for defect in collection.defects
        ],
        "notices": list(collection.notices),
    }


def _sample(sample: Sample) -> dict[str, Any]:
    directives = sample.directives
    optional = {
        "source": None if sample.source is None else place(sample.source),
        "session": directives.session,
        "setup": directives.setup,
        "skip": directives.skip,
        "xfail": directives.xfail,
    }
    document = {
        "id": sample.id,
        "page": sample.location.path,
        "line": sample.location.line,
        "language": sample.language,
        "hash": sample.hash,
    }
    return document | {key: value for key, value in optional.items() if value is not None}
