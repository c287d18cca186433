"""From marked tables and lists to claims, prose and defects."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from tests.tables.conftest import cell

from docwitness.claim import Claim, Place
from docwitness.directives import Directives, Role
from docwitness.page import Location, Row, Table
from docwitness.rule import Rule
from docwitness.tables.reading import Reading, read

OPERATION = "POST /api/v2/write"


def table(role: Role, *rows: str, of: str | None = OPERATION, base: str | None = "base", columns: Any = None) -> Reading:
    """Reads a table; the first row holds the headings, cells stand between bars. A list has no headings, and one cell a row."""
    split = [[part.strip() for part in row.split("|")] for row in rows]
    return _read(role, split[0], split[1:], of, base, columns)


def listed(role: Role, *items: str, of: str = OPERATION) -> Reading:
    return _read(role, (), [[item] for item in items], of, "base", None)


def _read(
    role: Role, headings: Sequence[str], rows: Sequence[Sequence[str]], of: str | None, base: str | None, columns: Any
) -> Reading:
    found = Table(
        location=Location("docs/page.md", 10),
        directives=Directives(role=role, of=of, base=base),
        headings=tuple(headings),
        rows=tuple(
            Row(location=Location("docs/page.md", 12 + number), cells=tuple(map(cell, row))) for number, row in enumerate(rows)
        ),
    )
    return read(found, columns or {})


def stated(reading: Reading) -> list[tuple[str, dict[str, Any]]]:
    """Kind and content of each claim about a row."""
    own = [claim for claim in reading.claims if claim.origin.location != claim.origin.table]
    return [(type(claim).__name__, _content(claim)) for claim in own]


def _content(claim: Claim) -> dict[str, Any]:
    fields = {name: getattr(claim, name) for name in claim.__dataclass_fields__ if name not in ("id", "origin", "cell")}
    return {name: value for name, value in fields.items() if value is not None}


def defects(reading: Reading) -> list[tuple[int, Rule | str]]:
    return [(defect.location.line, defect.rule) for defect in reading.defects]


def test_each_cell_of_a_parameter_is_a_claim() -> None:
    reading = table(
        Role.PARAMETERS, "Parameter | Allowed in | Required | Ignored | Value", "`p` | Header | Yes | No | `a`, `b` (default)"
    )
    assert stated(reading) == [
        ("Allowed", {"name": "p", "place": Place.HEADER}),
        ("Required", {"name": "p", "required": True}),
        ("Honored", {"name": "p", "honored": True}),
        ("Value", {"name": "p", "value": "a"}),
        ("Value", {"name": "p", "value": "b"}),
        ("OnlyValues", {"name": "p", "values": ("a", "b"), "closed": True}),
        ("Default", {"name": "p", "value": "b"}),
    ]


def test_a_star_behind_the_name_means_required() -> None:
    assert stated(table(Role.PARAMETERS, "Parameter", "`p` *")) == [("Required", {"name": "p", "required": True})]


def test_a_row_may_be_about_several_names() -> None:
    found = stated(table(Role.PARAMETERS, "Parameter | Required", "`a`, `b` | Optional"))
    assert found == [("Required", {"name": "a", "required": False}), ("Required", {"name": "b", "required": False})]


@pytest.mark.parametrize(
    "cells", ["`p` (required) | Query string", "`p` **required** | Query string", "`p` | Query string, required"]
)
def test_words_with_a_role_count_beside_a_name_and_a_place(cells: str) -> None:
    assert ("Required", {"name": "p", "required": True}) in stated(table(Role.PARAMETERS, "Parameter | In", cells))


def test_cells_that_contradict_each_other_are_two_claims() -> None:
    found = stated(table(Role.PARAMETERS, "Parameter | In | Required", "`p` | Query string, required | Optional"))
    assert [content["required"] for name, content in found if name == "Required"] == [False, True]
    found = stated(table(Role.PARAMETERS, "Parameter | Required", "`p` * | Optional"))
    assert [content["required"] for name, content in found if name == "Required"] == [False, True]


def test_a_name_in_plain_words_is_only_a_name() -> None:
    assert stated(table(Role.PARAMETERS, "Parameter | Required", "header | Optional")) == [
        ("Required", {"name": "header", "required": False})
    ]


@pytest.mark.parametrize("cell", ["Optional (default `s`)", "Optional; defaults to `s`"])
def test_a_default_may_stand_beside_what_is_optional(cell: str) -> None:
    assert stated(table(Role.PARAMETERS, "Parameter | Required", f"`p` | {cell}")) == [
        ("Required", {"name": "p", "required": False}),
        ("Default", {"name": "p", "value": "s"}),
    ]


def test_a_default_alone_is_no_list_of_values() -> None:
    assert stated(table(Role.PARAMETERS, "Parameter | Values", "`p` | Defaults to `s`")) == [
        ("Default", {"name": "p", "value": "s"})
    ]


@pytest.mark.parametrize(
    ("heading", "text"),
    [
        ("Required", "`x`"),
        ("Required", "Optional (default)"),
        ("Required", "required in the header"),
        ("In", "not the query string"),
        ("In", "path"),
        ("In", "Request body"),
        ("Default", "`ns` or `s`"),
        ("Value", "`ns`, seconds if omitted"),
        ("Value", "`ns`, `us`; not `us`"),
        ("Value", "`ns`, in the header"),
        ("Type", "string, default"),
    ],
)
def test_a_cell_that_is_not_understood_is_one_claim_and_nothing_else(heading: str, text: str) -> None:
    assert [name for name, _ in stated(table(Role.PARAMETERS, f"Parameter | {heading}", f"`p` | {text}"))] == ["Unreadable"]


@pytest.mark.parametrize("role", [Role.PARAMETERS, Role.OPTIONS])
def test_a_type_is_prose(role: Role) -> None:
    for headings, cells in (
        ("Type | Values", "`string` | `a`"),
        ("Values | Type", "`a` | string"),
        ("Type | Ignored", "`string` | yes"),
    ):
        reading = table(role, f"Name | {headings}", f"`p` | {cells}")
        assert [left.reason for left in reading.uncollected] == ["Type: prose, not judged"]
        assert {content.get("value", "a") for _, content in stated(reading)} == {"a"}


def test_a_column_of_types_may_hold_values_and_other_words() -> None:
    found = stated(table(Role.PARAMETERS, "Parameter | Type", "`p` | `a` or `b`", "`q` | integer, required", "`r` | `int`"))
    assert [name for name, content in found if content["name"] == "p"] == ["Value", "Value", "OnlyValues"]
    assert [name for name, content in found if content["name"] == "q"] == ["Required"]
    assert [name for name, content in found if content["name"] == "r"] == []


def test_a_default_may_have_a_column() -> None:
    assert stated(table(Role.PARAMETERS, "Parameter | Default", "`timeout` | `5s`")) == [
        ("Default", {"name": "timeout", "value": "5s"})
    ]


def test_a_row_of_an_error_may_leave_things_out() -> None:
    found = stated(table(Role.ERRORS, "Status | Message | Cause", "404 Not Found | … | Lost", base=None))
    assert found == [("ErrorReturned", {"status": 404, "message": "…"})]


@pytest.mark.parametrize(
    ("cells", "kinds"),
    [
        ("401 | `unauthorized` or `no_token` | `no token`", ["ErrorReturned", "Unreadable"]),
        ("401 Forbidden | `unauthorized` | `no token`", ["Unreadable"]),
        ("5xx | `internal` | `no`", ["Unreadable"]),
        ("400, 5xx | `internal` | `no`", ["Unreadable"]),
        ("401 | `unauthorized` | not `no token`", ["ErrorReturned", "Unreadable"]),
    ],
)
def test_a_row_of_an_error_that_is_not_understood_is_a_claim(cells: str, kinds: list[str]) -> None:
    assert [name for name, _ in stated(table(Role.ERRORS, "Status | Code | Message", cells, base=None))] == kinds


def test_a_foreign_reason_phrase_gets_a_hint() -> None:
    ((_, content),) = stated(table(Role.ERRORS, "Status", "401 Forbidden", base=None))
    assert content["hint"] == "the reason phrase of 401 is 'Unauthorized', not 'Forbidden'"


@pytest.mark.parametrize("cause", ["Why", "When", "Description"])
def test_cause_and_fix_of_an_error_are_for_people(cause: str) -> None:
    headings = f"Status | {cause} | What to do"
    reading = table(Role.ERRORS, headings, "404 | A `path` that is lost | A header is required", base=None)
    assert stated(reading) == [("ErrorReturned", {"status": 404})]
    assert [left.reason for left in reading.uncollected] == [f"{cause}: prose, not judged", "What to do: prose, not judged"]


def test_only_errors_have_a_cause() -> None:
    reading = table(Role.PARAMETERS, "Parameter | Cause", "`p` | it is required")
    assert [name for name, _ in stated(reading)] == ["Unreadable"]


def test_headings_of_the_configuration_go_before_the_usual_ones() -> None:
    columns = {"required": ("Must be there?",), "prose": ("Value",)}
    reading = table(Role.PARAMETERS, "Parameter | Must be there? | Value", "`p` | yes | `x` is not judged", columns=columns)
    assert stated(reading) == [("Required", {"name": "p", "required": True})]
    assert reading.uncollected == ()


@pytest.mark.parametrize(
    ("heading", "text"), [("Required", "sometimes"), ("Required", "in most cases"), ("Honored", "has no effect")]
)
def test_a_cell_without_code_and_role_words_is_prose_under_any_heading(heading: str, text: str) -> None:
    reading = table(Role.PARAMETERS, f"Parameter | {heading}", f"`p` | {text}")
    assert (stated(reading), [left.reason for left in reading.uncollected]) == ([], [f"{heading}: prose, not judged"])


@pytest.mark.parametrize(
    ("heading", "text", "found"),
    [
        ("Required", "always", ("Required", {"name": "p", "required": True})),
        ("Required", "never", ("Required", {"name": "p", "required": False})),
        ("Honored", "Never", ("Honored", {"name": "p", "honored": False})),
        ("Ignored", "never", ("Honored", {"name": "p", "honored": True})),
    ],
)
def test_always_and_never_are_answers(heading: str, text: str, found: object) -> None:
    assert stated(table(Role.PARAMETERS, f"Parameter | {heading}", f"`p` | {text}")) == [found]


@pytest.mark.parametrize(("answer", "required"), [("yes", False), ("No", True), ("✓", False)])
def test_a_yes_under_optional_means_not_required(answer: str, required: bool) -> None:
    found = stated(table(Role.PARAMETERS, "Parameter | Optional?", f"`p` | {answer}"))
    assert found == [("Required", {"name": "p", "required": required})]


@pytest.mark.parametrize(
    ("role", "heading", "text"),
    [
        (Role.PARAMETERS, "Is it required?", "yes"),
        (Role.PARAMETERS, "Honored by the server", "✗"),
        (Role.PARAMETERS, "Query string", "✓"),
        (Role.OPTIONS, "May be omitted", "no"),
        (Role.VALUES, "Is the default", "no"),
    ],
)
def test_a_plain_answer_to_a_heading_in_other_words_is_a_claim(role: Role, heading: str, text: str) -> None:
    found = stated(table(role, f"{'Value' if role is Role.VALUES else 'Name'} | {heading}", f"`p` | {text}"))
    assert [name for name, _ in found if name not in ("Value", "Honored")] == ["Unreadable"]


def test_a_plain_answer_to_anything_else_is_prose() -> None:
    reading = table(Role.PARAMETERS, "Parameter | New in version 2", "`p` | yes")
    assert (stated(reading), [left.reason for left in reading.uncollected]) == ([], ["New in version 2: prose, not judged"])
    reading = table(Role.ERRORS, "Status | Message | Retry required", "404 | … | yes", base=None)
    assert [name for name, _ in stated(reading)] == ["ErrorReturned"]


def test_prose_is_listed_with_its_heading() -> None:
    reading = table(Role.PARAMETERS, "Parameter | Value | Notes", "`p` | a name | see below")
    assert [(left.location.line, left.reason) for left in reading.uncollected] == [
        (12, "Value: prose, not judged"),
        (12, "Notes: prose, not judged"),
    ]


@pytest.mark.parametrize("text", ["a `q` is needed", "as a header", "required"])
def test_what_states_something_that_nobody_understands_is_a_claim(text: str) -> None:
    reading = table(Role.PARAMETERS, "Parameter | Notes", f"`p` | {text}")
    assert [name for name, _ in stated(reading)] == ["Unreadable"]


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        (("Header line | Required", "`a` | yes"), [(10, Rule.BAD_TABLE)]),
        (("Parameter | Name", "`a` | `b`"), [(10, Rule.BAD_TABLE)]),
        (("Parameter | Values | Accepted values", "`a` | `b` | `c`"), [(10, Rule.BAD_TABLE)]),
        (("Parameter | Required | Mandatory", "`a` | yes | no"), [(10, Rule.BAD_TABLE)]),
        (("Parameter | Required",), [(10, Rule.BAD_TABLE)]),
        (("Parameter | Required", "`a`"), [(12, Rule.BAD_TABLE)]),
        (("Parameter | Required", "| yes"), [(12, Rule.BAD_TABLE)]),
        (("Parameter | Required", "`a` | yes", "`b` | no", "`a` | no"), [(14, Rule.DUPLICATE_ROW)]),
    ],
)
def test_a_malformed_table_is_a_defect_at_its_place(rows: tuple[str, ...], found: list[tuple[int, Rule]]) -> None:
    assert defects(table(Role.PARAMETERS, *rows)) == found


@pytest.mark.parametrize(
    ("role", "headings", "cells"),
    [
        (Role.PARAMETERS, "Parameter | Mandatorry", "`a` | yes"),
        (Role.PARAMETERS, "Parameter | Defualt", "`a` | x"),
        (Role.VALUES, "Value | Same a", "`a` | `b`"),
        (Role.ERRORS, "Status | Mesage", "404 | no"),
    ],
)
def test_a_misspelt_heading_is_a_defect_and_the_rest_is_read(role: Role, headings: str, cells: str) -> None:
    reading = table(role, headings, cells)
    assert defects(reading) == [(10, Rule.BAD_TABLE)]
    assert reading.claims


@pytest.mark.parametrize("headings", ["Name | Notes", "Name | Headers", "Name | Mode", "Name | Clause", "Name | Vaule"])
def test_a_heading_that_may_be_another_word_is_no_defect(headings: str) -> None:
    reading = table(Role.PARAMETERS, headings, "`a` | word", columns={"prose": ("Vaule",)})
    assert defects(reading) == []


@pytest.mark.parametrize("written", [1, 3])
def test_a_cell_too_much_or_too_little_is_a_defect_though_readers_see_as_many_as_headings(written: int) -> None:
    row = Row(location=Location("docs/page.md", 12), cells=(cell("`a`"), cell("")), written=written)
    directives = Directives(role=Role.PARAMETERS, of=OPERATION, base="base")
    found = Table(location=Location("docs/page.md", 10), directives=directives, headings=("Parameter", "Required"), rows=(row,))
    assert defects(read(found, {})) == [(12, Rule.BAD_TABLE)]


def test_an_error_has_one_column_for_its_code() -> None:
    assert defects(table(Role.ERRORS, "Status | Code | Error code", "400 | `a` | `b`", base=None)) == [(10, Rule.BAD_TABLE)]


def test_columns_that_nothing_is_read_from_may_hold_the_same() -> None:
    assert defects(table(Role.ERRORS, "Status | Why | Cause | Name | Key", "400 | a | b | c | d", base=None)) == []


@pytest.mark.parametrize(("of", "base"), [(None, "base"), ("the write endpoint", "base"), (OPERATION, None)])
def test_a_table_says_what_it_is_about_and_what_to_vary(of: str | None, base: str | None) -> None:
    reading = table(Role.PARAMETERS, "Parameter", "`p`", of=of, base=base)
    assert (defects(reading), reading.claims) == ([(10, Rule.BAD_TABLE)], ())


def test_two_defaults_in_a_table_of_values_are_a_defect() -> None:
    reading = table(Role.VALUES, "Value", "`s` (default)", "`ms` (default)", of="precision")
    assert defects(reading) == [(13, Rule.BAD_TABLE)]


def test_a_value_has_a_unit_synonyms_and_moments() -> None:
    reading = table(
        Role.VALUES, "Value | Unit | 1970-01-01 00:00:02 UTC | Same as", "`ms` | milliseconds | `2,000` | `milli`", of="p"
    )
    assert stated(reading) == [
        ("Value", {"name": "p", "value": "ms", "unit_ns": 1_000_000}),
        ("Value", {"name": "p", "value": "milli", "same_as": "ms"}),
        ("OnlyValues", {"name": "p", "values": ("ms", "milli"), "closed": True, "synonyms_of": "ms"}),
        ("Instant", {"name": "p", "value": "ms", "number": 2000, "time_ns": 2_000_000_000}),
    ]


@pytest.mark.parametrize(
    ("heading", "number"),
    [
        ("1970-01-01 00:00:02 UTC", 2),
        ("1970-01-01T00:00:02Z", 2),
        ("1970-01-01 01:00:02+01:00", 2),
        ("1970-01-01 00:00:02", 2),
        ("1970-01-01", None),
        ("10:30 in the morning", None),
    ],
)
def test_a_heading_may_be_a_moment_in_some_time_zone(heading: str, number: int | None) -> None:
    found = stated(table(Role.VALUES, f"Value | {heading}", "`s` | 2", of="p"))
    assert [content["time_ns"] // 10**9 for name, content in found if name == "Instant"] == ([] if number is None else [number])


@pytest.mark.parametrize(("text", "kinds"), [("2OO0", ["Unreadable"]), ("2.5", ["Unreadable"]), ("too large", []), ("–", [])])
def test_a_number_for_a_moment_that_is_not_understood_is_a_claim(text: str, kinds: list[str]) -> None:
    found = stated(table(Role.VALUES, "Value | 1970-01-01 00:00:02 UTC", f"`ms` | {text}", of="p"))
    assert [name for name, _ in found if name != "Value"] == kinds


@pytest.mark.parametrize("heading", ["Unit", "Units", "Time unit"])
def test_the_unit_of_a_value_has_a_column(heading: str) -> None:
    assert stated(table(Role.VALUES, f"Value | {heading}", "`s` | seconds", of="p")) == [
        ("Value", {"name": "p", "value": "s", "unit_ns": 10**9})
    ]


@pytest.mark.parametrize(
    ("heading", "text", "unit_ns", "default"),
    [
        ("Meaning", "Seconds", 10**9, False),
        ("Description", "Milliseconds since 1970. This is the default.", 10**6, True),
        ("Means", "µs (default)", 1000, True),
        ("Description", "What it always was (default)", None, True),
        ("Description", "It takes a second longer", None, False),
        ("Description", "Seconds; a minute has 60 of them", None, False),
    ],
)
def test_the_meaning_of_a_value_is_its_unit_and_whether_it_is_the_default(
    heading: str, text: str, unit_ns: int | None, default: bool
) -> None:
    reading = table(Role.VALUES, f"Value | {heading}", f"`v` | {text}", of="p")
    value = {"name": "p", "value": "v"} | ({} if unit_ns is None else {"unit_ns": unit_ns})
    assert stated(reading) == [("Value", value), *([("Default", {"name": "p", "value": "v"})] if default else [])]


def test_a_unit_and_a_meaning_that_contradict_each_other_are_two_claims() -> None:
    for text, units in (("Seconds", [10**9]), ("Minutes, in a way", [10**9, 60 * 10**9]), ("What most clocks count", [10**9])):
        found = stated(table(Role.VALUES, "Value | Unit | Description", f"`s` | second | {text}", of="p"))
        assert [content["unit_ns"] for _, content in found] == units


def test_a_meaning_with_code_or_a_negation_is_a_claim_that_is_not_understood() -> None:
    for text in ("Seconds, as `s`", "Not the default"):
        found = stated(table(Role.VALUES, "Value | Meaning", f"`s` | {text}", of="p"))
        assert [name for name, _ in found] == ["Value", "Unreadable"]


@pytest.mark.parametrize(
    ("headings", "cells"),
    [
        ("Value | Unit", "`s` | seconds (default)"),
        ("Value | Unit | Default", "`s` | second | Yes"),
        ("Value | Unit | Default", "`s` | second | ✓"),
        ("Value | Unit | Default", "`s` (default) | second | Yes"),
    ],
)
def test_a_row_of_values_may_be_the_default(headings: str, cells: str) -> None:
    found = stated(table(Role.VALUES, headings, cells, of="p"))
    assert found == [("Value", {"name": "p", "value": "s", "unit_ns": 10**9}), ("Default", {"name": "p", "value": "s"})]


@pytest.mark.parametrize(("answer", "kinds"), [("No", ["Value", "NotDefault"]), ("", ["Value"]), ("–", ["Value"])])
def test_a_row_of_values_may_not_be_the_default(answer: str, kinds: list[str]) -> None:
    assert [name for name, _ in stated(table(Role.VALUES, "Value | Default", f"`s` | {answer}", of="p"))] == kinds


def test_beside_a_default_nothing_more_is_said_of_the_others() -> None:
    found = stated(table(Role.VALUES, "Value | Default", "`s` | yes", "`ms` | no", of="p"))
    assert [name for name, _ in found] == ["Value", "Default", "Value"]


@pytest.mark.parametrize(
    ("heading", "text"),
    [("Unit", "10 seconds"), ("Unit", "not seconds"), ("Default", "maybe"), ("Default", "`x`"), ("Same as", "not `x`")],
)
def test_a_cell_of_values_that_is_not_understood_is_a_claim(heading: str, text: str) -> None:
    found = [name for name, _ in stated(table(Role.VALUES, f"Value | {heading}", f"`s` | {text}", of="p"))]
    assert found == ["Value", "Unreadable"]


@pytest.mark.parametrize("item", ["`s`: half a second", "`s`: seconds, unless omitted", "`s`: seconds, not required"])
def test_an_item_that_is_not_understood_is_a_claim(item: str) -> None:
    assert [name for name, _ in stated(listed(Role.VALUES, item, of="p"))] == ["Value", "Unreadable"]


def test_an_item_may_say_several_things() -> None:
    assert stated(listed(Role.VALUES, "`s`: seconds (default)", of="p")) == [
        ("Value", {"name": "p", "value": "s", "unit_ns": 10**9}),
        ("Default", {"name": "p", "value": "s"}),
    ]
    assert stated(listed(Role.VALUES, "`ms`: 1/1000 second", of="p")) == [("Value", {"name": "p", "value": "ms", "unit_ns": 10**6})]
    assert stated(listed(Role.PARAMETERS, "`p` (query string, optional): default `s`")) == [
        ("Allowed", {"name": "p", "place": Place.QUERY}),
        ("Required", {"name": "p", "required": False}),
        ("Default", {"name": "p", "value": "s"}),
    ]
    found = stated(listed(Role.ERRORS, "`401`: `unauthorized`: `no token` or `bad token`"))
    assert [content["message"] for _, content in found] == ["no token", "bad token"]


def test_an_item_with_words_that_contradict_each_other_is_one_claim() -> None:
    assert [name for name, _ in stated(listed(Role.PARAMETERS, "`p`: optional, but required in version 2"))] == ["Unreadable"]


def test_items_of_a_list_state_what_cells_do() -> None:
    assert stated(listed(Role.PARAMETERS, "`p`: an optional header, `a` or `b`")) == [
        ("Allowed", {"name": "p", "place": Place.HEADER}),
        ("Required", {"name": "p", "required": False}),
        ("Value", {"name": "p", "value": "a"}),
        ("Value", {"name": "p", "value": "b"}),
        ("OnlyValues", {"name": "p", "values": ("a", "b"), "closed": True}),
    ]
    assert stated(listed(Role.ERRORS, "`404`: `not found`, when it is lost")) == [
        ("ErrorReturned", {"status": 404, "code": "not found"})
    ]
    assert stated(listed(Role.VALUES, "`s`: seconds", of="p")) == [("Value", {"name": "p", "value": "s", "unit_ns": 10**9})]


def test_claims_carry_their_row_and_its_hash() -> None:
    (one, *_), (other, *_) = (table(Role.PARAMETERS, "Parameter | Required", f"`p` | {word}").claims for word in ("Yes", "No"))
    assert (one.origin.row, one.cell, one.id) == ("p | Yes", "Yes", f"{OPERATION}:p:required")
    assert one.origin.hash != other.origin.hash
