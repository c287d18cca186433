"""What may be behind an error status, from what was sent and what was answered."""

from __future__ import annotations

import re

from docwitness.checks.writes import WRITE_PATHS
from docwitness.exchange import Exchange, Request
from docwitness.execution import Completed, Execution, Replayed
from docwitness.sample import Language, Sample

_UNFILLED = re.compile(r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b|[<{]{1,2}[\w -]+[>}]{1,2}")
"""What looks like a placeholder: `DATABASE_TOKEN`, `<token>`, `{{ token }}`."""


def status_hint(sample: Sample, exchange: Exchange, execution: Execution | Replayed) -> str:
    """One likely cause in words; empty when none is known."""
    status = exchange.status
    body = exchange.response.body.decode("utf-8", "replace") if exchange.response else ""
    hint = _unfilled(exchange.request) if 400 <= status < 500 else ""
    if status == 404:
        hint = _other_case(exchange.request) or hint
    if _is_of_the_write_api(exchange.request):
        hint = _of_the_write_api(exchange.request, status, body, hint)
    return hint or _silent(sample, status, execution)


def _is_of_the_write_api(request: Request) -> bool:
    """Or meant to be: what other APIs answer has causes of its own."""
    path = request.path.lower()
    return "write" in path or path.startswith("/api/v2/")


def _of_the_write_api(request: Request, status: int, body: str, hint: str) -> str:
    """`hint` is what is known already."""
    match status:
        case 400:
            hint = hint or _bad_request(request, body)
        case 401:
            hint = hint or _unauthorized(request)
        case 403:
            hint = (
                hint
                or "the token is not one of this database, or may not do that: is its placeholder written as in the configuration?"
            )
        case 404:
            hint = _other_case(request) or _not_found(request)
        case 413:
            hint = "the body is larger than the target takes: send it in parts"
        case 415:
            hint = "the target takes `Content-Encoding: gzip` or `identity`"
        case 422:
            hint = "the times are older than the database keeps"
        case _:
            pass
    return hint


def _header(request: Request, name: str) -> str | None:
    return next((value for key, value in request.headers if key.lower() == name), None)


def _unfilled(request: Request) -> str:
    """A placeholder that nothing filled, in the target or in the token."""
    for text in (request.target, _header(request, "authorization") or ""):
        found = _UNFILLED.search(text)
        if found:
            return f"`{found[0]}` was sent as it stands: is it a placeholder that the configuration does not have?"
    return ""


def _bad_request(request: Request, body: str) -> str:
    if "precision" in body:
        return "this value of `precision` is not one that the target knows"
    if "missing bucket" in body or "no org/bucket" in body:
        names = ", ".join(sorted(request.query)) or "none"
        return f"the database is named by the query parameter `bucket`; sent were: {names}"
    if "non-existing namespace" in body:
        return "there is no such database: is its placeholder written as in the configuration?"
    if ("trailing content" in body or "timestamp" in body) and b"\n" not in request.body.strip() and _is_form(request):
        return "curl's `--data` takes the line ends out of a file: use `--data-binary`"
    return ""


def _is_form(request: Request) -> bool:
    return (_header(request, "content-type") or "").startswith("application/x-www-form-urlencoded")


def _unauthorized(request: Request) -> str:
    value = _header(request, "authorization")
    if value is None:
        return "no `Authorization` header was sent: it is `Authorization: Bearer TOKEN`"
    scheme, _, token = value.partition(" ")
    if not token.strip():
        return f"`Authorization: {scheme}` was sent without a token"
    return f"`Authorization: {scheme} …` was sent; the target knows the schemes `Bearer` and `Token`"


def _other_case(request: Request) -> str:
    method = request.method.upper()
    return "" if request.method == method else f"methods are case-sensitive: `{method}`, not `{request.method}`"


def _not_found(request: Request) -> str:
    if request.path in WRITE_PATHS:
        return f"writes are made by POST, not {request.method}"
    return f"{request.path} is not a path of the write API: `POST /api/v2/write`"


def _silent(sample: Sample, status: int, execution: Execution | Replayed) -> str:
    """Why the sample itself does not show the failure."""
    if status < 400 or not isinstance(execution, Completed) or execution.exit_status:
        return ""
    if sample.language == Language.SHELL and "curl" in sample.text:
        return "curl exits 0 on an error of the server; `--fail-with-body` makes it fail"
    if sample.language == Language.TELEGRAF:
        return "Telegraf drops a batch that is refused, and exits 0"
    return ""
