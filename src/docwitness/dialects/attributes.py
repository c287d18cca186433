"""Directives as pages write them, in a docwitness comment or in the attributes of a fence, parsed into `Directives`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from docwitness.directives import EXPECTED_ROLES, TABLE_ROLES, Directives, Expect, Role, ScopeSettings
from docwitness.page import Defect, Location
from docwitness.rule import Rule
from docwitness.spelling import meant, suggestion

COMMENT = "docwitness"
"""What a comment with directives begins with, before a colon."""

_BROKEN_COMMENT = re.compile(rf"[ \t>]*(?!<!--)(?:<!*-*|!+-*|--+)\s*{COMMENT}\s*:")
_MARKS = {role.value: role for role in (*EXPECTED_ROLES, *TABLE_ROLES)}
_WORD = re.compile(r"(?P<key>[A-Za-z][\w-]*)(?:=(?P<value>\"[^\"]*\"|'[^']*'|[^\s\"'}]+))?(?=\s|\Z)")
_ATTRIBUTE = re.compile(r"[#.][^\s}=]+|(?P<key>[^\s}=#.][^\s}=]*)(?:=(?P<value>\"[^\"]*\"|'[^']*'|[^\s}]*))?")
_UNIT_S = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_LONGEST_NAME = 255
"""Bytes that file systems take for one part of a file name."""
_SCOPE_WORDS = ("retention", "partial-writes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One directive as written."""

    key: str
    value: str | None
    location: Location
    anchor: bool = False
    """An id that the fence has for the site anyway: no directive where it would make no sense as one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What stands behind the opening mark of a fence."""

    language: str = ""
    words: tuple[Word, ...] = ()
    defects: tuple[Defect, ...] = ()


def is_directive_comment(text: str) -> bool:
    """Whether the inside of an HTML comment is ours."""
    return re.match(rf"\s*{COMMENT}\s*:", text) is not None


def misspelt_comment(text: str, location: Location) -> Defect | None:
    """What is wrong with a comment that was probably meant to be ours: its first word is misspelt or not first, or has no colon."""
    found = re.match(r"[\s!:-]*([A-Za-z]+)\s*(:?)", text)
    if found is None or meant(found[1], (COMMENT,)) is None:
        return None
    if not found[2] and not _WORD.match(text[found.end() :].lstrip()):
        return None
    message = f"the comment begins with {found[0].strip()!r}: docwitness reads only comments that begin with '{COMMENT}:'"
    return Defect(location=location, rule=Rule.UNKNOWN_DIRECTIVE, message=message)


def broken_comment(line: str, location: Location) -> Defect | None:
    """What is wrong with a line of running text that was probably meant to be one of our comments: its beginning is broken."""
    if not _BROKEN_COMMENT.match(line):
        return None
    message = f"{line.strip()!r} is no comment, so it is read as text, and its directives reach no block"
    return Defect(location=location, rule=Rule.MISPLACED_DIRECTIVE, message=message, hint="A comment begins with '<!--'.")


def read_comment(text: str, location: Location) -> tuple[tuple[Word, ...], tuple[Defect, ...]]:
    """The directives inside one of our comments. `location` is where the comment begins."""
    rest = re.sub(rf"\A\s*{COMMENT}\s*:", lambda found: "\n" * found[0].count("\n"), text)
    words: list[Word] = []
    defects: list[Defect] = []
    for offset, line in enumerate(rest.split("\n")):
        place = Location(location.path, location.line + offset)
        at = 0
        while piece := re.compile(r"\S+").search(line, at):
            found = _WORD.match(line, piece.start())
            if found is None:
                message = (
                    f'{line[piece.start() :].strip()!r} is not a directive: write NAME, NAME=VALUE or NAME="VALUE WITH BLANKS"'
                )
                defects.append(Defect(location=place, rule=Rule.BAD_DIRECTIVE, message=message))
                break
            words.append(Word(key=found["key"], value=_unquoted(found["value"]), location=place))
            at = found.end()
    return tuple(words), tuple(defects)


def read_header(info: str, location: Location) -> Header:
    """The language and the directives behind a fence's mark: `sh title="…"`, `{ .sh #id data-expect="204" }`, `sh { #id }`."""
    info = info.strip()
    before, brace, attributes = info.partition("{")
    language = before.split()[0].removeprefix(".") if before.strip() else ""
    if not brace or "=" in before:
        return Header(language=language)
    attributes = attributes.rpartition("}")[0]
    words: list[Word] = []
    defects: list[Defect] = []
    for found in _ATTRIBUTE.finditer(attributes):
        text, key = found[0], found["key"]
        if text.startswith("#"):
            words.append(Word(key="id", value=text[1:], location=location, anchor=True))
        elif text.startswith("."):
            language = language or text[1:]
        elif key == "id":
            words.append(Word(key="id", value=_unquoted(found["value"]), location=location, anchor=True))
        elif key.startswith("data-"):
            name, value = key.removeprefix("data-"), _unquoted(found["value"])
            if name in _MARKS:
                words.append(Word(key=name, value=None, location=location))
            elif name in _READERS or name == "file":
                words.append(Word(key=name, value=value, location=location))
            elif known := meant(name, _NAMES):
                message = f"unknown attribute {key!r} (did you mean 'data-{known}'?)"
                defects.append(Defect(location=location, rule=Rule.UNKNOWN_DIRECTIVE, message=message))
    return Header(language=language, words=tuple(words), defects=tuple(defects))


def interpret(words: Iterable[Word], *, table: bool) -> tuple[Directives, tuple[Defect, ...]]:
    """The directives of one block, or of one table or list, and what is wrong with them. A wrong one counts as not said."""
    said: dict[str, Word] = {}
    defects: list[Defect] = []
    for word in words:
        if word.key not in _NAMES:
            defects.append(_defect(word, f"unknown directive {word.key!r}{suggestion(word.key, _NAMES)}", Rule.UNKNOWN_DIRECTIVE))
        elif word.key in said and not (word.anchor and said[word.key].value == word.value):
            defects.append(_defect(word, f"{word.key!r} is said twice"))
        else:
            said.setdefault(word.key, word)
    role, wrong = _role(said, table=table)
    defects += wrong
    values: dict[str, Any] = {}
    for key, word in said.items():
        if key in _MARKS:
            continue
        if key not in _ALLOWED[role]:
            if not word.anchor:
                defects.append(_defect(word, f"{key!r} means nothing here: {_WHAT[role]} takes {_listed(_ALLOWED[role])}"))
            continue
        try:
            values[_FIELDS.get(key, key)] = _READERS[key](word.value or "")
        except ValueError as error:
            defects.append(_defect(word, f"{key if word.value is None else f'{key}={word.value}'}: {error}"))
    return Directives(role=role, **values), tuple(defects)


def _role(said: dict[str, Word], *, table: bool) -> tuple[Role, list[Defect]]:
    marks = [word for key, word in said.items() if key in _MARKS or key == "file"]
    defects = [_defect(word, f"{marks[0].key!r} and {word.key!r} exclude each other") for word in marks[1:]]
    defects += [_defect(word, f"{word.key!r} takes no value") for word in marks if word.key != "file" and word.value is not None]
    role = _MARKS.get(marks[0].key, Role.FILE) if marks else Role.SAMPLE
    if table and role not in TABLE_ROLES:
        place = next(iter(said.values()), None)
        if place is not None:
            message = "these directives are for a fenced block, but a table or list follows"
            defects.append(_defect(place, message, Rule.MISPLACED_DIRECTIVE))
    elif not table and role in TABLE_ROLES:
        message = f"{role.value!r} marks a table or list, but a fenced block follows"
        defects.append(_defect(marks[0], message, Rule.MISPLACED_DIRECTIVE))
    return role, defects


def _defect(word: Word, message: str, rule: Rule = Rule.BAD_DIRECTIVE) -> Defect:
    return Defect(location=word.location, rule=rule, message=message)


def _unquoted(value: str | None) -> str | None:
    return value[1:-1] if value and len(value) > 1 and value[0] in "\"'" and value[-1] == value[0] else value


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names) or "no further directives"


def _text(value: str) -> str:
    if not value.strip():
        raise ValueError("a text is missing")
    return value.strip()


def _reason(value: str) -> str:
    if not value.strip():
        raise ValueError('a reason is missing, as in skip="needs a cluster"')
    return " ".join(value.split())


def _identifier(value: str) -> str:
    if not re.fullmatch(r"\w[\w.:-]*", value):
        raise ValueError("a name is letters, digits, '_', '-', '.' and ':', and begins with a letter, a digit or '_'")
    return value


def _expect(value: str) -> Expect:
    if value == "none":
        return Expect(statuses=(), requests=False)
    statuses = tuple(part.strip() for part in value.split(","))
    if not all(re.fullmatch(r"[1-5](\d\d|xx)", status) for status in statuses):
        raise ValueError("allowed are a status such as 204, a class such as 2xx, a list of them with commas, or none")
    return Expect(statuses=statuses)


def _exit(value: str) -> int:
    if not re.fullmatch(r"\d{1,3}", value) or int(value) > 255:
        raise ValueError("an exit status is a number from 0 to 255")
    return int(value)


def _file(value: str) -> str:
    path = PurePosixPath(_text(value))
    if path.is_absolute() or ".." in path.parts or "\\" in value or "\0" in value or path.name in ("", ".") or value.endswith("/"):
        raise ValueError("a file name is relative and stays in the working folder, with forward slashes")
    if any(len(part.encode()) > _LONGEST_NAME for part in path.parts):
        raise ValueError(f"no part of a file name is longer than {_LONGEST_NAME} bytes")
    return str(path)


def _timeout(value: str) -> float:
    if not re.fullmatch(r"\d{1,6}(\.\d{1,3})?", value) or float(value) <= 0:
        raise ValueError("a time limit is a number of seconds above 0")
    return float(value)


def _scope(value: str) -> ScopeSettings:
    retention_s, partial_writes = None, False
    for word in _text(value).split():
        key, _, setting = word.partition("=")
        if key == "retention":
            found = re.fullmatch(r"(\d{1,9})([smhdw])", setting)
            if found is None or int(found[1]) == 0:
                raise ValueError("a retention is a number with s, m, h, d or w, as in retention=1d")
            retention_s = int(found[1]) * _UNIT_S[found[2]]
        elif word == "partial-writes":
            partial_writes = True
        else:
            raise ValueError(f"unknown setting {word!r}{suggestion(key, _SCOPE_WORDS)}; known: retention=1d, partial-writes")
    return ScopeSettings(retention_s=retention_s, partial_writes=partial_writes)


_READERS: dict[str, Callable[[str], Any]] = {
    "id": _identifier,
    "expect": _expect,
    "exit": _exit,
    "session": _identifier,
    "setup": _identifier,
    "file": _file,
    "scope": _scope,
    "skip": _reason,
    "xfail": _reason,
    "timeout": _timeout,
    "same": _identifier,
    "of": _text,
    "base": _identifier,
    "partial": _reason,
}
_FIELDS = {"timeout": "timeout_s"}
_NAMES = (*_READERS, *_MARKS)
_SAMPLE_KEYS = ("id", "expect", "exit", "session", "setup", "scope", "skip", "xfail", "timeout", "same")
_ALLOWED: dict[Role, tuple[str, ...]] = {
    Role.SAMPLE: _SAMPLE_KEYS,
    Role.FILE: ("file",),
    **dict.fromkeys(EXPECTED_ROLES, ()),
    **dict.fromkeys(TABLE_ROLES, ("of", "base")),
    **dict.fromkeys((Role.PARAMETERS, Role.OPTIONS), ("of", "base", "partial")),
}
_WHAT: dict[Role, str] = {
    Role.SAMPLE: "a sample",
    Role.FILE: "a file",
    **{role: f"a block marked {role.value!r}" for role in EXPECTED_ROLES},
    **{role: f"a table marked {role.value!r}" for role in TABLE_ROLES},
}
