"""Plain pages come out as forges show them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from docwitness.page import Location, Page, Visibility
from docwitness.rule import Rule

Read = Callable[[str], Page]

FORMS = {
    "plain": ("```sh\necho one\n```\n", 1),
    "attributes behind the language": ('```sh title="x" {1,3}\necho one\n```\n', 1),
    "brace form": ("``` { .sh #one }\necho one\n```\n", 1),
    "tildes": ("~~~ sh\necho one\n~~~\n", 1),
    "closed by a longer fence": ("```sh\necho one\n`````\n", 1),
    "list": ("1. Step\n\n   ```sh\n   echo one\n   ```\n", 3),
    "first in a list item": ("- ```sh\n  echo one\n  ```\n", 1),
    "block quote": ("> ```sh\n> echo one\n> ```\n", 1),
    "details in HTML": ("<details><summary>more</summary>\n\n```sh\necho one\n```\n\n</details>\n", 3),
    "CRLF": ("Text.\r\n\r\n```sh\r\necho one\r\n```\r\n", 3),
    "byte order mark": ("\ufeff```sh\necho one\n```\n", 1),
    "front matter": ("---\ntitle: T\n---\n\n```sh\necho one\n```\n", 5),
    "no newline at the end": ("```sh\necho one\n```", 1),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_form_is_found_at_its_line(plain: Read, form: str) -> None:
    text, line = FORMS[form]
    page = plain(text)
    assert page.defects == ()
    (block,) = page.blocks
    assert (block.text, block.language, block.visibility) == ("echo one", "sh", Visibility.SHOWN)
    assert (block.location, block.first_line) == (Location("README.md", line), line + 1)


def test_a_fence_that_is_never_closed_is_a_defect_and_still_a_block(plain: Read) -> None:
    page = plain("```sh\necho one\n")
    assert [block.text for block in page.blocks] == ["echo one"]
    assert [(defect.location.line, defect.rule) for defect in page.defects] == [(1, Rule.BROKEN_FENCE)]


def test_a_fence_right_behind_an_html_tag_is_broken(plain: Read) -> None:
    page = plain("<details>\n```sh\necho one\n```\n</details>\n")
    assert page.blocks == ()
    assert [(defect.location.line, defect.rule) for defect in page.defects] == [(2, Rule.BROKEN_FENCE)]


@pytest.mark.parametrize("text", ["Text.\n\n    ```sh\n    echo one\n    ```\n", "Text.\n\n<pre>\n```sh\necho one\n```\n</pre>\n"])
def test_a_fence_in_preformatted_text_is_quoted(plain: Read, text: str) -> None:
    page = plain(text)
    assert page.defects == ()
    assert [(block.text, block.visibility) for block in page.blocks] == [("echo one", Visibility.QUOTED)]


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("    curl https://example.com\n    second\n", "curl https://example.com\nsecond"),
        ("    $ true\n", "$ true"),
        ('<pre><code class="language-sh">curl --data "a &lt; b" x\n</code></pre>\n', 'curl --data "a < b" x'),
        ("    a table\n    of words\n", None),
    ],
)
def test_code_without_a_fence_that_looks_runnable_is_told(plain: Read, code: str, told: str | None) -> None:
    page = plain(f"Text.\n\n{code}\n```sh\ntrue\n```\n")
    found = [(block.location.line, block.language, block.text) for block in page.blocks if block.text != "true"]
    assert found == ([] if told is None else [(3, "", told)])


def test_an_unclosed_comment_comments_out_the_rest_of_the_page(plain: Read) -> None:
    page = plain("<!-- later\n\n```sh\necho one\n```\n")
    assert [(block.location.line, block.visibility) for block in page.blocks] == [(3, Visibility.COMMENTED)]


def test_snippet_marks_mean_nothing(plain: Read) -> None:
    page = plain('```sh\n--8<-- "one.sh"\n```\n')
    assert (page.blocks[0].text, page.defects) == ('--8<-- "one.sh"', ())
