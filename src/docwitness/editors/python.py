"""Sets arguments of a call in a Python sample. Pure."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from docwitness.editors.base import Callee, Notation, Span, UneditableError, callee, replaced

TELL = "_docwitness_tell"
"""The function that shows what a call returned works with; `docwitness.runners.drivers.fork` has it."""


class Editor:
    """The arguments of a call are keywords, or have names in `of`."""

    notation = Notation(true="True", false="False", table='{"X-Docwitness": "1"}')

    def options(self, text: str, of: str) -> Mapping[str, str]:
        """The arguments of the call, as they are written."""
        try:
            return _arguments(text, _call(text, callee(of)), callee(of))
        except UneditableError:
            return {}

    def subject(self, text: str, of: str) -> str:  # noqa: ARG002
        """The call itself."""
        return of

    def edited(self, text: str, of: str, settings: Mapping[str, str | None]) -> str:
        """As the contract says. All arguments become keywords, but those before `*` or without a name."""
        for name, literal in settings.items():
            _check(name, literal)
        wanted = callee(of)
        call = _call(text, wanted)
        nameless = [_source(text, argument) for argument in _nameless(call, wanted)]
        named = {**_arguments(text, call, wanted), **settings}
        kept = [f"{name}={literal}" for name, literal in named.items() if literal is not None]
        unpacked = [f"**{_source(text, keyword.value)}" for keyword in call.keywords if keyword.arg is None]
        changed = f"{_source(text, call.func)}({', '.join([*nameless, *kept, *unpacked])})"
        told = f"{TELL}({changed}, {tuple(settings)!r})" if settings else changed
        return replaced(text, [_span(text, call, told)])


def _check(name: str, literal: str | None) -> None:
    if not name.isidentifier():
        raise UneditableError(f"{name!r} is not the name of an argument")
    try:
        ast.parse(literal or "None", mode="eval")
    except SyntaxError as error:
        raise UneditableError(f"{name}={literal} is not Python: {error.msg}") from error


def _call(text: str, wanted: Callee) -> ast.Call:
    """The one call of that name."""
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        raise UneditableError(f"the sample is not Python: {error.msg}") from error
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _name(node.func) == wanted.name]
    if len(found) != 1:
        raise UneditableError(f"the call {wanted.name}(…) stands in the sample {len(found)} times, not once")
    return found[0]


def _name(function: ast.expr) -> str | None:
    match function:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return None


def _arguments(text: str, call: ast.Call, wanted: Callee) -> dict[str, str]:
    """Those that have a name."""
    by_position = dict(zip(wanted.arguments, (_source(text, argument) for argument in call.args), strict=False))
    return by_position | {keyword.arg: _source(text, keyword.value) for keyword in call.keywords if keyword.arg is not None}


def _nameless(call: ast.Call, wanted: Callee) -> Iterator[ast.expr]:
    """Arguments by position that `of` does not name. Named ones before them could not become keywords."""
    rest = call.args[len(wanted.arguments) :]
    if rest and wanted.arguments:
        raise UneditableError(f"{wanted.name}(…) has {len(call.args)} arguments without names; `of` names {len(wanted.arguments)}")
    if any(isinstance(argument, ast.Starred) for argument in call.args):
        raise UneditableError(f"the arguments of {wanted.name}(…) are unpacked with `*`")
    yield from rest


def _source(text: str, node: ast.expr) -> str:
    return ast.get_source_segment(text, node) or ""


def _span(text: str, node: ast.expr, changed: str) -> Span:
    """Its bytes; columns of the syntax tree are bytes of UTF-8."""
    starts = [0]
    for line in text.encode().splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    last = node.end_lineno or node.lineno
    return Span(start=starts[node.lineno - 1] + node.col_offset, end=starts[last - 1] + (node.end_col_offset or 0), text=changed)
