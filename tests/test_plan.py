from __future__ import annotations

from docwitness.directives import Directives, ScopeSettings
from docwitness.page import Location
from docwitness.plan import Plan, draw, longest_first
from docwitness.sample import Sample
from docwitness.text import digest

PLAIN = Directives()
_KEEP_A_DAY = ScopeSettings(retention_s=86_400)


def _sample(name: str, line: int, *, language: str = "shell", hidden: bool = False, directives: Directives = PLAIN) -> Sample:
    return Sample(
        id=name,
        location=Location("page.md", line),
        language=language,
        text="true",
        hash=digest("true"),
        first_line=line + 1,
        hidden=hidden,
        directives=directives,
    )


def _drawn(*samples: Sample) -> tuple[Plan, ...]:
    return draw(samples, [sample for sample in samples if not sample.hidden])


def _names(plan: Plan) -> list[str]:
    return [step.sample.id for step in plan.steps]


def test_each_sample_has_a_plan_of_its_own() -> None:
    assert [_names(plan) for plan in _drawn(_sample("a", 1), _sample("b", 9))] == [["a"], ["b"]]


def test_set_ups_run_first_the_earliest_of_a_chain_before_all() -> None:
    plans = _drawn(
        _sample("a", 1),
        _sample("b", 5, directives=Directives(setup="a")),
        _sample("c", 9, directives=Directives(setup="b")),
    )
    assert _names(plans[2]) == ["a", "b", "c"]
    assert [step.claimed for step in plans[2].steps] == [False, False, True]


def test_a_hidden_set_up_is_claimed_once() -> None:
    hidden = _sample("prepare", 1, hidden=True)
    needs_it = Directives(setup="prepare")
    plans = _drawn(hidden, _sample("a", 5, directives=needs_it), _sample("b", 9, directives=needs_it))
    assert [[step.claimed for step in plan.steps] for plan in plans] == [[True, True], [False, True]]


def test_a_set_up_that_was_not_chosen_is_claimed_too() -> None:
    """Else its failure would show only as an error of what it prepares, which `--allow-unproven` lets pass."""
    setup = _sample("a", 1)
    wanted = _sample("b", 5, directives=Directives(setup="a"))
    (plan,) = draw([setup, wanted], [wanted])
    assert [step.claimed for step in plan.steps] == [True, True]


def test_samples_of_a_session_share_a_plan_in_the_order_of_the_page() -> None:
    session = Directives(session="s")
    plans = _drawn(_sample("a", 1, directives=session), _sample("b", 5), _sample("c", 9, directives=session))
    assert [_names(plan) for plan in plans] == [["a", "c"], ["b"]]
    assert all(step.continues for step in plans[0].steps)


def test_a_set_up_of_a_session_runs_once_and_not_in_the_session() -> None:
    directives = Directives(session="s", setup="prepare")
    (plan,) = _drawn(
        _sample("prepare", 1, hidden=True), _sample("a", 5, directives=directives), _sample("b", 9, directives=directives)
    )
    assert _names(plan) == ["prepare", "a", "b"]
    assert [step.continues for step in plan.steps] == [False, True, True]


def test_a_skipped_sample_has_no_plan() -> None:
    assert _drawn(_sample("a", 1, directives=Directives(skip="needs a cluster"))) == ()


def test_an_unknown_set_up_leaves_the_need_unmet() -> None:
    (plan,) = _drawn(_sample("a", 1, directives=Directives(setup="nowhere")))
    assert [(step.sample.id, step.needs) for step in plan.steps] == [("a", ("nowhere",))]


def test_set_ups_in_a_circle_come_to_an_end() -> None:
    plans = _drawn(_sample("a", 1, directives=Directives(setup="b")), _sample("b", 5, directives=Directives(setup="a")))
    assert [_names(plan) for plan in plans] == [["b", "a"], ["a", "b"]]


def test_the_settings_of_the_sample_come_before_those_of_its_set_up() -> None:
    setup = _sample("a", 1, directives=Directives(scope=ScopeSettings(partial_writes=True)))
    plans = _drawn(
        setup,
        _sample("b", 5, directives=Directives(setup="a")),
        _sample("c", 9, directives=Directives(setup="a", scope=_KEEP_A_DAY)),
    )
    assert [plan.settings for plan in plans[1:]] == [ScopeSettings(partial_writes=True), _KEEP_A_DAY]


def test_what_took_longest_starts_first() -> None:
    plans = longest_first(_drawn(_sample("a", 1), _sample("b", 5), _sample("c", 9)), {"a": 0.1, "b": 3.0, "c": 1.0})
    assert [_names(plan) for plan in plans] == [["b"], ["c"], ["a"]]


def test_unknown_durations_are_guessed_from_the_language() -> None:
    samples = [
        _sample(language, line, language=language) for line, language in enumerate(("shell", "telegraf", "python", "node"), 1)
    ]
    assert [_names(plan) for plan in longest_first(_drawn(*samples), {})] == [["telegraf"], ["node"], ["python"], ["shell"]]
