from __future__ import annotations

import pytest

from docwitness.editors.base import Notation
from docwitness.literals import Type, battery, kindred, type_of, types_of

NOTATION = Notation(true="True", false="False", table='{"a": 1}')


@pytest.mark.parametrize(
    ("literal", "kind"),
    [
        ('"5s"', Type.STRING),
        ("'x'", Type.STRING),
        ("10_000", Type.NUMBER),
        ("-0.5", Type.NUMBER),
        ("True", Type.BOOLEAN),
        ("false", Type.BOOLEAN),
        ('["a"]', Type.LIST),
        ('{"a" = "b"}', Type.TABLE),
        ("SYNCHRONOUS", None),
        ("WriteOptions()", None),
    ],
)
def test_the_form_of_a_literal_tells_its_type(literal: str, kind: Type | None) -> None:
    assert type_of(literal) is kind


def test_the_first_literal_with_a_type_decides_what_is_tried() -> None:
    assert types_of(["SYNCHRONOUS", '"x"', "5"]) == (Type.STRING,)
    assert types_of([]) == tuple(Type)
    assert types_of(["SYNCHRONOUS"]) == ()


def test_strings_are_extended_so_that_addresses_stay_on_their_host() -> None:
    assert battery(Type.STRING, ['"http://x"'], NOTATION)[0] == '"http://x/docwitness"'
    assert battery(Type.LIST, ['["http://x", "http://y"]'], NOTATION) == ('["http://x/docwitness", "http://y/docwitness"]',)
    assert battery(Type.LIST, [], NOTATION) == ()


def test_documented_values_are_not_tried_twice() -> None:
    assert battery(Type.BOOLEAN, ["True"], NOTATION) == ("False",)
    assert battery(Type.NUMBER, ["1_000", "1"], NOTATION) == ("2", "0", "2001")
    assert battery(Type.TABLE, [], NOTATION) == ('{"a": 1}',)


def test_a_closed_list_is_tried_with_what_it_lacks() -> None:
    assert kindred(['"gzip"']) == ('"identity"', '"deflate"', '"none"', '"docwitness"')
    assert kindred(['"loud"']) == ('"docwitness"',)
