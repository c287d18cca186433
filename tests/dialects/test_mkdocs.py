"""Pages of MkDocs sites come out as readers see them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from docwitness.page import Block, Location, Page, Visibility
from docwitness.rule import Rule

Read = Callable[[str], Page]

FORMS = {
    "plain": ("```sh\necho one\n```\n", 1),
    "without a newline at the end": ("```sh\necho one\n```", 1),
    "title and lines": ('Text.\n\n```sh title="one" hl_lines="1" linenums="1"\necho one\n```\n', 3),
    "blank before the language": ("``` sh\necho one\n```\n", 1),
    "brace form": ('``` { .sh #one title="a" data-note="b" }\necho one\n```\n', 1),
    "attributes behind the language": ('```sh { placeholders="A|B" }\necho one\n```\n', 1),
    "tildes": ("~~~sh\necho one\n~~~\n", 1),
    "more backticks": ("`````sh\necho one\n`````\n", 1),
    "content tab": ('=== "A"\n\n    Text.\n\n=== "B"\n\n    ```sh\n    echo one\n    ```\n', 7),
    "admonition": ("!!! note\n\n    ```sh\n    echo one\n    ```\n", 3),
    "closed details": ('??? tip "T"\n\n    ```sh\n    echo one\n    ```\n', 3),
    "tab in an admonition": ('!!! note\n\n    === "A"\n\n        ```sh\n        echo one\n        ```\n', 5),
    "list": ("1. Step\n\n    ```sh\n    echo one\n    ```\n", 3),
    "list in a list": ("- a\n    - b\n\n        ```sh\n        echo one\n        ```\n", 4),
    "block quote": ("> Text.\n>\n> ```sh\n> echo one\n> ```\n", 3),
    "footnote": ("Text.[^1]\n\n[^1]:\n    ```sh\n    echo one\n    ```\n", 4),
    "Markdown in HTML": ("<div markdown>\n\n```sh\necho one\n```\n\n</div>\n", 3),
    "raw HTML": ("<div>\n```sh\necho one\n```\n</div>\n", 2),
    "CRLF": ("Text.\r\n\r\n```sh\r\necho one\r\n```\r\n", 3),
    "byte order mark": ("\ufeff```sh\necho one\n```\n", 1),
    "front matter": ("---\ntitle: T\ntags: [a]\n---\n\n```sh\necho one\n```\n", 6),
    "MultiMarkdown metadata": ("title: T\n\n```sh\necho one\n```\n", 3),
    "tab before the fence": ("1. Step\n\n\t```sh\n\techo one\n\t```\n", 3),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_form_is_found_at_its_line(read: Read, form: str) -> None:
    text, line = FORMS[form]
    page = read(text)
    assert page.defects == ()
    (block,) = page.blocks
    assert (block.text, block.language, block.visibility) == ("echo one", "sh", Visibility.SHOWN)
    assert block.location == Location("docs/page.md", line)
    assert block.first_line == line + 1


def shown(page: Page) -> list[tuple[int, str]]:
    return [(block.location.line, block.text) for block in page.blocks if block.visibility is Visibility.SHOWN]


def rules(page: Page) -> list[tuple[int, str]]:
    return [(defect.location.line, defect.rule) for defect in page.defects]


def only(page: Page) -> Block:
    (block,) = page.blocks
    return block


def test_tabs_are_what_the_site_makes_of_them(site: Any) -> None:
    text = "```sh\na\tb\n```\n"
    assert only(site.read(text)).text == "a   b"
    site.settings("site_name: T\nmarkdown_extensions:\n  - pymdownx.superfences: {preserve_tabs: true}\n")
    assert only(site.read(text)).text == "a\tb"


def test_lines_beside_a_snippet_keep_the_numbers_of_the_page(site: Any) -> None:
    site.file("two.sh", "one\ntwo\n")
    block = only(site.read('Text.\n\n```sh\n\ntrue\n--8<-- "two.sh:1:2"\nfalse\n```\n'))
    assert (block.text, block.source) == ("true\none\ntwo\nfalse", None)
    assert [block.line(offset) for offset in range(4)] == [5, 6, 6, 7]


def test_marks_of_sections_between_lines_of_a_source_are_counted(site: Any) -> None:
    site.file("two.sh", "# --8<-- [start:all]\none\n# --8<-- [start:part]\ntwo\n# --8<-- [end:part]\n# --8<-- [end:all]\n")
    block = only(site.read('```sh\n--8<-- "two.sh:all"\n```\n'))
    assert (block.text, block.source) == ("one\ntwo", Location("docs/two.sh", 2))
    assert [block.line(offset) for offset in range(2)] == [2, 4]


def test_blank_lines_around_a_snippet_leave_its_lines_alone(site: Any) -> None:
    site.file("one.sh", "one\n\ntwo\n")
    block = only(site.read('```sh\n\n--8<-- "one.sh"\n\n```\n'))
    assert (block.source, block.numbers) == (Location("docs/one.sh", 1), ())
    assert [block.line(offset) for offset in range(3)] == [1, 2, 3]


def test_what_a_snippet_includes_itself_is_not_of_its_file(site: Any) -> None:
    site.file("in.sh", "in\n")
    site.file("whole.md", '```sh\none\n```\n\n```sh\n--8<-- "in.sh"\ntwo\n```\n')
    one, two = site.read('Text.\n\n--8<-- "whole.md"\n').blocks
    assert (one.source, one.line(0)) == (Location("docs/whole.md", 2), 2)
    assert (two.text.split(), two.source) == (["in", "two"], None)
    assert {two.line(offset) for offset in range(3)} == {3}


def test_leading_blank_lines_do_not_shift_the_first_line(read: Read) -> None:
    block = only(read("```sh\n\n\necho one\n\n```\n"))
    assert (block.text, block.first_line) == ("echo one", 4)


def test_a_custom_fence_is_a_block_too(read: Read) -> None:
    assert only(read("```mermaid\ngraph LR\n```\n")).language == "mermaid"


def test_a_whole_file_is_the_source(site: Any) -> None:
    site.file("one.sh", "\n# comment\necho one\n")
    block = only(site.read('Text.\n\n```sh\n--8<-- "one.sh"\n```\n'))
    assert block.text == "# comment\necho one"
    assert block.location == Location("docs/page.md", 3)
    assert (block.source, block.first_line) == (Location("docs/one.sh", 2), 2)


def test_a_section_of_a_file_is_the_source(site: Any) -> None:
    marks = "# --8<-- [start:{0}]\necho {0}\n# --8<-- [end:{0}]\n"
    site.file("two.sh", marks.format("a") + marks.format("b"))
    block = only(site.read('- x\n\n    ```sh\n    --8<-- "two.sh:b"\n    ```\n'))
    assert (block.text, block.source) == ("echo b", Location("docs/two.sh", 5))


def test_text_of_the_page_with_a_file_in_it_has_no_single_source(site: Any) -> None:
    site.file("one.sh", "echo one\n")
    block = only(site.read('```sh\necho zero\n--8<-- "one.sh"\n```\n'))
    assert (block.text, block.source, block.first_line) == ("echo zero\necho one", None, 2)


def test_snippets_between_block_marks_are_included(site: Any) -> None:
    site.file("one.sh", "echo one\n")
    block = only(site.read("```sh\n--8<--\none.sh\n--8<--\n```\n"))
    assert (block.text, block.source) == ("echo one", Location("docs/one.sh", 1))


def test_an_escaped_snippet_is_text(read: Read) -> None:
    assert only(read('```sh\n;--8<-- "one.sh"\n```\n')).text == '--8<-- "one.sh"'


def test_fences_in_an_included_page_stand_where_it_is_included(site: Any) -> None:
    site.file("part.md", 'Text.\n\n=== "A"\n\n    ```sh\n    echo part\n    ```\n')
    page = site.read('Text.\n\n--8<-- "part.md"\n\n```sh\necho own\n```\n')
    assert [(block.location.line, str(block.source), block.text) for block in page.blocks] == [
        (3, "docs/part.md:6", "echo part"),
        (5, "None", "echo own"),
    ]


@pytest.mark.parametrize("checked", ["true", "false"])
def test_a_dangling_snippet_is_a_defect_at_its_line_even_if_the_site_does_not_check(site: Any, checked: str) -> None:
    site.file("one.sh", "echo one\n")
    site.settings(
        f"markdown_extensions:\n  - pymdownx.superfences\n  - pymdownx.snippets: {{base_path: docs, check_paths: {checked}}}\n"
    )
    page = site.read('```sh\n--8<-- "no.sh"\n```\n\n```sh\n--8<-- "one.sh:section"\n```\n')
    assert rules(page) == [(2, Rule.DANGLING_SNIPPET), (6, Rule.DANGLING_SNIPPET)]
    assert "no.sh" in page.defects[0].message


def test_what_the_site_appends_to_every_page_is_not_part_of_a_block(site: Any) -> None:
    site.file("words.md", "*[API]: x\n")
    site.settings(
        "markdown_extensions:\n  - pymdownx.superfences\n  - pymdownx.snippets: {base_path: docs, auto_append: [words.md]}\n"
    )
    assert only(site.read("```sh\necho one\n```")).text == "echo one"


def test_the_header_of_a_short_fence_that_is_not_understood_is_a_broken_fence(read: Read) -> None:
    page = read("```sh #one\necho one\n```\n")
    assert (page.blocks, rules(page)) == ((), [(1, Rule.BROKEN_FENCE)])
    assert "```sh #one" in page.defects[0].message


def test_a_block_that_a_broken_fence_swallows_is_a_defect_too(read: Read) -> None:
    page = read('```sh data-x="1"\necho one\n```\n\nText.\n\n```sh\necho two\n```\n\n```sh\necho three\n```\n')
    assert shown(page) == [(11, "echo three")]
    assert rules(page) == [(1, Rule.BROKEN_FENCE), (7, Rule.BROKEN_FENCE)]
    assert "swallowed" in page.defects[1].message


def test_a_fence_that_is_never_closed_is_a_defect(read: Read) -> None:
    page = read("Text.\n\n```sh\necho one\n")
    assert (page.blocks, rules(page)) == ((), [(3, Rule.BROKEN_FENCE)])
    assert "never closed" in page.defects[0].message


def test_a_fence_whose_content_is_indented_less_is_a_defect_that_names_the_line(read: Read) -> None:
    page = read("1. x\n\n    ```sh\n    echo one\n  echo two\n    ```\n")
    assert rules(page)[0] == (3, Rule.BROKEN_FENCE)
    assert "line 5" in page.defects[0].message


def test_relaxed_headers_are_the_sites_own_choice(site: Any) -> None:
    site.settings("markdown_extensions:\n  - pymdownx.superfences: {relaxed_headers: true}\n")
    page = site.read("```sh #one\necho one\n```\n")
    assert (page.defects, only(page).text) == ((), "echo one")


def test_a_line_of_prose_with_code_spans_is_no_fence(read: Read) -> None:
    page = read("````` ```sh #one ````` and ```` ```sh ```` are prose.\n\n```sh\necho one\n```\n")
    assert (page.defects, shown(page)) == ((), [(3, "echo one")])


def test_a_fence_in_an_indented_code_block_is_quoted(read: Read) -> None:
    page = read("Text.\n\n    ```sh\n    echo one\n    ```\n\n    ```sh #broken\n    echo two\n    ```\n")
    assert page.defects == ()
    assert [(block.location.line, block.visibility, block.text) for block in page.blocks] == [
        (3, Visibility.QUOTED, "echo one"),
        (7, Visibility.QUOTED, "echo two"),
    ]


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("    curl https://example.com\n    second\n", 3),
        ("    :::sh\n    echo one\n", 3),
        ("    $ true\n", 3),
        ('<pre><code class="language-sh">curl --data "a &lt; b" x\n</code></pre>\n', 3),
        ("    a table\n    of words\n", None),
    ],
)
def test_code_without_a_fence_that_looks_runnable_is_told(read: Read, code: str, line: int | None) -> None:
    page = read(f"Text.\n\n{code}\n```sh\ntrue\n```\n")
    found = [(block.location.line, block.language) for block in page.blocks if block.text != "true"]
    assert found == ([] if line is None else [(line, "")])
    assert (page.defects, page.blocks[-1].text) == ((), "true")


def test_code_without_a_fence_is_told_where_it_stands_whatever_else_says_the_same(read: Read) -> None:
    fenced = "Take `curl x`.\n\n```sh\ncurl x\n```\n\n"
    page = read(fenced + "    curl x\n\n```sh\ntrue\n```\n\n1. List\n\n        curl x\n        curl y\n\nEnd.\n\n    curl x\n")
    assert [block.location.line for block in page.blocks if not block.language] == [7, 15, 20]


def test_a_site_without_superfences_finds_fences_at_the_beginning_of_lines_only(site: Any) -> None:
    site.settings("site_name: T\n")
    page = site.read("```sh\necho one\n```\n\n``` { .sh #two }\necho two\n```\n\n- x\n\n    ```sh\n    echo three\n    ```\n")
    assert shown(page) == [(1, "echo one"), (5, "echo two")]
    assert rules(page) == [(11, Rule.BROKEN_FENCE)]
    assert "superfences" in page.defects[0].hint


def test_settings_are_inherited_and_read_from_the_environment(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SNIPPETS", "docs")
    (site.root / "base.yml").write_text(
        "markdown_extensions:\n  pymdownx.superfences: {}\n  pymdownx.snippets: {base_path: [!ENV SNIPPETS]}\n"
    )
    site.settings("INHERIT: base.yml\nsite_name: T\n")
    site.file("one.sh", "echo one\n")
    assert only(site.read('```sh\n--8<-- "one.sh"\n```\n')).text == "echo one"


def test_a_snippet_folder_relative_to_the_page_follows_the_page(site: Any) -> None:
    site.settings("markdown_extensions:\n  - pymdownx.superfences\n  - pymdownx.snippets: {base_path: [!relative ]}\n")
    site.file("one.sh", "echo one\n")
    assert only(site.read('```sh\n--8<-- "one.sh"\n```\n')).text == "echo one"


def test_a_page_on_which_an_extension_fails_is_unreadable_but_no_fault_of_the_run(
    site: Any, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("extensions")
    (folder / "failing_extension.py").write_text(
        "from markdown import Extension\nfrom markdown.preprocessors import Preprocessor\n"
        "class Fails(Preprocessor):\n    def run(self, lines): raise LookupError('no such word')\n"
        "class Failing(Extension):\n    def extendMarkdown(self, md): md.preprocessors.register(Fails(md), 'fails', 50)\n"
        "def makeExtension(**options): return Failing(**options)\n"
    )
    monkeypatch.syspath_prepend(folder)
    site.settings("markdown_extensions: [failing_extension]\n")
    page = site.read("```sh\necho one\n```\n")
    assert rules(page) == [(1, Rule.UNREADABLE_PAGE)]
    assert "no such word" in page.defects[0].message
