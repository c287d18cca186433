"""What is installed is found by name."""

from __future__ import annotations

import pytest

from docwitness.dialects.commonmark import CommonMark
from docwitness.errors import UsageError
from docwitness.plugins import Group, installed, load


@pytest.mark.parametrize("group", Group)
def test_ours_are_declared_like_those_of_others_and_can_be_loaded(group: Group) -> None:
    names = installed(group)
    assert names
    assert all(load(group, name) for name in names)


def test_one_is_loaded_by_its_name() -> None:
    assert load(Group.DIALECTS, "commonmark") is CommonMark


def test_an_unknown_name_lists_what_is_installed() -> None:
    with pytest.raises(UsageError, match=r"no runner named 'pyhton' \(did you mean 'python'\?\); installed: .*node, python"):
        load(Group.RUNNERS, "pyhton")
