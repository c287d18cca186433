"""Pages become samples with ids, set-ups, expected blocks and files; whatever does not run is listed with the reason."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from docwitness.collect import collect
from docwitness.collection import Collection
from docwitness.errors import ConfigurationError
from docwitness.placeholders import Placeholders
from docwitness.rule import Rule
from docwitness.sample import Language
from docwitness.settings import Configuration
from docwitness.text import digest

Collect = Callable[..., Collection]


def fence(text: str = "echo one", language: str = "sh") -> str:
    return f"```{language}\n{text}\n```\n\n"


def says(words: str) -> str:
    return f"<!-- docwitness: {words} -->\n"


def hides(words: str, text: str = "echo one") -> str:
    return f"<!-- docwitness: {words}\n```sh\n{text}\n```\n-->\n\n"


@pytest.fixture
def of(tmp_path: Path) -> Collect:
    """Collects from pages that are given as keywords, or from those of them that are `chosen`."""
    (tmp_path / "docs").mkdir()
    placeholders = Placeholders({"https://cluster-id.influxdb.io": "{url}", "DATABASE_NAME": "{database}"})

    def collected(*, chosen: str = "", **pages: str) -> Collection:
        for name, text in pages.items():
            (tmp_path / "docs" / f"{name}.md").write_text(text, encoding="utf-8")
        file = tmp_path / "docwitness.toml"
        places = {"DATABASE_NAME": 4}
        configuration = Configuration(
            root=tmp_path, file=file, paths=(tmp_path / "docs",), placeholders=placeholders, places=places
        )
        return collect(configuration, [tmp_path / "docs" / f"{chosen}.md"] if chosen else [])

    return collected


def rules(collection: Collection) -> list[tuple[str, str]]:
    return [(str(defect.location), defect.rule) for defect in collection.defects]


def left_out(collection: Collection) -> list[tuple[int, str]]:
    return [(left.location.line, left.reason) for left in collection.uncollected]


def test_samples_come_in_the_order_of_the_pages_with_an_id(of: Collect) -> None:
    collection = of(a=fence() + fence("print(1)", "py"), b=says("id=named") + fence("await 1", "js") + fence("$ ls", "console"))
    assert [(sample.id, sample.language, sample.console) for sample in collection.samples] == [
        ("docs/a.md#1", Language.SHELL, False),
        ("docs/a.md#2", Language.PYTHON, False),
        ("named", Language.NODE, False),
        ("docs/b.md#2", Language.SHELL, True),
    ]
    assert (collection.defects, collection.uncollected) == ((), ())


def test_a_sample_knows_its_text_and_place(of: Collect) -> None:
    (sample,) = of(a="Text.\n\n" + fence("\ncurl https://cluster-id.influxdb.io/ping  ")).samples
    assert (sample.text, sample.hash) == ("curl https://cluster-id.influxdb.io/ping", digest(sample.text))
    assert (str(sample.location), sample.first_line, sample.names_target) == ("docs/a.md:3", 5, True)


def test_expected_blocks_belong_to_the_sample_before(of: Collect) -> None:
    text = (
        fence() + says("response") + fence("HTTP/1.1 204", "http") + fence("x", "text") + says("stored") + fence("home t=1", "text")
    )
    collection = of(a=text + fence("echo two") + says("output") + fence("two", "text"))
    one, two = collection.samples
    assert one.response is not None
    assert (one.response.text, one.response.location.line, one.response.first_line) == ("HTTP/1.1 204", 6, 7)
    assert one.stored is not None
    assert one.output is None
    assert two.output is not None
    assert left_out(collection) == [(10, "no runner for text")]


def test_a_hidden_sample_between_takes_no_expected_block(of: Collect) -> None:
    collection = of(a=fence() + hides("id=h") + says("output") + fence("one", "text") + says("setup=h") + fence())
    assert [(sample.id, sample.output is not None) for sample in collection.samples] == [
        ("docs/a.md#1", True),
        ("h", False),
        ("docs/a.md#2", False),
    ]


def test_an_expected_block_without_a_sample_is_misplaced(of: Collect) -> None:
    assert rules(of(a=says("response") + fence("x", "http"))) == [("docs/a.md:2", Rule.MISPLACED_DIRECTIVE)]


def test_an_expected_block_after_a_block_that_does_not_run_is_left_out_too(of: Collect) -> None:
    collection = of(a=fence("main", "go") + says("output") + fence("x", "text"))
    assert (collection.defects, [line for line, _ in left_out(collection)]) == ((), [1, 6])


@pytest.mark.parametrize("language", ["go", "C#", "powershell"])
def test_an_expected_block_behind_code_that_nothing_runs_is_not_about_the_sample_before_it(of: Collect, language: str) -> None:
    output = says("output") + fence("one", "text")
    collection = of(a=fence() + output + fence("main", language) + output + fence() + output)
    assert (collection.defects, len(collection.samples)) == ((), 2)
    assert [sample.output is not None for sample in collection.samples] == [True, True]
    assert left_out(collection) == [
        (10, f"no runner for {language}"),
        (15, "no sample before it runs, so this output shows nothing"),
    ]


def test_a_second_block_of_a_kind_is_misplaced(of: Collect) -> None:
    collection = of(a=fence() + (says("output") + fence("one", "text")) * 2)
    assert rules(collection) == [("docs/a.md:11", Rule.MISPLACED_DIRECTIVE)]


def test_files_go_to_every_sample_of_their_page(of: Collect) -> None:
    collection = of(a=fence() + says("file=points.lp") + fence("home t=1", "text") + fence(), b=fence())
    assert [[file.name for file in sample.files] for sample in collection.samples] == [["points.lp"], ["points.lp"], []]
    assert collection.samples[0].files[0].text == "home t=1"
    assert collection.uncollected == ()


def test_a_file_of_code_and_a_file_that_no_sample_finds_are_left_out(of: Collect) -> None:
    collection = of(a=says("file=helper.py") + fence("x = 1", "python") + fence("import helper", "python"))
    assert left_out(collection) == [(2, "a file in the folder of the samples")]
    collection = of(a=says("file=points.lp") + fence("home t=1", "text"))
    assert left_out(collection) == [(2, "a file that no sample of the page finds")]


def test_a_file_is_given_once(of: Collect) -> None:
    collection = of(a=(says("file=a.txt") + fence("x", "text")) * 2 + fence())
    assert rules(collection) == [("docs/a.md:7", Rule.BAD_DIRECTIVE)]


def test_blocks_that_do_not_run_are_listed_with_the_reason(of: Collect) -> None:
    text = (
        fence("x", "zsh")
        + fence("{}", "json")
        + "```\nx\n```\n\n"
        + "<!--\n"
        + fence()
        + "-->\n\n````markdown\n"
        + fence()
        + "````\n\n```sh\n```\n"
    )
    assert [reason for _, reason in left_out(of(a=text))] == [
        "no runner for zsh",
        "json is parsed, not run",
        "no language",
        "in a comment",
        "no runner for markdown",
        "shown as text inside another block",
        "empty",
    ]


def test_rows_of_marked_tables_are_claims(of: Collect) -> None:
    table = "\n| Status | Message | Cause |\n|---|---|---|\n| 400 | `no` | Bad weather |\n"
    collection = of(a=says('errors of="POST /x"') + table)
    assert [(claim.id, claim.origin.location.line) for claim in collection.claims] == [("POST /x:400:no", 5), ("POST /x:errors", 3)]
    assert left_out(collection) == [(5, "Cause: prose, not judged")]


def test_a_table_that_cannot_be_read_is_a_defect(of: Collect) -> None:
    assert rules(of(a=says("values of=x base=y") + "\n| a |\n|---|\n| b |\n" + says("id=y") + fence())) == [
        ("docs/a.md:3", Rule.BAD_TABLE)
    ]


def test_a_hidden_sample_is_listed_unless_a_shown_one_asks_for_it(of: Collect) -> None:
    collection = of(
        a=hides("id=one") + hides("id=two setup=three") + hides("id=three") + hides("exit=0") + says("setup=one") + fence()
    )
    assert left_out(collection) == [
        (8, "hidden, and no sample or table asks for it"),
        (14, "hidden, and no sample or table asks for it"),
        (20, "hidden without an id, so nothing can ask for it"),
    ]
    assert [sample.hidden for sample in collection.samples] == [True, True, True, True, False]


def test_a_hidden_sample_that_a_table_varies_is_asked_for_with_its_set_ups(of: Collect) -> None:
    table = "\n| Parameter | Required |\n|---|---|\n| `p` | yes |\n"
    base = hides("id=before") + hides("id=base setup=before")
    assert left_out(of(a=base + says('parameters of="POST /x" base=base') + table)) == []


@pytest.mark.parametrize("names", [("a", "a"), ("a", "a/b"), ("a/b", "a")])
def test_two_files_that_no_folder_can_hold_are_a_defect_at_the_second(of: Collect, names: tuple[str, str]) -> None:
    files = "".join(says(f"file={name}") + fence("text") for name in names)
    assert [rule for _, rule in rules(of(a=files + fence()))] == [Rule.BAD_DIRECTIVE]


def test_hidden_samples_do_not_count(of: Collect) -> None:
    assert [sample.id for sample in of(a=hides("id=h") + fence()).samples] == ["h", "docs/a.md#1"]


def test_an_id_is_taken_once_and_the_second_sample_keeps_its_number(of: Collect) -> None:
    collection = of(a=says("id=one") + fence(), b=fence() + says("id=one") + fence())
    assert rules(collection) == [("docs/b.md:6", Rule.DUPLICATE_ID)]
    assert "docs/a.md:2" in collection.defects[0].message
    assert [sample.id for sample in collection.samples] == ["one", "docs/b.md#1", "docs/b.md#2"]


def test_an_id_that_setup_or_base_names_must_exist(of: Collect) -> None:
    collection = of(a=says("id=first") + fence() + says("setup=frist") + fence() + says("values of=x base=fisrt") + "\n- `b`\n")
    assert rules(collection) == [("docs/a.md:7", Rule.UNKNOWN_ID), ("docs/a.md:13", Rule.UNKNOWN_ID)]
    assert all("did you mean 'first'?" in defect.message for defect in collection.defects)


@pytest.mark.parametrize(
    "text", [says("id=a setup=a") + fence(), "".join(says(f"id={a} setup={b}") + fence() for a, b in ("ab", "bc", "cb"))]
)
def test_set_ups_that_go_round_in_a_circle_are_a_defect(of: Collect, text: str) -> None:
    collection = of(a=text)
    assert [rule for _, rule in rules(collection)] == [Rule.BAD_DIRECTIVE]
    assert "→" in collection.defects[0].message


def test_set_ups_on_pages_that_were_not_asked_for_come_along_hidden(of: Collect) -> None:
    collection = of(
        chosen="a", a=says("setup=two") + fence(), b=says("id=one") + fence() + says("id=two setup=one") + fence() + fence()
    )
    assert collection.defects == ()
    assert sorted((sample.id, sample.hidden) for sample in collection.samples) == [
        ("docs/a.md#1", False),
        ("one", True),
        ("two", True),
    ]


def test_pages_that_their_site_excludes_are_read_when_they_are_named(tmp_path: Path) -> None:
    (tmp_path / "mkdocs.yml").write_text("site_name: T\nexclude_docs: |\n  *.inc.md\n  !kept.inc.md\n")
    (tmp_path / "docs" / "templates").mkdir(parents=True)
    for name in ("a.md", "b.inc.md", "kept.inc.md", "templates/c.md"):
        (tmp_path / "docs" / name).write_text(fence(), encoding="utf-8")
    (tmp_path / "README.inc.md").write_text(fence(), encoding="utf-8")
    configuration = Configuration(root=tmp_path, paths=(tmp_path,))
    collection = collect(configuration)
    assert [page.path for page in collection.pages] == ["README.inc.md", "docs/a.md", "docs/kept.inc.md"]
    left = [str(left.location) for left in collection.uncollected if "exclude_docs" in left.reason]
    assert left == ["docs/b.inc.md:1", "docs/templates/c.md:1"]
    assert [page.path for page in collect(configuration, [tmp_path / "docs" / "b.inc.md"]).pages] == ["docs/b.inc.md"]


def test_set_ups_on_excluded_pages_can_be_asked_for(tmp_path: Path) -> None:
    (tmp_path / "mkdocs.yml").write_text("exclude_docs: setups.md\n")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.md").write_text(says("setup=one") + fence(), encoding="utf-8")
    (tmp_path / "docs" / "setups.md").write_text(says("id=one") + fence(), encoding="utf-8")
    collection = collect(Configuration(root=tmp_path, paths=(tmp_path / "docs",)))
    assert [(sample.id, sample.hidden) for sample in collection.samples] == [("docs/a.md#1", False), ("one", True)]
    assert collection.defects == ()


def test_patterns_of_a_site_that_are_none_are_an_error(tmp_path: Path) -> None:
    (tmp_path / "mkdocs.yml").write_text("exclude_docs: [a.md]\n")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.md").write_text(fence(), encoding="utf-8")
    with pytest.raises(ConfigurationError, match="exclude_docs: Expected a multiline string"):
        collect(Configuration(root=tmp_path, paths=(tmp_path / "docs",)))


def test_a_path_without_pages_is_a_notice(tmp_path: Path) -> None:
    (tmp_path / "docs" / "guide").mkdir(parents=True)
    (tmp_path / "docs" / "a.md").write_text(fence(), encoding="utf-8")
    (tmp_path / "docs" / "guide" / "b.mdx").write_text(fence(), encoding="utf-8")
    configuration = Configuration(root=tmp_path, paths=(tmp_path / "docs", tmp_path / "docs" / "guide"))
    assert collect(configuration).notices == ("there are no pages in docs/guide: their names end with .md or .markdown",)
    assert collect(configuration, [tmp_path / "docs"]).notices == ()
    (notice,) = collect(Configuration(root=tmp_path)).notices
    assert "set `paths`" in notice


def test_a_placeholder_that_no_page_uses_is_a_notice(of: Collect) -> None:
    pages = {"a": fence("curl https://cluster-id.influxdb.io"), "b": fence("DATABASE_NAME", "text")}
    assert of(a=pages["a"]).notices == ("docwitness.toml:4: no page uses the placeholder 'DATABASE_NAME'",)
    assert of(**pages).notices == ()
    assert of(chosen="a", **pages).notices == ()


def test_what_is_wrong_with_blocks_is_found_with_the_rest(of: Collect) -> None:
    collection = of(a=says("expct=204") + fence() + fence('{"a": 1,}', "json"))
    assert rules(collection) == [("docs/a.md:1", Rule.UNKNOWN_DIRECTIVE), ("docs/a.md:7", Rule.BROKEN_DATA)]
