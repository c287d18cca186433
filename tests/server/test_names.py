"""Names of databases."""

from __future__ import annotations

import pytest

from docwitness.server.errors import ApiError
from docwitness.server.names import check_database_name


@pytest.mark.parametrize("name", ["a", "_a", "-", "/", "a/b/c", "30d", "é大", "x" * 64, "é" * 32])
def test_names_of_letters_digits_slash_underscore_and_hyphen_are_accepted(name: str) -> None:
    check_database_name(name)


@pytest.mark.parametrize("name", ["", "x" * 65, "é" * 33])
def test_length_is_counted_in_bytes(name: str) -> None:
    with pytest.raises(ApiError, match=f"^namespace name {name} length must be between 1 and 64 characters$"):
        check_database_name(name)


@pytest.mark.parametrize(("name", "index"), [("a b", 1), ("éé!", 2), ("a\0", 1), ("db🍭", 2), ("'", 0)])
def test_the_place_of_a_bad_character_is_counted_in_characters(name: str, index: int) -> None:
    with pytest.raises(ApiError) as caught:
        check_database_name(name)
    assert caught.value.message.endswith(f"character number {index} is not allowed")
