"""Marked tables and lists keep headings, cells, code spans and the line of every row."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from docwitness.directives import Role
from docwitness.page import Cell, Page, Table
from docwitness.rule import Rule

Read = Callable[[str], Page]

PARAMETERS = """Text.

<!-- docwitness: parameters of="POST /api/v2/write" base=one -->

| Name | Place |
|---|---|
| `bucket` | Query \\| string |
| [`org`](#org), *optional* | |

Text.
"""


def only(page: Page) -> Table:
    assert page.defects == ()
    (table,) = page.tables
    return table


def test_a_table_is_read_as_readers_see_it(both: Read) -> None:
    table = only(both(PARAMETERS))
    assert (table.directives.role, table.directives.of, table.directives.base) == (Role.PARAMETERS, "POST /api/v2/write", "one")
    assert (table.location.line, table.headings) == (5, ("Name", "Place"))
    assert [(row.location.line, row.cells) for row in table.rows] == [
        (7, (Cell(text="bucket", codes=("bucket",)), Cell(text="Query | string"))),
        (8, (Cell(text="org, optional", codes=("org",)), Cell(text=""))),
    ]


def test_a_table_right_below_its_comment_is_found(both: Read) -> None:
    table = only(both("<!-- docwitness: errors -->\n| Status |\n|---|\n| 400 |\n"))
    assert [row.location.line for row in table.rows] == [4]


def test_a_table_in_a_tab_is_found_at_its_lines(read: Read) -> None:
    table = only(read('=== "A"\n\n    <!-- docwitness: options -->\n\n    | a | b |\n    |---|---|\n    | c | d |\n'))
    assert (table.location.line, [row.location.line for row in table.rows]) == (5, [7])


def test_a_pipe_in_a_code_span_is_what_the_dialect_makes_of_it(read: Read, plain: Read) -> None:
    text = "<!-- docwitness: values -->\n\n| Value | Note |\n|---|---|\n| `a|b` | c |\n"
    assert only(read(text)).rows[0].cells[0] == Cell(text="a|b", codes=("a|b",))
    assert only(plain(text)).rows[0].cells[0].codes == ()


def test_a_list_has_a_row_for_every_item(both: Read) -> None:
    table = only(both("<!-- docwitness: values of=precision -->\n\n- `ns`: nanoseconds\n  (default)\n- `us` or `u`\n\nText.\n"))
    assert (table.headings, table.location.line) == ((), 3)
    assert [(row.location.line, row.cells) for row in table.rows] == [
        (3, (Cell(text="ns: nanoseconds (default)", codes=("ns",)),)),
        (5, (Cell(text="us or u", codes=("us", "u")),)),
    ]


def test_items_of_an_inner_list_belong_to_their_item(both: Read) -> None:
    table = only(both("<!-- docwitness: options -->\n\n1. `a`\n    - inner `b`\n2. `c`\n"))
    assert [(row.location.line, row.cells[0].codes) for row in table.rows] == [(3, ("a", "b")), (5, ("c",))]


def test_fences_in_a_marked_list_are_blocks(both: Read) -> None:
    page = both("<!-- docwitness: options -->\n\n- `a`\n\n    ```sh\n    echo one\n    ```\n\n- `b`\n")
    assert [row.cells[0].codes for row in only(page).rows] == [("a",), ("b",)]
    assert [(block.location.line, block.text) for block in page.blocks] == [(5, "echo one")]


def test_tables_without_a_mark_are_left_alone(both: Read) -> None:
    assert both("| a |\n|---|\n| b |\n\n- c\n").tables == ()


@pytest.mark.parametrize("words", ["id=one", "response", "expect=204"])
def test_directives_of_blocks_do_not_suit_a_table(read: Read, words: str) -> None:
    page = read(f"<!-- docwitness: {words} -->\n\n| a |\n|---|\n| b |\n")
    assert page.tables == ()
    assert [(defect.location.line, defect.rule) for defect in page.defects] == [(1, Rule.MISPLACED_DIRECTIVE)]


@pytest.mark.parametrize(
    ("row", "written"),
    [
        ("| `a` | b |", 2),
        ("`a` | b", 2),
        ("| `a` | |", 2),
        ("| `a` | b | c |", 3),
        ("| `a` || b |", 3),
        ("| `a` |", 1),
        ("| `a` b |", 1),
        ("| a \\| b | c |", 2),
    ],
)
def test_the_cells_of_a_row_are_counted_as_they_are_written(both: Read, row: str, written: int) -> None:
    for table in (f"| A | B |\n|---|---|\n{row}\n| c | d |", f"> | A | B |\n> |---|---|\n> {row}\n> | c | d |"):
        before = "> " if table.startswith(">") else ""
        page = both(f"{before}<!-- docwitness: values -->\n{before}\n{table}\n")
        ((*_, one, other),) = (each.rows for each in page.tables)
        assert (one.written, len(one.cells), other.written) == (written, 2, 2)


def test_a_pipe_in_a_code_span_is_counted_as_its_dialect_reads_it(read: Read, plain: Read) -> None:
    text = "<!-- docwitness: values -->\n\n| A | B |\n|---|---|\n| ``a|`b`` | c |\n"
    assert [only(read(text)).rows[0].written, only(plain(text)).rows[0].written] == [2, 3]


def test_a_table_in_html_has_no_cells_that_are_written(read: Read) -> None:
    html = "<table><tr><th>A</th></tr><tr><td>b</td></tr></table>"
    page = read(f"<!-- docwitness: values -->\n\n{html}\n")
    assert [row.written for table in page.tables for row in table.rows] in ([], [None])
