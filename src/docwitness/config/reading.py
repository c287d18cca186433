"""Reads a project's configuration: `[tool.docwitness]` of `pyproject.toml`, or `docwitness.toml`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from docwitness import plugins
from docwitness.config.containers import container
from docwitness.config.coverage import coverage
from docwitness.config.processes import process
from docwitness.config.source import SHARED_FILE, Source, kind_of, text_of
from docwitness.config.urls import url
from docwitness.placeholders import TEMPLATE_NAMES, Placeholders
from docwitness.settings import (
    Configuration,
    NodeSettings,
    PythonSettings,
    RunnerSettings,
    TargetSettings,
    TelegrafSettings,
)
from docwitness.spelling import suggestion
from docwitness.tables.columns import Column, plain

OWN_FILE = "docwitness.toml"
DEFAULT_PATHS = ("docs", "README.md")

_KEYS = ("paths", "target", "placeholders", "runners", "targets", "dialects", "columns", "coverage")
_RUNNER_KEYS = {"shell": (), "python": ("interpreter",), "node": ("interpreter", "packages"), "telegraf": ("binary", "image")}


def load(start: Path, file: Path | None = None) -> Configuration:
    """The configuration in `file`, or the nearest one in `start` and the folders above it; the defaults when there is none.

    Raises `ConfigurationError`, whose text begins with the place of the fault.
    """
    found = file if file is not None else _nearest(start.absolute())
    if found is None:
        root = start.absolute()
        return Configuration(root=root, paths=tuple(root / path for path in DEFAULT_PATHS if (root / path).exists()))
    source = Source.read(found.absolute(), _shown(found, start))
    return _configuration(source)


def _nearest(start: Path) -> Path | None:
    for folder in (start, *start.parents):
        own, shared = folder / OWN_FILE, folder / SHARED_FILE
        if own.is_file():
            return own
        if shared.is_file() and re.search(
            r"^\s*\[\s*tool\s*\.\s*docwitness\b|^\s*tool\.docwitness\b", text_of(shared), re.MULTILINE
        ):
            return shared
    return None


def _shown(file: Path, start: Path) -> str:
    absolute, here = file.absolute(), start.absolute()
    return absolute.relative_to(here).as_posix() if absolute.is_relative_to(here) else str(absolute)


def _configuration(source: Source) -> Configuration:
    if "tool" in source.table:
        raise source.error(
            ("tool", "docwitness"), "in this file the keys of [tool.docwitness] stand at the top level, without that name"
        )
    source.check_keys((), source.table, _KEYS)
    root = source.file.parent
    placeholders = _placeholders(source)
    targets = _targets(source, root)
    return Configuration(
        root=root,
        file=source.file,
        paths=_paths(source, root),
        target=_target(source, targets),
        placeholders=Placeholders(placeholders),
        runners=_runners(source, root),
        targets=targets,
        dialects=_dialects(source, root),
        columns=_columns(source),
        coverage=coverage(source),
        places={text: source.line(("placeholders", text)) for text in placeholders},
    )


def _paths(source: Source, root: Path) -> tuple[Path, ...]:
    if "paths" not in source.table:
        return tuple(root / path for path in DEFAULT_PATHS if (root / path).exists())
    paths = source.strings_at(("paths",), source.table["paths"], "files and folders")
    for path in paths:
        if not (root / path).exists():
            raise source.error(("paths",), f"there is no {path!r} beside {source.file.name}")
    return tuple(root / path for path in paths)


def _target(source: Source, targets: Iterable[str]) -> str:
    name = source.string_at(("target",), source.table.get("target", "embedded"))
    known = ("embedded", *targets)
    if (
        name not in known
        and not name.startswith("embedded:")
        and "://" not in name
        and name not in plugins.installed(plugins.Group.TARGETS)
    ):
        raise source.error(("target",), f"no target named {name!r}{suggestion(name, known)}; known: {', '.join(known)}, or a URL")
    return name


def _placeholders(source: Source) -> dict[str, str]:
    table = source.table_at(("placeholders",), source.table.get("placeholders", {}))
    for text, filling in table.items():
        keys = ("placeholders", text)
        if not text.strip() or text != text.strip() or "\n" in text:
            raise source.error(keys, "a placeholder is a text on one line, without blanks around it")
        if not isinstance(filling, str):
            raise source.error(keys, f"placeholder {text!r} must be filled by a string, not {kind_of(filling)}")
        source.check_words(keys, filling, TEMPLATE_NAMES)
    return dict(table)


def _runners(source: Source, root: Path) -> RunnerSettings:
    tables = source.table_at(("runners",), source.table.get("runners", {}))
    others: dict[str, Mapping[str, Any]] = {}
    given: dict[str, dict[str, str]] = {name: {} for name in _RUNNER_KEYS}
    for name, value in tables.items():
        keys = ("runners", name)
        table = source.table_at(keys, value)
        if name in _RUNNER_KEYS:
            source.check_keys(keys, table, _RUNNER_KEYS[name])
            given[name] = {key: source.string_at((*keys, key), text) for key, text in table.items()}
            if {"binary", "image"} <= given[name].keys():
                raise source.error((*keys, "image"), "give the binary or the image of Telegraf, not both")
        elif name in (known := plugins.installed(plugins.Group.RUNNERS)):
            others[name] = table
        else:
            raise source.error(keys, f"no runner named {name!r}{suggestion(name, known)}; installed: {', '.join(known)}")
    packages = given["node"].get("packages")
    return RunnerSettings(
        python=PythonSettings(interpreter=_program(given["python"].get("interpreter"), root)),
        node=NodeSettings(
            interpreter=_program(given["node"].get("interpreter"), root) or NodeSettings().interpreter,
            packages=root / packages if packages else None,
        ),
        telegraf=TelegrafSettings(
            binary=_program(given["telegraf"].get("binary"), root) or TelegrafSettings().binary,
            image=given["telegraf"].get("image"),
        ),
        others=others,
    )


def _program(word: str | None, root: Path) -> str | None:
    """A name is looked up on PATH later; anything with a slash is a path from the project folder."""
    return word if word is None or "/" not in word else str(root / Path(word).expanduser())


def _targets(source: Source, root: Path) -> dict[str, TargetSettings]:
    targets: dict[str, TargetSettings] = {}
    for name, value in source.table_at(("targets",), source.table.get("targets", {})).items():
        keys = ("targets", name)
        table = source.table_at(keys, value)
        if name == "embedded":
            raise source.error(keys, "'embedded' is the built-in server: give this target another name")
        if "image" in table or "build" in table:
            targets[name] = container(source, name, table, root)
        elif "command" in table:
            targets[name] = process(source, name, table)
        else:
            targets[name] = url(source, name, table)
    return targets


def _dialects(source: Source, root: Path) -> dict[Path, str]:
    dialects = {}
    for path, value in source.table_at(("dialects",), source.table.get("dialects", {})).items():
        name = source.string_at(("dialects", path), value)
        known = plugins.installed(plugins.Group.DIALECTS)
        if name not in known:
            raise source.error(
                ("dialects", path), f"no dialect named {name!r}{suggestion(name, known)}; installed: {', '.join(known)}"
            )
        if not (root / path).exists():
            raise source.error(("dialects", path), f"there is no {path!r} beside {source.file.name}")
        dialects[(root / path).resolve()] = name
    return dialects


def _columns(source: Source) -> dict[str, tuple[str, ...]]:
    table = source.table_at(("columns",), source.table.get("columns", {}))
    source.check_keys(("columns",), table, tuple(Column))
    columns = {key: source.strings_at(("columns", key), headings, "headings") for key, headings in table.items()}
    taken: dict[str, str] = {}
    for key, headings in columns.items():
        for heading in headings:
            if (other := taken.setdefault(plain(heading), key)) != key:
                raise source.error(("columns", key), f"columns.{other} has the heading {heading!r} already")
    return columns
