"""Takes secrets out of everything that is kept or shown, in every form in which a sample may have written them."""

from __future__ import annotations

import base64
import json
import re
import string
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from urllib.parse import unquote, unquote_plus

from docwitness.evidence import Evidence
from docwitness.exchange import Effect, Exchange, RefusedHost, Request, Response, StoredPoint
from docwitness.execution import Completed, Execution, Replayed, Skipped, TimedOut
from docwitness.lines import TypedValue
from docwitness.sample import Sample

_BASE64 = frozenset(string.ascii_letters + string.digits + "+/-_=")
_ESCAPED_BY_JSON = re.compile(r"[^ !#-%(-.0-;=?-\[\]-~]")
"""What JSON must escape, and what some writers of it escape: slashes, angle brackets, ampersands and all but ASCII."""
_BREAK = r"(?:\r?\n)?"
"""May stand between any two characters of base64."""
_SIGNS = (b"%", b"+", b"\\")
"""One of them stands in each secret that is written otherwise than it is, but for base64."""
_SHORTEST_CORE = 6
"""Characters; less than this turns up in base64 by chance."""
_LARGE = 64 * 1024
"""Bytes of a body that is asked for single bytes first."""


class Redactor:
    """Puts a word in place of each secret: as it stands, percent-encoded, escaped as in JSON, and inside base64.

    Args:
        secrets: Secret to the word that is shown instead. Empty secrets are none.
    """

    def __init__(self, secrets: Mapping[str, str]) -> None:
        self._words = {secret: secrets[secret] for secret in sorted(filter(None, secrets), key=len, reverse=True)}
        self._cores = [(core, word) for secret, word in self._words.items() for core in _base64_cores(secret)]
        self._literal = [form.encode() for form in (*self._words, *(core for core, _ in self._cores))]
        self._shortest = min(map(len, (*self._words, *(core for core, _ in self._cores))), default=0)

    def text(self, text: str) -> str:
        """The text without any secret."""
        if len(text) < self._shortest:  # no form of a secret is shorter than what it stands for
            return text
        for secret, word in self._words.items():
            text = text.replace(secret, word)
        encoded = ("%" in text and self._stands_in(unquote(text))) or ("+" in text and self._stands_in(unquote_plus(text)))
        if encoded or ("\\" in text and self._escapable):
            text = self._escaped.sub(self._word, text)
        for core, word in self._cores:
            text = _without_base64(text, re.escape(core), word) if core in text else text
        unbroken = text.replace("\r", "").replace("\n", "") if "\n" in text else ""
        for core, word in self._cores:  # tools put what is long on several lines
            text = _without_base64(text, _BREAK.join(map(re.escape, core)), word) if core in unbroken else text
        return text

    def bytes(self, data: bytes) -> bytes:
        """The same for a body, text or not."""
        possible = tuple(_possible(self._literal, data))
        unbroken = data.replace(b"\r", b"").replace(b"\n", b"") if possible and b"\n" in data else b""
        if not any(form in data for form in _SIGNS) and not any(form in data or form in unbroken for form in possible):
            return data  # large bodies need not become text for that
        return self.text(data.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")

    def evidence(self, evidence: Evidence) -> Evidence:
        """The same evidence without secrets; `earlier` is left as it is, since it was evidence before."""
        return replace(
            evidence,
            execution=self.execution(evidence.execution),
            exchanges=tuple(map(self.exchange, evidence.exchanges)),
            refused=tuple(RefusedHost(host=self.text(refused.host)) for refused in evidence.refused),
            effect=None if evidence.effect is None else self.effect(evidence.effect),
        )

    def exchange(self, exchange: Exchange) -> Exchange:
        """The same exchange without secrets."""
        response = None if exchange.response is None else self._response(exchange.response)
        return replace(exchange, request=self._request(exchange.request), response=response)

    def execution(self, execution: Execution | Replayed) -> Execution | Replayed:
        """The same execution without secrets."""
        match execution:
            case Completed():
                return replace(
                    execution,
                    stdout=self.text(execution.stdout),
                    stderr=self.text(execution.stderr),
                    undefined_name=self._optional(execution.undefined_name),
                    complaint=self._optional(execution.complaint),
                    outputs=tuple(map(self.text, execution.outputs)),
                )
            case TimedOut():
                return replace(execution, stdout=self.text(execution.stdout), stderr=self.text(execution.stderr))
            case Skipped():
                return replace(execution, reason=self.text(execution.reason), hint=self.text(execution.hint))
            case Replayed():
                return execution

    def sample(self, sample: Sample) -> Sample:
        """A filled sample without secrets, so that it compares with evidence that has none either."""
        return sample.rewritten(self.text)

    def effect(self, effect: Effect) -> Effect:
        """The same points without secrets."""
        return tuple(self._point(point) for point in effect)

    def _request(self, request: Request) -> Request:
        return replace(
            request,
            method=self.text(request.method),
            target=self.text(request.target),
            version=self.text(request.version),
            headers=self._headers(request.headers),
            body=self.bytes(request.body),
            problem=self.text(request.problem),
        )

    def _response(self, response: Response) -> Response:
        return replace(
            response,
            reason=self.text(response.reason),
            headers=self._headers(response.headers),
            body=self.bytes(response.body),
            problem=self.text(response.problem),
        )

    def _headers(self, headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        return tuple((self.text(name), self.text(value)) for name, value in headers)

    def _point(self, point: StoredPoint) -> StoredPoint:
        tags = self._headers(point.tags)
        fields = tuple((self.text(key), self._value(value)) for key, value in point.fields)
        return StoredPoint(table=self.text(point.table), tags=tags, fields=fields, time_ns=point.time_ns)

    def _value(self, value: TypedValue) -> TypedValue:
        kind, content = value
        return (kind, self.text(content)) if isinstance(content, str) else value

    def _optional(self, text: str | None) -> str | None:
        return None if text is None else self.text(text)

    def _stands_in(self, text: str) -> bool:
        return any(secret in text for secret in self._words)

    @cached_property
    def _escapable(self) -> bool:
        return any(_ESCAPED_BY_JSON.search(secret) for secret in self._words)

    @cached_property
    def _escaped(self) -> re.Pattern[str]:
        """Each secret with each character written out or escaped; made only when a text asks for it, as making it is slow."""
        return re.compile("|".join(f"({''.join(map(_any_form, secret))})" for secret in self._words))

    def _word(self, match: re.Match[str]) -> str:
        return list(self._words.values())[(match.lastindex or 1) - 1]


def _possible(forms: Iterable[bytes], data: bytes) -> Iterable[bytes]:
    """Those that may stand in it: that a large body lacks some byte of a text is found sooner than that it lacks the text."""
    return forms if len(data) < _LARGE else (form for form in forms if all(byte in data for byte in form))


def _any_form(character: str) -> str:
    """An expression for a character as it stands, percent-encoded, and escaped as in JSON."""
    forms = {character, json.dumps(character)[1:-1], f"\\{character}", f"\\u{ord(character):04x}"}
    forms.add("".join(f"%{byte:02X}" for byte in character.encode("utf-8", "surrogatepass")))
    if character == " ":
        forms.add("+")
    exact = re.escape(character)
    return rf"(?:{exact}|(?i:{'|'.join(re.escape(form) for form in sorted(forms - {character}))}))"


def _base64_cores(secret: str) -> set[str]:
    """What of a secret shows in base64, whatever stands before and behind it: one text for each of three alignments."""
    cores = set()
    for before in range(3):
        content = b"\0" * before + secret.encode()
        start, end = (0, 2, 3)[before], len(content) * 8 // 6
        for characters in (b"+/", b"-_"):
            cores.add(base64.b64encode(content, characters).decode()[start:end])
    return {core for core in cores if len(core) >= _SHORTEST_CORE}


def _without_base64(text: str, core: str, word: str) -> str:
    """Replaces each run of base64 that fits the expression `core`, whole: what is beside the secret in it is encoded with it."""
    pattern, position = re.compile(core), 0
    while found := pattern.search(text, position):
        start, end = found.span()
        while start and text[start - 1] in _BASE64:
            start -= 1
        while end < len(text) and text[end] in _BASE64:
            end += 1
        text = text[:start] + word + text[end:]
        position = start + len(word)
    return text
