"""Finds where JSON, TOML and YAML stop being JSON, TOML and YAML."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass

_ELISION = re.compile(r"…|(?<![\w.])\.\.\.(?![\w.])")
_STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"')


@dataclass(frozen=True, slots=True)
class Fault:
    """The first thing that does not parse."""

    line: int
    """1-based."""
    message: str


def json_fault(text: str) -> Fault | None:
    """What is wrong with JSON: one document, or one on every line.

    A text that leaves parts out (`…` outside of strings) is not judged.
    """
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        if _ELISION.search(_STRING.sub('""', text)) or _one_on_every_line(text):
            return None
        comma = _surplus_comma(text, error.pos)
        if comma is None:
            return Fault(error.lineno, f"{error.msg} in column {error.colno}")
        line, column = text.count("\n", 0, comma) + 1, comma - text.rfind("\n", 0, comma)
        return Fault(line, f"Nothing follows the comma in column {column}")
    return None


def _surplus_comma(text: str, at: int) -> int | None:
    """Where one stands, when that is what stops the parser at this place: before 3.13, Python blames what closes behind it."""
    comma = at if text.startswith(",", at) else len(text[:at].rstrip()) - 1
    closed = comma >= 0 and text[comma] == "," and text[comma + 1 :].lstrip().startswith(("}", "]"))
    return comma if closed else None


def _one_on_every_line(text: str) -> bool:
    lines = [line for line in text.split("\n") if line.strip()]
    try:
        for line in lines:
            json.loads(line)
    except json.JSONDecodeError:
        return False
    return len(lines) > 1


def toml_fault(text: str) -> Fault | None:
    """What is wrong with TOML."""
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"\(at line (\d+), column \d+\)|\(at end of document\)", str(error))
        line = int(found[1]) if found and found[1] else text.count("\n") + 1
        return Fault(line, str(error))
    return None


def yaml_fault(text: str) -> Fault | None:
    """What is wrong with the syntax of YAML: several documents and tags of any kind are fine."""
    import yaml  # noqa: PLC0415  (only pages with YAML need it)

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        for _ in yaml.parse(text, Loader=loader):
            continue
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        last = text.count("\n") + 1
        return Fault(min(mark.line + 1, last) if mark else 1, error.problem or error.context or "it is not YAML")
    except yaml.YAMLError as error:
        return Fault(1, str(error).split("\n", maxsplit=1)[0])
    return None
