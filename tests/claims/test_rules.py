"""Each rule about rows fires where it must, on small pages against the real server, and not elsewhere."""

from __future__ import annotations

import re

import pytest
from tests.claims.conftest import (
    BASE,
    ERRORS,
    HEAD,
    NO_TOKEN,
    PARAMETERS,
    RIGHT,
    ROWS,
    UNITS,
    VALUES,
    Desk,
    Undescribed,
    rules,
    verdicts,
)

from docwitness.reporters.json import Json
from docwitness.rule import Rule
from docwitness.verdict import Kind, Outcome

PARTIAL = f'{PARAMETERS} partial="one row"'
SHORT = "| Parameter | Allowed in | Required | Value |\n|---|---|---|---|\n"


def test_a_table_that_is_right_is_proven(desk: Desk) -> None:
    report = desk.table(PARAMETERS, HEAD + RIGHT)
    assert rules(report) == {}
    assert {verdict.kind for verdict in report.verdicts} == {Kind.SAMPLE, Kind.PARAMETER, Kind.VALUE}


@pytest.mark.parametrize(
    ("old", "new", "claim", "rule"),
    [
        ("| Required | Honored | a name", "| Optional | Honored | a name", "bucket:required", Rule.REQUIRED_DIFFERS),
        ("Optional | Ignored | |\n| `Auth", "Required | Ignored | |\n| `Auth", "org:required", Rule.REQUIRED_DIFFERS),
        ("Optional | Ignored | |\n| `Auth", "Optional | Honored | |\n| `Auth", "org:honored", Rule.HONORED_DIFFERS),
        ("Optional | Honored | `ns`", "Optional | Ignored | `ns`", "precision:honored", Rule.HONORED_DIFFERS),
        ("`precision` | Query string", "`precision` | Header", "precision:in header", Rule.PLACE_DIFFERS),
        ("`Authorization` | Header", "`Authorization` | Query string", "Authorization:in query string", Rule.PLACE_DIFFERS),
        ("`User-Agent` | Header", "`User-Agent` | Query string", "User-Agent:in query string", Rule.PLACE_DIFFERS),
        ("`org` | Query string", "`org` | Header", "org:in header", Rule.DRIFT),
        ("`ms`, `s` |", "`ms`, `s`, `m` |", "precision=m", Rule.VALUE_REFUSED),
        ("`us`, ", "", "precision:values", Rule.UNDOCUMENTED_VALUE),
        (", `s` |", " |", "precision:values", Rule.UNDOCUMENTED_VALUE),
        ("`ns` (default), `us`", "`ns`, `us` (default)", "precision:default", Rule.DEFAULT_DIFFERS),
        ("`ns` (default), `us`, `ms`, `s`", "`ns`, `us`, `ms`, `s` (seconds, default)", "precision:default", Rule.DEFAULT_DIFFERS),
        (
            "Optional | Honored | `ns` (default)",
            "Optional (default `s`) | Honored | `ns`",
            "precision:default",
            Rule.DEFAULT_DIFFERS,
        ),
        ("`gzip`, `identity` (default)", "`gzip` (default), `identity`", "Content-Encoding:default", Rule.DEFAULT_DIFFERS),
        ("Optional | Honored | `ns`", "Yes (always) | Honored | `ns`", "precision:required", Rule.REQUIRED_DIFFERS),
        ("`precision` | Query", "`precision` (required) | Query", "precision:required:2", Rule.REQUIRED_DIFFERS),
        ("Optional | Honored | `ns`", "Optional | Not currently honored | `ns`", "precision:honored", Rule.HONORED_DIFFERS),
        ("`ms`, `s` |", "`ms`, `s`; not `us` |", "13:Value", Rule.UNREADABLE_CELL),
        ("`Token DATABASE_TOKEN`", "`Basic …`", "Authorization=Basic …", Rule.NOT_SHOWN),
        ("| `org` |", "| `organisation` |", "organisation:honored", Rule.NOT_SHOWN),
        ("Optional | Honored | `gzip`", "perhaps required, or optional | Honored | `gzip`", "13:Required", Rule.UNREADABLE_CELL),
    ],
)
def test_a_row_that_is_wrong_is_not_proven(desk: Desk, old: str, new: str, claim: str, rule: Rule) -> None:
    assert RIGHT.count(old) == 1
    (row,) = set(RIGHT.replace(old, new).splitlines()) - set(RIGHT.splitlines())
    assert rules(desk.table(PARAMETERS, f"{HEAD}{row}\n"))[claim] is rule


@pytest.mark.parametrize(
    ("name", "value"),
    [("bucket", "mydb"), ("bucket", "DATABASE_NAME"), ("precision", '""'), ("Authorization", "Bearer DATABASE_TOKEN")],
)
def test_a_default_that_no_list_has_is_tried(desk: Desk, name: str, value: str) -> None:
    table = f"| Parameter | Default |\n|---|---|\n| `{name}` | `{value}` |\n"
    assert rules(desk.table(PARTIAL, table)) == {f"{name}:default": Rule.DEFAULT_DIFFERS}


@pytest.mark.parametrize(
    ("row", "unproven"),
    [
        (
            "`consistency` | Query string | Optional | `one` (default), `quorum`",
            ":in query string, :required, =one, =quorum, :values, :default",
        ),
        ("`consistency` | Query string | Optional | such as `one` (default)", ":in query string, :required, =one, :default"),
        ("`X-Write-Mode` | Header | Optional | `sync`, `async`", ":in header, :required, =sync, =async, :values"),
        ("`Content-Type` | Header | Optional | `text/csv` (default), `text/xml`", "=text/csv, =text/xml, :values, :default"),
        ("`org` | Query string | Optional | `acme` (default), `other`", ":values, :default"),
        ("`Transfer-Encoding` | Header | Optional | `chunked`, `gzip` (default)", ":in header, :required, =gzip, :default"),
    ],
)
def test_values_of_what_nothing_reads_are_not_proven(desk: Desk, row: str, unproven: str) -> None:
    """That it may be left out and may stand there is true of what samples send or the server describes."""
    name = row.split("`")[1]
    assert rules(desk.table(PARTIAL, f"{SHORT}| {row} |\n")) == {f"{name}{each}": Rule.NOT_SHOWN for each in unproven.split(", ")}


def test_that_a_name_which_means_nothing_is_optional_is_not_proven(desk: Desk) -> None:
    table = "| Parameter | Required |\n|---|---|\n| `retention` | Optional |\n| `org` | Optional |\n"
    assert rules(desk.table(PARTIAL, table)) == {"retention:required": Rule.NOT_SHOWN}


def test_values_of_what_is_said_to_be_ignored_are_proven(desk: Desk) -> None:
    table = HEAD + "| `Content-Type` | Header | Optional | Ignored | `text/csv` (default), `text/xml` |\n"
    assert rules(desk.table(PARTIAL, table)) == {}


def test_values_of_a_parameter_that_does_not_exist_are_not_proven(desk: Desk) -> None:
    misspelt = VALUES.replace("precision", "precison")
    found = rules(desk.table(misspelt, "- `x` (default)\n- `y`\n"))
    assert found == dict.fromkeys(("precison=x", "precison=y", "precison:default", "precison:values"), Rule.NOT_SHOWN)
    moments = "| Value | Same as | 2024-12-30 08:00:00 UTC |\n|---|---|---|\n| `x` | `y` | `1735545600` |\n"
    names = ("precison=x", "precison=y", "precison=x:synonyms", "precison=x:1735545600", "precison:values")
    assert rules(desk.table(misspelt, moments)) == dict.fromkeys(names, Rule.NOT_SHOWN)


def test_a_server_that_describes_nothing_shows_what_it_reads(desk: Desk) -> None:
    desk.page(f"{BASE}<!-- docwitness: {PARAMETERS} -->\n\n{HEAD}{RIGHT}\n")
    names = ("org:in query string", "org:required", "org:honored")
    assert rules(desk.run(target=Undescribed())) == dict.fromkeys(names, Rule.NOT_SHOWN)


BASIC = BASE.replace('--header "Authorization: Bearer DATABASE_TOKEN"', "--user DATABASE_NAME:DATABASE_TOKEN")


def test_a_password_of_the_base_is_sent_as_well_as_any_other_token(desk: Desk) -> None:
    rows = HEAD + "| `Authorization` | Header | Required | Honored | `Basic …`, `Bearer DATABASE_TOKEN`, `Token DATABASE_TOKEN` |\n"
    report = desk.table(PARTIAL, rows, before=BASIC)
    assert rules(report) == {}
    shown = Json().render(report)
    assert "Authorization=Basic [token]" in shown
    assert not re.search(r"dw_[\w-]{20}|Basic [A-Za-z0-9]{12}", shown)
    wrong = rules(desk.table(PARTIAL, rows.replace("Header |", "Query string |"), before=BASIC))
    assert wrong["Authorization:in query string"] is Rule.PLACE_DIFFERS


def test_what_a_sample_sends_on_purpose_needs_a_row_there_and_in_the_table(desk: Desk) -> None:
    report = desk.table(PARAMETERS, HEAD + "| `db` | Query string | | | |\n")
    found = verdicts(report)
    assert found["parameters"].rule is Rule.UNDOCUMENTED_PARAMETER
    assert found["precision:undocumented"].rule is Rule.UNDOCUMENTED_PARAMETER
    assert found["precision:undocumented"].location == report.verdicts[0].location


def test_a_long_table_may_stand_in_parts(desk: Desk) -> None:
    rows = RIGHT.splitlines(keepends=True)
    first, second = "".join(rows[:3]), "".join(rows[3:])
    between = f"\n<!-- docwitness: {PARAMETERS} -->\n\n"
    assert rules(desk.table(PARAMETERS, f"{HEAD}{first}{between}{HEAD}{second}")) == {}


def test_a_table_may_say_why_it_lacks_rows(desk: Desk) -> None:
    report = desk.table(f'{PARAMETERS} partial="the two that differ from v1"', HEAD + RIGHT.splitlines(keepends=True)[0])
    assert rules(report) == {}
    assert "its completeness: not judged, the two that differ from v1" in {each.reason for each in report.uncollected}


def test_a_parameter_that_the_target_describes_needs_a_row(desk: Desk) -> None:
    rows = "".join(f"| `{name}` | | | | |\n" for name in ("bucket", "precision", "Authorization", "Content-Encoding"))
    assert rules(desk.table(PARAMETERS, HEAD + rows)) == {"parameters": Rule.DRIFT}


def test_what_a_client_sends_by_itself_needs_no_row(desk: Desk) -> None:
    report = desk.table(PARAMETERS, HEAD + "".join(f"| `{name}` | | | | |\n" for name in ("bucket", "precision", "Authorization")))
    assert "Accept" not in verdicts(report)["parameters"].reason
    assert "org" in verdicts(report)["parameters"].reason


@pytest.mark.parametrize(
    ("old", "new", "claim", "rule"),
    [
        ("| second |", "| millisecond |", "precision=s", Rule.VALUE_DIFFERS),
        ("| second |", "| fortnight |", "precision:8", Rule.UNREADABLE_CELL),
        ("`1735545600`", "`1735545601`", "precision=s:1735545601", Rule.VALUE_DIFFERS),
        ("`1735545600000000000`", "`99999999999999999999`", "precision=ns:99999999999999999999", Rule.VALUE_REFUSED),
        ("`second`", "`microsecond`", "precision=microsecond", Rule.VALUE_DIFFERS),
        ("`microsecond`, `u`", "`microsecond`", "precision=us:synonyms", Rule.UNDOCUMENTED_VALUE),
        ("`nanosecond`, `n`", "`nanosecond`, `nano`", "precision=nano", Rule.VALUE_REFUSED),
        ("| `us` | microsecond | `1735545600000000` | `microsecond`, `u` |\n", "", "precision:values", Rule.UNDOCUMENTED_VALUE),
    ],
)
def test_a_value_that_is_wrong_is_not_proven(desk: Desk, old: str, new: str, claim: str, rule: Rule) -> None:
    found = rules(desk.table(VALUES, UNITS.replace(old, new)))
    assert rule in [each for name, each in found.items() if name.startswith(claim.rpartition(":8")[0] or claim)], found


def test_values_that_are_right_are_proven(desk: Desk) -> None:
    assert rules(desk.table(VALUES, UNITS)) == {}


UNTIMED = BASE.replace(" 1735545600'", "'")


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        (("no", "no"), {"precision=ns:no default": Rule.DEFAULT_DIFFERS}),
        (("", "no"), {}),
        (("–", "–"), {}),
        (("yes", "no"), {}),
    ],
)
def test_no_value_that_does_the_same_is_said_not_to_be_the_default(
    desk: Desk, answers: tuple[str, str], found: dict[str, Rule]
) -> None:
    ns, other = answers
    rows = "".join(f"| `{word}` | {ns if word == 'ns' else other} |\n" for word in ("ns", "us", "ms", "s"))
    assert rules(desk.table(VALUES, f"| Value | Default |\n|---|---|\n{rows}")) == found


def test_beside_a_default_its_synonyms_may_be_none(desk: Desk) -> None:
    rows = "| `ns` | yes |\n| `nanosecond` | no |\n| `us` | no |\n| `ms` | no |\n| `s` | no |\n"
    assert rules(desk.table(VALUES, f"| Value | Default |\n|---|---|\n{rows}")) == {}


def test_what_must_be_given_has_no_default(desk: Desk) -> None:
    values = VALUES.replace("precision", "Authorization")
    rows = "| `Bearer DATABASE_TOKEN` | no |\n| `Token DATABASE_TOKEN` | no |\n| `Basic …` | no |\n"
    found = rules(desk.table(values, f"| Value | Default |\n|---|---|\n{rows}"))
    assert found == {"Authorization=Basic …": Rule.NOT_SHOWN, "Authorization=Basic …:no default": Rule.NOT_SHOWN}


SWAPPED = UNITS.replace("| second |", "| minute |").replace("| millisecond |", "| second |")


@pytest.mark.parametrize(
    "before", [UNTIMED, BASE.replace("'home,room=Kitchen temp=21.5", "'# "), BASE.replace(" 1735545600'", " 0'")]
)
@pytest.mark.parametrize("text", [UNITS, SWAPPED])
def test_a_base_without_times_shows_no_units(desk: Desk, before: str, text: str) -> None:
    found = verdicts(desk.table(VALUES, text, before=before))
    undecided = {name for name, verdict in found.items() if verdict.rule is Rule.NOT_OBSERVABLE}
    assert {
        "precision=s",
        "precision=ms",
        "precision=us",
        "precision=ns",
        "precision=nanosecond",
        "precision=us:synonyms",
    } <= undecided
    assert {verdict.hint for verdict in found.values() if verdict.hint} == {"a base whose lines have times shows them"}


def test_no_moment_is_refuted_where_the_base_has_no_times(desk: Desk) -> None:
    found = verdicts(desk.table(VALUES, UNITS, before=UNTIMED))
    assert {verdict.outcome for verdict in found.values()} == {Outcome.PROVEN, Outcome.UNPROVEN}
    assert found["precision=s:1735545600"].rule is Rule.NOT_OBSERVABLE


def test_one_line_with_a_time_is_enough(desk: Desk) -> None:
    before = BASE.replace("1735545600'", "1735545600\nhome,room=Hall temp=20'")
    assert rules(desk.table(VALUES, UNITS, before=before)) == {}
    wrong = UNITS.replace("`1735545600`", "`1735545601`").replace("| millisecond |", "| microsecond |")
    refuted = {"precision=s:1735545601": Rule.VALUE_DIFFERS, "precision=ms": Rule.VALUE_DIFFERS}
    assert rules(desk.table(VALUES, wrong, before=before)) == refuted


def test_a_list_of_units_is_judged_without_times(desk: Desk) -> None:
    assert rules(desk.table(PARAMETERS, HEAD + RIGHT, before=UNTIMED)) == {}
    short = RIGHT.replace("`us`, ", "")
    assert rules(desk.table(PARAMETERS, HEAD + short, before=UNTIMED)) == {"precision:values": Rule.UNDOCUMENTED_VALUE}


def test_a_default_unit_shows_only_in_times_or_in_the_description(desk: Desk) -> None:
    desk.page(f"{UNTIMED}<!-- docwitness: {VALUES} -->\n\n- `ns`\n- `us`\n- `ms`\n- `s` (default)\n")
    assert rules(desk.run()) == {"precision:default": Rule.DRIFT}
    assert rules(desk.run(target=Undescribed())) == {"precision:default": Rule.NOT_OBSERVABLE}


def test_a_list_says_the_same_as_a_table(desk: Desk) -> None:
    items = "- `s`: seconds\n- `ms`: milliseconds\n- `us`: microseconds\n- `ns` (default): nanoseconds\n"
    report = desk.table(VALUES, items)
    assert rules(report) == {}
    assert {"precision=s", "precision=ns", "precision:default", "precision:values"} <= set(verdicts(report))
    assert rules(desk.table(VALUES, items.replace("`ms`: milliseconds", "`ms`: seconds"))) == {"precision=ms": Rule.VALUE_DIFFERS}


def test_the_default_of_a_list_may_stand_behind_its_unit(desk: Desk) -> None:
    items = "- `s`: seconds (default)\n- `ms`: 1/1000 second\n- `us`: microseconds\n- `ns`: nanoseconds\n"
    assert rules(desk.table(VALUES, items)) == {"precision:default": Rule.DEFAULT_DIFFERS}


def test_a_list_of_parameters_is_judged(desk: Desk) -> None:
    items = (
        "- `bucket`: required, in the query string\n- `org`: optional, ignored, in the query string\n"
        "- `precision`: optional query string parameter, one of `ns` (default), `us`, `ms`, `s`\n"
        "- `Authorization`: a required header\n- `Content-Encoding`: an optional header\n"
    )
    report = desk.table(PARAMETERS, items)
    assert rules(report) == {}
    assert {"bucket:required", "org:honored", "precision:default", "Authorization:in header"} <= set(verdicts(report))


def test_an_error_is_proven_by_the_sample_that_meets_it(desk: Desk) -> None:
    found = verdicts(desk.table(ERRORS, ROWS, before=NO_TOKEN))
    assert [(name, verdict.outcome) for name, verdict in found.items()] == [
        ("errors", Outcome.PROVEN),
        ("401:unauthorized:no token", Outcome.PROVEN),
    ]


def test_an_error_that_nothing_meets_is_not_reproduced(desk: Desk) -> None:
    found = verdicts(desk.table(ERRORS, ROWS + "| 503 | `unavailable` | … |\n", before=NO_TOKEN))
    assert found["503:unavailable:…"].rule is Rule.NOT_REPRODUCED


@pytest.mark.parametrize(
    ("row", "claim"),
    [
        ("| 401 Forbidden | `unauthorized` | `no token` |", "10:Status"),
        ("| 401 | `unauthorized` or `no_token` | `no token` |", "10:Code"),
        ("| 401 | `unauthorized` | `no token` |\n| 5xx | `bogus` | `made up` |", "11:Status"),
    ],
)
def test_a_row_of_an_error_that_is_not_understood_is_unreadable(desk: Desk, row: str, claim: str) -> None:
    table = f"| Status | Code | Message |\n|---|---|---|\n{row}\n"
    assert rules(desk.table(ERRORS, table, before=NO_TOKEN))[claim] is Rule.UNREADABLE_CELL


def test_an_error_without_a_row_refutes_the_table(desk: Desk) -> None:
    found = verdicts(desk.table(ERRORS, ROWS.replace("no token", "no …, sorry"), before=NO_TOKEN))
    assert found["errors"].rule is Rule.UNDOCUMENTED_ERROR
    assert "401 (unauthorized: no token)" in found["errors"].reason


def test_errors_of_another_method_are_for_another_table_where_the_path_takes_it(desk: Desk) -> None:
    """The server takes `POST` alone: only then are answers to other methods for its own table."""
    rows = "| Status | Code | Message |\n|---|---|---|\n| 404 | `not found` | `not found` |\n"
    found = verdicts(desk.table('errors of="GET /api/v2/write"', rows, before=NO_TOKEN))
    assert found["GET /api/v2/write:errors"].rule is not Rule.UNDOCUMENTED_ERROR
    get = '<!-- docwitness: expect=404 -->\n```sh\ncurl --silent "https://cluster-id.influxdb.io/api/v2/write"\n```\n\n'
    found = verdicts(desk.table(ERRORS, ROWS, before=NO_TOKEN + get))
    assert "404 (not found: not found)" in found["errors"].reason


def test_an_error_that_the_target_does_not_describe_is_drift(desk: Desk) -> None:
    report = desk.table(ERRORS, ROWS + "| 409 | `conflict` | … |\n", before=NO_TOKEN)
    assert rules(report) == {"errors": Rule.DRIFT, "409:conflict:…": Rule.NOT_REPRODUCED}


@pytest.mark.parametrize("code", ["…", "unauth…", ""])
def test_a_code_that_is_left_out_or_shown_in_part_is_no_drift(desk: Desk, code: str) -> None:
    cell = f"`{code}`" if code else ""
    rows = ROWS.replace("`unauthorized`", cell)
    assert rules(desk.table(ERRORS, rows, before=NO_TOKEN)) == {}
    assert rules(desk.table(ERRORS, f"{rows}| 403 | `gone …` | … |\n", before=NO_TOKEN))["errors"] is Rule.DRIFT


def test_errors_of_changed_requests_count(desk: Desk) -> None:
    """Nothing on the page meets a 415, but the table of parameters does."""
    parameters = f"{BASE}<!-- docwitness: {PARAMETERS} -->\n\n{HEAD}{RIGHT}\n"
    rows = "| Status | Message |\n|---|---|\n| 415 | `unacceptable content-encoding: …` |\n| 400 | … |\n| 401 | … |\n| 403 | … |\n"
    assert rules(desk.table(ERRORS, rows, before=parameters)) == {}


def test_a_base_that_is_refused_leaves_its_table_untold(desk: Desk) -> None:
    refused = BASE.replace("id=base", "id=base expect=403").replace("Bearer DATABASE_TOKEN", "Bearer of-yesterday")
    found = verdicts(desk.table(PARAMETERS, HEAD + RIGHT, before=refused))
    assert {(verdict.outcome, verdict.rule) for verdict in found.values()} == {(Outcome.ERROR, Rule.NO_BASE)}
