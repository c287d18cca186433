"""The terms on which a sample is judged: what its page says about it beside its text."""

from __future__ import annotations

import json
from dataclasses import asdict, fields

from docwitness.directives import Directives
from docwitness.sample import Sample
from docwitness.text import digest

_DEFAULTS = Directives()
_SAID = tuple(field.name for field in fields(Directives) if field.name not in ("id", "role"))
"""The id and the role are known otherwise."""


def terms_of(sample: Sample) -> str:
    """SHA-256 of its directives, its expected blocks and the files that its text names, placeholders not filled.

    What a page leaves out does not count, so that a directive which is new in docwitness changes nothing for pages without it.
    """
    expected = {"response": sample.response, "output": sample.output, "stored": sample.stored}
    terms = {
        "directives": {name: value for name in _SAID if (value := getattr(sample.directives, name)) != getattr(_DEFAULTS, name)},
        "console": sample.console,
        "expected": {role: block.text for role, block in expected.items() if block is not None},
        "files": {file.name: file.text for file in sample.files if file.name in sample.text},
    }
    return digest(json.dumps(terms, sort_keys=True, default=asdict))
