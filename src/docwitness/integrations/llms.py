"""What agents read of a built site: the twin of every page, `llms.txt` that lists them, and `llms-full.txt` with all of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from mkdocs.utils import meta

from docwitness.dialects import site, snippets
from docwitness.errors import UsageError
from docwitness.integrations import navigation, twins
from docwitness.integrations.fences import marks_in
from docwitness.text import unix_lines

LIST, FULL = "llms.txt", "llms-full.txt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A page for agents."""

    title: str
    description: str
    section: str
    address: str
    """Of its twin, relative to the site."""
    text: str


def write(settings: Path, folder: Path) -> int:
    """Writes them into the folder of a built site; `settings` is its `mkdocs.yml`. Returns how many twins there are.

    Raises `ConfigurationError` when the settings cannot be used, `UsageError` when a page is not built.
    """
    about = navigation.read(settings)
    readings = tuple(_readings(settings, about, folder))
    for reading in readings:
        (folder / reading.address).write_text(reading.text, encoding="utf-8")
    head = f"# {about.name}\n" + (f"\n> {about.description}\n" if about.description else "")
    (folder / LIST).write_text(head + "".join(_listed(readings, about.url)), encoding="utf-8")
    (folder / FULL).write_text("\n".join([head, *(reading.text for reading in readings)]), encoding="utf-8")
    return len(readings)


def _readings(settings: Path, about: navigation.Navigation, folder: Path) -> Iterator[Reading]:
    of = site.Site.build(site.read(settings))
    for entry in about.entries:
        file = about.docs / entry.path
        body, front = meta.get_data("\n".join(unix_lines(file.read_text(encoding="utf-8-sig"))))
        of.start(file)
        lines = snippets.include(unix_lines(body), of.includer, of.appended).lines
        address = twins.address(entry.path)
        marks = marks_in(_built((folder / address).with_suffix(".html")))
        text = twins.Twin(path=entry.path, lines=lines, base=about.url, marks=marks).text()
        yield Reading(
            title=entry.title or str(front.get("title") or text.partition("\n")[0].removeprefix("# ")),
            description=str(front.get("description") or ""),
            section=entry.section,
            address=address,
            text=text,
        )


def _built(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        message = f"{file}: {error.strerror}: is the site built, and with directory URLs?"
        raise UsageError(message) from error


def _listed(readings: Sequence[Reading], base: str) -> Iterator[str]:
    """Pages that are in no section come first: the form has no heading for them (llmstxt.org)."""
    for section, group in groupby(sorted(readings, key=lambda reading: bool(reading.section)), key=lambda reading: reading.section):
        yield f"\n## {section}\n\n" if section else "\n"
        for reading in group:
            yield (
                f"- [{reading.title}]({base}{reading.address})" + (f": {reading.description}" if reading.description else "") + "\n"
            )
