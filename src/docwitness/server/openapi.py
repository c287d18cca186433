"""Describes the API in OpenAPI 3.1, from the data that the server itself works with."""

from __future__ import annotations

import re
from collections.abc import Iterable

from docwitness import __version__
from docwitness.server.endpoint import Endpoint
from docwitness.server.errors import DocumentedError
from docwitness.server.names import LONGEST
from docwitness.server.profiles import Profile
from docwitness.server.query import Parameter

_ERROR_SCHEMA: dict[str, object] = {
    "type": "object",
    "required": ["code", "message"],
    "properties": {
        "code": {"type": "string"},
        "message": {"type": "string"},
        "line": {"type": "integer", "minimum": 1, "description": "The first bad line; blank and comment lines are not counted."},
    },
}
_SECURITY_SCHEMES: dict[str, object] = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "`Authorization: Bearer TOKEN`"},
    "token": {"type": "apiKey", "in": "header", "name": "Authorization", "description": "`Authorization: Token TOKEN`"},
    "basic": {"type": "http", "scheme": "basic", "description": "The password is the token; the user name is ignored."},
}
_ENCODING: dict[str, object] = {
    "name": "Content-Encoding",
    "in": "header",
    "description": "How the body is encoded.",
    "schema": {"type": "string", "enum": ["identity", "gzip"], "default": "identity"},
}


def described(endpoints: Iterable[Endpoint], profile: Profile) -> dict[str, object]:
    """The description of those endpoints, answered as that profile says."""
    paths: dict[str, dict[str, object]] = {}
    examples: dict[str, object] = {}
    for endpoint in endpoints:
        examples |= {error.name: _example(error, profile) for error in endpoint.errors}
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint, profile)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "docwitness write server",
            "version": __version__,
            "summary": f"Profile {profile.name}: {profile.summary}.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "paths": paths,
        "components": {"schemas": {"Error": _ERROR_SCHEMA}, "examples": examples, "securitySchemes": _SECURITY_SCHEMES},
    }


def _operation(endpoint: Endpoint, profile: Profile) -> dict[str, object]:
    operation: dict[str, object] = {
        "operationId": _identifier(endpoint),
        "tags": ["administration" if endpoint.administration else "api"],
        "summary": endpoint.summary,
        "responses": _responses(endpoint),
        "security": _security(endpoint),
    }
    parameters = [_in_query(parameter, profile) for parameter in endpoint.parameters]
    parameters += [_in_path(word) for word in re.findall(r"\{(\w+)\}", endpoint.path)]
    if endpoint.line_protocol:
        parameters.append(_ENCODING)
        text = {"schema": {"type": "string"}, "example": "home,room=kitchen temp=21.5,co=3i 1700000000000000000"}
        operation["requestBody"] = {"description": "Line protocol, UTF-8.", "content": {"text/plain": text}}
    elif endpoint.body is not None:
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": endpoint.body}}}
    if parameters:
        operation["parameters"] = parameters
    return operation


def _identifier(endpoint: Endpoint) -> str:
    words = re.findall(r"[a-z0-9]+", endpoint.path)
    return "".join([endpoint.method.lower(), *(word.capitalize() for word in words)])


def _security(endpoint: Endpoint) -> list[dict[str, list[str]]]:
    if endpoint.line_protocol:
        return [{"bearer": []}, {"token": []}, {"basic": []}]
    return [{"bearer": []}, {}] if endpoint.administration else []


def _in_query(parameter: Parameter, profile: Profile) -> dict[str, object]:
    schema: dict[str, object] = {"type": "string"}
    if parameter.required:
        schema |= {"minLength": 1, "maxLength": LONGEST}
    if parameter.accepted:
        schema |= {"enum": list(parameter.accepted(profile))}
    if parameter.default:
        schema |= {"default": parameter.default}
    if parameter.secret:
        schema |= {"format": "password"}
    return {
        "name": parameter.name,
        "in": "query",
        "required": parameter.required,
        "description": parameter.description,
        "schema": schema,
    }


def _in_path(word: str) -> dict[str, object]:
    return {"name": word, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}


def _responses(endpoint: Endpoint) -> dict[str, object]:
    answer = endpoint.answer
    success: dict[str, object] = {"description": answer.description}
    if answer.media_type:
        success["content"] = {answer.media_type: {"schema": answer.schema}}
    responses: dict[str, object] = {str(answer.status): success}
    by_status: dict[int, list[DocumentedError]] = {}
    for error in endpoint.errors:
        by_status.setdefault(error.status, []).append(error)
    for status, errors in sorted(by_status.items()):
        responses[str(status)] = _error_response(errors)
    return responses


def _error_response(errors: list[DocumentedError]) -> dict[str, object]:
    examples = {error.name: {"$ref": f"#/components/examples/{error.name}"} for error in errors}
    return {
        "description": "; or ".join(error.when for error in errors),
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}, "examples": examples}},
    }


def _example(error: DocumentedError, profile: Profile) -> dict[str, object]:
    value: dict[str, object] = {"code": error.code, "message": profile.worded(error).message}
    if error.of_a_line:
        value["line"] = 1
    return {"summary": error.when, "value": value}
