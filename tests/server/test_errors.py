"""The declared errors are the only ones."""

from __future__ import annotations

import ast
from pathlib import Path

import docwitness

SOURCE = Path(docwitness.__file__).parent


def test_an_error_is_built_from_its_declaration_and_nowhere_else() -> None:
    """So no status, code or text of one is written twice."""
    builders = {
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "ApiError"
    }
    assert builders == {"server/errors.py"}
