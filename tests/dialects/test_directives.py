"""Directives reach their blocks alike in every dialect; those that reach none are defects."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from docwitness.directives import Expect, Role
from docwitness.page import Page, Visibility
from docwitness.rule import Rule

Read = Callable[[str], Page]
FENCE = "```sh\necho one\n```\n"


def rules(page: Page) -> list[tuple[int, str]]:
    return [(defect.location.line, defect.rule) for defect in page.defects]


@pytest.mark.parametrize(
    "text",
    [
        f"<!-- docwitness: id=one expect=204 -->\n{FENCE}",
        f"<!-- docwitness: id=one -->\n\n<!-- docwitness: expect=204 -->\n\n{FENCE}",
        f"<!-- docwitness:\n  id=one\n  expect=204\n-->\n{FENCE}",
        f"<!-- docwitness: id=one expect=204 -->\n\n<!-- another comment -->\n{FENCE}",
        '``` { .sh #one data-expect="204" title="x" }\necho one\n```\n',
        '<!-- docwitness: expect=204 -->\n``` { .sh id="one" }\necho one\n```\n',
        "> <!-- docwitness: id=one expect=204 -->\n>\n> ```sh\n> echo one\n> ```\n",
        "- x\n\n    <!-- docwitness: id=one expect=204 -->\n\n    ```sh\n    echo one\n    ```\n",
    ],
)
def test_directives_reach_the_block_after_them(both: Read, text: str) -> None:
    page = both(text)
    assert page.defects == ()
    (block,) = page.blocks
    assert (block.directives.id, block.directives.expect) == ("one", Expect(statuses=("204",)))


def test_a_comment_in_a_tab_reaches_the_block_in_the_tab(read: Read) -> None:
    page = read('=== "A"\n\n    <!-- docwitness: id=one -->\n\n    ```sh\n    echo one\n    ```\n')
    assert (page.defects, page.blocks[0].directives.id) == ((), "one")


@pytest.mark.parametrize("role", [Role.RESPONSE, Role.OUTPUT, Role.STORED])
def test_a_block_is_marked_as_what_comes_of_the_sample(both: Read, role: Role) -> None:
    page = both(f"<!-- docwitness: {role} -->\n```text\nx\n```\n")
    assert (page.defects, page.blocks[0].directives.role) == ((), role)


def test_a_fence_in_one_of_our_comments_is_hidden(both: Read) -> None:
    page = both(f"<!-- docwitness: id=prepare expect=none\n{FENCE}-->\n\nText.\n")
    (block,) = page.blocks
    assert (page.defects, block.visibility, block.text, block.location.line) == ((), Visibility.HIDDEN, "echo one", 2)
    assert block.directives.id == "prepare"


def test_the_directives_of_a_hidden_fence_do_not_reach_the_next_block(both: Read) -> None:
    page = both(f"<!-- docwitness: id=prepare\n{FENCE}-->\n\n{FENCE}")
    assert [block.directives.id for block in page.blocks] == ["prepare", None]


def test_a_comment_hides_one_fence(both: Read) -> None:
    page = both(f"<!-- docwitness: id=one\n{FENCE}\n{FENCE}-->\n")
    assert [block.visibility for block in page.blocks] == [Visibility.HIDDEN, Visibility.COMMENTED]
    assert rules(page) == [(6, Rule.MISPLACED_DIRECTIVE)]


def test_a_hidden_fence_in_a_list_is_hidden(read: Read) -> None:
    page = read("- x\n\n    <!-- docwitness: id=one\n    ```sh\n    echo one\n\n    echo two\n    ```\n    -->\n")
    assert (page.defects, page.blocks[0].visibility, page.blocks[0].text) == ((), Visibility.HIDDEN, "echo one\n\necho two")


def test_the_end_of_a_comment_may_stand_in_a_hidden_fence(read: Read) -> None:
    page = read("<!-- docwitness: id=one\n```sh\necho --> x\n```\n-->\n")
    assert (page.defects, page.blocks[0].text) == ((), "echo --> x")


def test_a_fence_in_any_other_comment_is_commented_out(both: Read) -> None:
    page = both(f"<!-- not ready\n{FENCE}-->\n")
    assert (page.defects, [block.visibility for block in page.blocks]) == ((), [Visibility.COMMENTED])


@pytest.mark.parametrize("opening", ["``sh", "`` sh", "sh", "'``sh"])
@pytest.mark.parametrize("following", ["```text", "``` python", "```{ .sh }", "````text"])
def test_a_broken_opening_is_found_at_the_block_that_its_end_begins(both: Read, opening: str, following: str) -> None:
    page = both(f"{opening}\necho one\n```\n\n<!-- docwitness: output -->\n\n{following}\none\n```\n")
    assert (3, Rule.BROKEN_FENCE) in rules(page)


def test_a_block_may_hold_other_marks(both: Read) -> None:
    page = both("````markdown\n```sh\necho\n```\n````\n\n```text\n~~~sh\n```code``` is code\n`` ```sh `` too\n```\n")
    assert page.defects == ()


def test_a_fence_in_a_fence_is_quoted(both: Read) -> None:
    page = both(f"Text.\n\n````markdown\nSee:\n\n{FENCE}````\n")
    assert [(block.location.line, block.language, block.visibility) for block in page.blocks] == [
        (3, "markdown", Visibility.SHOWN),
        (6, "sh", Visibility.QUOTED),
    ]


@pytest.mark.parametrize(
    "text",
    [
        f"<!-- docwitness: id=one -->\n\nText.\n\n{FENCE}",
        "<!-- docwitness: id=one -->\n",
        f"<!-- docwitness: id=one -->\n\n| a |\n|---|\n| b |\n\n{FENCE}",
        f"Text <!-- docwitness: id=one -->\n\n{FENCE}",
        f"Text.\n\n    <!-- docwitness: id=one -->\n\n{FENCE}",
        f"<!-- docwitness: id=one\n\n{FENCE}",
        f"<!-- docwitness: parameters -->\n{FENCE}",
        f"<!-- docwitness: parameters -->\n\nText.\n\n{FENCE}",
    ],
)
def test_a_comment_that_reaches_no_block_is_misplaced(both: Read, text: str) -> None:
    page = both(text)
    assert [defect.rule for defect in page.defects] == [Rule.MISPLACED_DIRECTIVE]
    assert page.defects[0].location.line == next(n for n, line in enumerate(text.split("\n"), 1) if "<!--" in line)
    assert all(block.directives.id is None for block in page.blocks)


def test_a_comment_before_a_set_of_tabs_reaches_no_block(read: Read) -> None:
    page = read('<!-- docwitness: id=one -->\n\n=== "A"\n\n    ```sh\n    echo one\n    ```\n')
    assert rules(page) == [(1, Rule.MISPLACED_DIRECTIVE)]


def test_a_comment_right_above_an_indented_table_is_found_to_swallow_it(read: Read) -> None:
    page = read('=== "A"\n\n    <!-- docwitness: parameters -->\n    | a | b |\n    |---|---|\n    | c | d |\n')
    assert rules(page) == [(3, Rule.MISPLACED_DIRECTIVE)]


def test_a_comment_in_a_code_span_is_text(both: Read) -> None:
    page = both(f"Write `<!-- docwitness: id=one -->` before it.\n\n{FENCE}")
    assert (page.defects, page.blocks[0].directives.id) == ((), None)


@pytest.mark.parametrize(
    "comment", ["docwitnes: id=one", "dcowitness: id=one", "docwitness id=one", "Docwitness: id=one", "- docwitness: id=one"]
)
def test_a_comment_that_was_meant_to_be_ours_is_found(both: Read, comment: str) -> None:
    page = both(f"<!-- {comment} -->\n{FENCE}")
    assert rules(page) == [(1, Rule.UNKNOWN_DIRECTIVE)]


@pytest.mark.parametrize("comment", ["more", "prettier-ignore", "docs: x", "docwitness", "pytest.mark.skip", ""])
def test_other_comments_are_left_alone(both: Read, comment: str) -> None:
    assert both(f"<!-- {comment} -->\n{FENCE}").defects == ()


@pytest.mark.parametrize("begins", ["<!-", "!--", "<--", "<-", "--", "<", "<!!--"])
@pytest.mark.parametrize("before", ["", "Text:\n", "> "])
def test_a_comment_that_does_not_begin_as_one_is_misplaced(both: Read, begins: str, before: str) -> None:
    page = both(f"```sh\necho\n```\n\n{before}{begins} docwitness: stored -->\n")
    line = 5 + before.count("\n")
    assert (Rule.MISPLACED_DIRECTIVE, line) in [(defect.rule, defect.location.line) for defect in page.defects]


@pytest.mark.parametrize("text", ["- docwitness: the tool", "docwitness: the tool", "> docwitness: it", "`<!- docwitness: x -->`"])
def test_running_text_about_docwitness_is_left_alone(both: Read, text: str) -> None:
    assert both(f"{text}\n\n```sh\necho '\n<!- docwitness: id=a'\n```\n").defects == ()


@pytest.mark.parametrize("behind", [" # (1)!", "  # (1)", " ", " \t", " // (2)!"])
def test_what_stands_behind_a_continuation_breaks_the_command_that_readers_copy(both: Read, behind: str) -> None:
    page = both(f"```sh\necho one \\{behind}\n  two\n```\n")
    assert rules(page) == [(2, Rule.BROKEN_CONTINUATION)]


def test_a_plain_continuation_is_fine(both: Read) -> None:
    page = both("```sh\necho one \\\n  two # (1)!\n```\n")
    assert (page.defects, page.blocks[0].text) == ((), "echo one \\\n  two")
