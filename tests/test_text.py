"""The canonical form is what readers copy, less what only marks the page."""

from __future__ import annotations

import hashlib

import pytest

from docwitness.text import canonical, digest, trimmed, unix_lines


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("echo one", "echo one"),
        ("\n \necho one  \n\n", "echo one"),
        ("  echo one\n\n\techo two\n", "  echo one\n\n\techo two"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("echo one  # (1)!\necho two # (2)\nthree() // (3)!", "echo one\necho two\nthree()"),
        ("echo '# (1)! stays' x", "echo '# (1)! stays' x"),
        ("", ""),
        (" \n", ""),
    ],
)
def test_the_form_is_canonical(text: str, form: str) -> None:
    assert canonical(text) == form
    assert canonical(form) == form


def test_the_lines_that_were_lost_at_the_beginning_are_counted() -> None:
    assert trimmed("\n\n# (1)!\necho") == ("echo", 3)


def test_only_line_ends_end_lines() -> None:
    assert unix_lines("a\x0bb\x0cc\u2028d\x85e\r\nf") == ["a\x0bb\x0cc\u2028d\x85e", "f"]


def test_the_digest_is_sha_256() -> None:
    assert digest("é") == hashlib.sha256("é".encode()).hexdigest()
