"""The contract of an editor, and where what it edits stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol, cast

from docwitness.sample import Language

LANGUAGES = frozenset({Language.NODE, Language.PYTHON, Language.TELEGRAF})
"""Those that have an editor: a module here, named as they are."""

_CALL = re.compile(r"([\w.]+)(?:\(([^)]*)\))?\Z")


class UneditableError(Exception):
    """An option cannot be set in a sample; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notation:
    """How a language writes the values of options."""

    true: str
    false: str
    table: str
    """A table with one entry that nothing else has, which suits as HTTP headers."""


class Editor(Protocol):
    """Sets options in samples of one language."""

    @property
    def notation(self) -> Notation:
        """How it writes values."""
        ...

    def options(self, text: str, of: str) -> Mapping[str, str]:
        """The options that a sample sets, and to what. Empty where what has them does not stand in it, or more than once."""
        ...

    def subject(self, text: str, of: str) -> str:
        """What `of` stands for in a sample that can be edited: `outputs.influxdb_v2` for `telegraf-output`, mostly `of` itself."""
        ...

    def edited(self, text: str, of: str, settings: Mapping[str, str | None]) -> str:
        """The text with these options set, or left out where they are None.

        What the tool itself says it works with comes to be shown in its output, as `NAME=VALUE` for each of `settings`.

        Args:
            text: Of the sample.
            of: What has the options: a call (`InfluxDBClient`, `getWriteApi(org, bucket)` with names for arguments that have
                none in the call), or a table (`outputs.influxdb_v2`).
            settings: By option.

        Raises:
            UneditableError: It has no such call or table, or more than one; or a value is none in its language.
        """
        ...


def editor_for(language: str) -> Editor:
    """The editor of one of `LANGUAGES`. Its parser is loaded only now."""
    return cast("Editor", import_module(f"docwitness.editors.{language}").Editor())


@dataclass(frozen=True, slots=True, kw_only=True)
class Callee:
    """A call that has options."""

    name: str
    """Its last part: `write`, whatever it is called on."""
    arguments: tuple[str, ...]
    """Names of its first arguments that are told by their position."""


def callee(of: str) -> Callee:
    """What `of` names. Raises `UneditableError` when it is no call."""
    found = _CALL.match(of)
    if found is None:
        raise UneditableError(f"of={of!r} names no call, such as `InfluxDBClient` or `getWriteApi(org, bucket)`")
    arguments = tuple(name.strip() for name in (found[2] or "").split(",") if name.strip())
    return Callee(name=found[1].rpartition(".")[2], arguments=arguments)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Bytes of a text, encoded as UTF-8, and what they become."""

    start: int
    end: int
    text: str


def replaced(text: str, spans: Iterable[Span]) -> str:
    """The text with spans replaced that do not overlap."""
    data = text.encode()
    for span in sorted(spans, key=lambda span: -span.start):
        data = data[: span.start] + span.text.encode() + data[span.end :]
    return data.decode()
