"""Reads the OpenAPI description that a target gives of itself: https://spec.openapis.org/oas/v3.1.1."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from docwitness.observation import Operation, Parameter


def operation(document: Mapping[str, Any], name: str) -> Operation | None:
    """An operation such as `POST /api/v2/write`; None when it is not described."""
    method, _, path = name.partition(" ")
    described = _at(document, "paths", path, method.lower())
    if not described:
        return None
    return Operation(
        parameters={parameter.name: parameter for parameter in _parameters(described)},
        errors=frozenset(_errors(document, described)),
    )


def _parameters(described: Mapping[str, Any]) -> Iterator[Parameter]:
    for parameter in described.get("parameters", ()):
        if parameter.get("in") in ("query", "header"):
            schema = parameter.get("schema", {})
            yield Parameter(
                name=parameter["name"],
                place=parameter["in"],
                required=bool(parameter.get("required", False)),
                values=tuple(str(value) for value in schema.get("enum", ())),
                default=schema.get("default"),
            )


def _errors(document: Mapping[str, Any], described: Mapping[str, Any]) -> Iterator[tuple[int, str | None]]:
    """Status and code, the code from the examples; a status without any has none."""
    for status, response in described.get("responses", {}).items():
        if not status.isdecimal() or int(status) < 400:
            continue
        codes = set()
        for media in response.get("content", {}).values():
            for example in media.get("examples", {}).values():
                value = _resolved(document, example).get("value", {})
                codes.add(value.get("code") if isinstance(value, Mapping) else None)
        for code in codes or {None}:
            yield int(status), code


def _resolved(document: Mapping[str, Any], value: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a reference within the document leads to; anything else as it is."""
    reference = value.get("$ref", "")
    return _at(document, *reference.removeprefix("#/").split("/")) if reference.startswith("#/") else value


def _at(document: Mapping[str, Any], *keys: str) -> Mapping[str, Any]:
    """The object that the keys lead to; empty where there is none."""
    found: Any = document
    for key in keys:
        found = found.get(key, {}) if isinstance(found, Mapping) else {}
    return found if isinstance(found, Mapping) else {}
