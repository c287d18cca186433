"""Judges a `response` block: what the last exchange of a sample must have answered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import responses

from docwitness.checks.finding import Finding
from docwitness.checks.json_value import Path, RepeatedKeyError, json_difference, parse
from docwitness.elision import MARK, fits, text_difference
from docwitness.exchange import Exchange, Response
from docwitness.rule import Rule
from docwitness.sample import Expected

_STATUS_LINE = re.compile(r"(?P<version>HTTP/\d(?:\.\d)?) (?P<status>[\d…]+)(?: (?P<reason>.*))?")
_BARE_STATUS = re.compile(r"(?P<version>)(?P<status>\d{3}) (?P<reason>.+)")
_HEADER = re.compile(r"(?P<name>[!#$%&'*+.^_`|~0-9A-Za-z-]+):\s*(?P<value>.*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownResponse:
    """A response as a page shows it, in as many parts as it cares to. Lines are 0-based."""

    version: str | None
    status: str | None
    reason: str | None
    headers: tuple[tuple[int, str, str], ...]
    """Line, name and value."""
    body: str
    """Empty when it is not shown."""
    body_line: int


def shown_response(text: str) -> ShownResponse:
    """Reads the block: status line, with its version or without, headers, an empty line and the body; or the body alone."""
    lines = text.split("\n")
    first = _STATUS_LINE.fullmatch(lines[0]) or _bare_status(lines[0])
    if first is None:
        return ShownResponse(version=None, status=None, reason=None, headers=(), body=text, body_line=0)
    headers: list[tuple[int, str, str]] = []
    number = 1
    while number < len(lines) and (header := _HEADER.fullmatch(lines[number])):
        headers.append((number, header["name"], header["value"]))
        number += 1
    while number < len(lines) and lines[number].strip() in ("", MARK):
        number += 1
    body = "\n".join(lines[number:])
    return ShownResponse(**first.groupdict(), headers=tuple(headers), body=body, body_line=number)


def _bare_status(line: str) -> re.Match[str] | None:
    """A status line without its version, told from the first line of a body by the reason phrase of that status."""
    found = _BARE_STATUS.fullmatch(line)
    return found if found and responses.get(int(found["status"])) == found["reason"] else None


def judge_response(block: Expected, exchanges: tuple[Exchange, ...]) -> Iterator[Finding]:
    """The first part of the block that is not what came."""
    response = exchanges[-1].response if exchanges else None
    if response is None:
        yield Finding(rule=Rule.RESPONSE_DIFFERS, reason="expected a response, but none came", at=block.first_line)
        return
    shown = shown_response(block.text)
    try:
        differences = [*_head_differences(shown, response), *_body_differences(shown, response)]
    except RepeatedKeyError as error:
        at = block.line(shown.body_line + shown.body.count("\n", 0, shown.body.rfind(f'"{error.key}"')))
        yield Finding(rule=Rule.BROKEN_DATA, reason=f"in the response: {error}", at=at)
        return
    for line, reason in differences[:1]:
        yield Finding(rule=Rule.RESPONSE_DIFFERS, reason=f"in the response: {reason}", at=block.line(line))


def _head_differences(shown: ShownResponse, response: Response) -> Iterator[tuple[int, str]]:
    """HTTP/2 and later are not compared: the recorder offers HTTP/1.1 only, whatever the target could do."""
    if shown.version and shown.version.startswith("HTTP/1") and shown.version != response.version:
        yield 0, f"expected {shown.version}, was {response.version}"
    if shown.status and not fits(shown.status, str(response.status)):
        yield 0, f"expected status {shown.status}, was {response.status}"
    if shown.reason and not fits(shown.reason, response.reason):
        yield 0, f"expected {shown.status} {shown.reason}, was {response.status} {response.reason}"
    for line, name, value in shown.headers:
        values = [text for key, text in response.headers if key.lower() == name.lower()]
        if not values:
            yield line, f"expected a header {name}, was not there"
        elif not any(fits(value, text) for text in (*values, ", ".join(values))):
            yield line, f"expected {name}: {value}, was {', '.join(values)}"


def _body_differences(shown: ShownResponse, response: Response) -> Iterator[tuple[int, str]]:
    if not shown.body:
        return
    body = response.body.decode("utf-8", "replace")
    try:
        difference = json_difference(parse(shown.body, elided=True), parse(body))
    except ValueError:
        yield from _text_differences(shown, body)
        return
    if difference:
        where = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in difference.path).lstrip(".")
        yield shown.body_line + _line_of(difference.path, shown.body), f"{where or 'the body'}: {difference.reason}"


def _text_differences(shown: ShownResponse, body: str) -> Iterator[tuple[int, str]]:
    difference = text_difference(shown.body, body)
    if difference:
        last = shown.body.count("\n")
        yield shown.body_line + min(difference.line, last), f"the body: {difference.reason}"


def _line_of(path: Path, body: str) -> int:
    """The line of a JSON text where the keys of a path stand; that of the last one that does."""
    position = 0
    for key in path:
        found = body.find(f'"{key}"', position) if isinstance(key, str) else -1
        position = found if found >= 0 else position
    return body.count("\n", 0, position)
