from __future__ import annotations

from docwitness.change import AS_IT_IS, Change, Weather


def test_a_change_says_what_it_changes() -> None:
    assert str(AS_IT_IS) == "as it is"
    assert str(Change(settings=(("a", '"x"'), ("b", None)))) == 'a = "x", b left out'
    assert str(Change(weather=Weather.BUSY, again=True)) == "the first request is answered with 503, again"
