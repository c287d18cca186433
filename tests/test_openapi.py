"""What is read from the description that a target gives of itself."""

from __future__ import annotations

from typing import Any

from docwitness.observation import Parameter
from docwitness.openapi import operation

DOCUMENT: dict[str, Any] = {
    "paths": {
        "/w": {
            "post": {
                "parameters": [
                    {"name": "p", "in": "query", "required": True, "schema": {"enum": ["a", 1], "default": "a"}},
                    {"name": "id", "in": "path", "required": True},
                ],
                "responses": {
                    "204": {},
                    "default": {},
                    "400": {"content": {"application/json": {"examples": {"one": {"$ref": "#/components/examples/one"}}}}},
                    "503": {"description": "busy"},
                },
            }
        }
    },
    "components": {"examples": {"one": {"value": {"code": "invalid"}}}},
}


def test_parameters_and_errors_of_an_operation_are_read() -> None:
    found = operation(DOCUMENT, "POST /w")
    assert found is not None
    assert found.parameters == {"p": Parameter(name="p", place="query", required=True, values=("a", "1"), default="a")}
    assert found.errors == {(400, "invalid"), (503, None)}


def test_what_is_not_described_is_none() -> None:
    assert operation(DOCUMENT, "GET /w") is None
    assert operation({}, "POST /w") is None
