"""Examples in docstrings run, and the Python samples of the docs are as tidy as our own code: pytest-examples looks at both."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from pytest_examples import CodeExample, EvalExample, find_examples

from docwitness.collect import collect
from docwitness.config.reading import load
from docwitness.sample import Language

ROOT = Path(__file__).parent.parent
NOT_FOR_SAMPLES = ["D", "E402", "S105", "S106", "S310"]
"""Readers of a sample need no docstring in it, its token and URL are placeholders, and parts of a session import as they go."""
DOCSTRINGS = list(find_examples(ROOT / "src"))


@cache
def python_samples() -> tuple[CodeExample, ...]:
    """Those of the docs and of `examples/`; the parts of a session are one text, as their reader has them."""
    texts: dict[str, CodeExample] = {}
    for sample in collect(load(ROOT)).samples:
        if sample.language != Language.PYTHON:
            continue
        page, session = sample.location.path, sample.directives.session
        key = f"{page}#{session}" if session else sample.id
        before = texts[key].source + "\n" if key in texts else ""
        texts[key] = CodeExample.create(before + sample.text + "\n", path=ROOT / page, start_line=sample.location.line)
    return tuple(texts.values())


@pytest.mark.parametrize("example", DOCSTRINGS, ids=str)
def test_a_docstring_example_runs_and_prints_what_it_says(example: CodeExample, eval_example: EvalExample) -> None:
    eval_example.set_config(line_length=100, ruff_ignore=NOT_FOR_SAMPLES, target_version="py310")
    eval_example.lint_ruff(example)
    eval_example.run_print_check(example)


def test_there_are_docstring_examples() -> None:
    assert len(DOCSTRINGS) >= 4


@pytest.mark.parametrize("example", python_samples(), ids=str)
def test_a_python_sample_is_tidy(example: CodeExample, eval_example: EvalExample) -> None:
    eval_example.set_config(line_length=88, isort=True, ruff_ignore=NOT_FOR_SAMPLES, target_version="py310")
    eval_example.lint_ruff(example)
    eval_example.lint_black(example)
