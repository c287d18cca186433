"""Which statuses a cell names."""

from __future__ import annotations

import pytest

from docwitness.tables.statuses import foreign_phrase, statuses


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("401", (401,)),
        ("401 Unauthorized", (401,)),
        ("401 – unauthorized", (401,)),
        ("HTTP/1.1 404 Not Found", (404,)),
        ("400 Bad Request or 401 Unauthorized", (400, 401)),
        ("400, 401", (400, 401)),
        ("413 Payload Too Large", (413,)),
        ("413 Content Too Large", (413,)),
        ("422 Unprocessable Content", (422,)),
        ("418 I’m a Teapot", (418,)),
        ("499 Client Closed Request", (499,)),
        ("404 Not Found: it was lost", (404,)),
    ],
)
def test_statuses_stand_alone_or_with_their_own_phrases(text: str, found: tuple[int, ...]) -> None:
    assert (statuses(text), foreign_phrase(text)) == (found, "")


@pytest.mark.parametrize("text", ["", "none", "5xx", "400, 5xx", "400–403", "400 to 403", "4010", "not 401", "401 Forbidden"])
def test_anything_else_is_no_status(text: str) -> None:
    assert statuses(text) == ()


def test_the_phrase_of_another_status_is_named() -> None:
    assert foreign_phrase("401 Forbidden") == "the reason phrase of 401 is 'Unauthorized', not 'Forbidden'"
