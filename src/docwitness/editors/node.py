"""Sets arguments of a call in a JavaScript sample: properties of its last argument, an object. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

import tree_sitter_javascript
from tree_sitter import Language, Node, Parser

from docwitness.editors.base import Callee, Notation, Span, UneditableError, callee, replaced

TELL = "globalThis.docwitnessTell"
"""The function that shows what a call returned works with; `runners/drivers/tell.cjs` has it."""

_LANGUAGE = Language(tree_sitter_javascript.language())
_NOTHING = "undefined"
"""In a call, the same as an argument that is left out."""


class Editor:
    """The properties of the last object of a call have names of their own; arguments before it have those of `of`."""

    notation = Notation(true="true", false="false", table='{"X-Docwitness": "1"}')

    def options(self, text: str, of: str) -> Mapping[str, str]:
        """Properties and named arguments of the call, as they are written."""
        try:
            wanted = callee(of)
            call = _call(text, wanted)
        except UneditableError:
            return {}
        named = dict(zip(wanted.arguments, map(_text, _arguments(call)), strict=False))
        return named | {name: _text(value) for name, value in _properties(_last_object(call, wanted))}

    def subject(self, text: str, of: str) -> str:  # noqa: ARG002
        """The call itself."""
        return of

    def edited(self, text: str, of: str, settings: Mapping[str, str | None]) -> str:
        """As the contract says. A property that is not there yet comes last."""
        for name, literal in settings.items():
            _check(name, literal)
        wanted = callee(of)
        call = _call(text, wanted)
        arguments = [_text(argument) for argument in _arguments(call)]
        held = _last_object(call, wanted)
        if held is not None:
            arguments.pop()
        arguments += [_NOTHING] * (len(wanted.arguments) - len(arguments))
        for number, name in enumerate(wanted.arguments):
            if name in settings:
                arguments[number] = settings[name] or _NOTHING
        of_object = {name: literal for name, literal in settings.items() if name not in wanted.arguments}
        if held is not None or any(literal is not None for literal in of_object.values()):
            arguments.append(_object(held, of_object))
        function = call.child_by_field_name("constructor") or call.child_by_field_name("function")
        new = "new " if call.type == "new_expression" else ""
        changed = f"{new}{_text(function)}({', '.join(arguments)})"
        told = f"{TELL}({changed}, {json.dumps(list(settings))})" if settings else changed
        return replaced(text, [Span(start=call.start_byte, end=call.end_byte, text=told)])


def _parsed(text: str) -> Node:
    return Parser(_LANGUAGE).parse(text.encode()).root_node


def _check(name: str, literal: str | None) -> None:
    if literal is not None and _parsed(f"x = [{literal}]").has_error:
        raise UneditableError(f"{name}: {literal} is not JavaScript")


def _call(text: str, wanted: Callee) -> Node:
    """The one call of that name, with `new` or without."""
    tree = _parsed(text)
    if tree.has_error:
        raise UneditableError("the sample is not JavaScript")
    found = [node for node in _all(tree) if node.type in ("new_expression", "call_expression") and _name(node) == wanted.name]
    if len(found) != 1:
        raise UneditableError(f"the call {wanted.name}(…) stands in the sample {len(found)} times, not once")
    return found[0]


def _all(node: Node) -> Iterator[Node]:
    yield node
    for child in node.named_children:
        yield from _all(child)


def _name(call: Node) -> str:
    function = call.child_by_field_name("constructor") or call.child_by_field_name("function")
    last = function.child_by_field_name("property") if function is not None else None
    return _text(last or function)


def _arguments(call: Node) -> Sequence[Node]:
    arguments = call.child_by_field_name("arguments")
    return [] if arguments is None else [child for child in arguments.named_children if child.type != "comment"]


def _last_object(call: Node, wanted: Callee) -> Node | None:
    """The object behind the named arguments."""
    rest = _arguments(call)[len(wanted.arguments) :]
    return rest[-1] if rest and rest[-1].type == "object" else None


def _properties(held: Node | None) -> Iterator[tuple[str, Node]]:
    """Names and values. The value of a shorthand and of a method is itself."""
    for child in () if held is None else held.named_children:
        key = child.child_by_field_name("key") or child.child_by_field_name("name") or child
        if child.type in ("pair", "method_definition", "shorthand_property_identifier"):
            yield _text(key).strip("\"'"), child.child_by_field_name("value") or child


def _object(held: Node | None, settings: Mapping[str, str | None]) -> str:
    """The object with those properties set, or left out."""
    changed = {child.start_byte for name, child in _members(held) if name in settings}
    parts = [] if held is None else [child for child in held.named_children if child.type != "comment"]
    kept = [_text(part) for part in parts if part.start_byte not in changed]
    kept += [f"{name}: {literal}" for name, literal in settings.items() if literal is not None]
    return f"{{ {', '.join(kept)} }}"


def _members(held: Node | None) -> Iterator[tuple[str, Node]]:
    """Names, and all that stands for them in the object."""
    for name, value in _properties(held):
        pair = value.parent if value.parent is not None and value.parent.type == "pair" else value
        yield name, pair


def _text(node: Node | None) -> str:
    return "" if node is None or node.text is None else node.text.decode()
