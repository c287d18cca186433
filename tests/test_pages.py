"""Page files are found, read in their dialect, and never lost."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from docwitness.errors import ConfigurationError, UsageError
from docwitness.page import Page
from docwitness.pages import Library, find
from docwitness.rule import Rule
from docwitness.settings import Configuration

FENCE = "```sh\necho one\n```\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    return tmp_path


def read(root: Path, content: bytes, name: str = "docs/page.md") -> Page:
    (root / name).write_bytes(content)
    return Library(Configuration(root=root)).read(root / name)


def test_folders_are_searched_for_markdown(root: Path) -> None:
    for name in ("b.md", "a.markdown", "C.MD", "d.txt", "e.png"):
        (root / "docs" / name).write_bytes(b"\x00\xff")
    for hidden in (".venv", "node_modules", ".git"):
        (root / "docs" / hidden).mkdir()
        (root / "docs" / hidden / "x.md").write_text("")
    assert [file.name for file in find([root / "docs"])] == ["C.MD", "a.markdown", "b.md"]


def test_a_file_that_is_named_is_a_page_whatever_its_name_and_each_is_read_once(root: Path) -> None:
    (root / "docs" / "a.md").write_text("")
    (root / "README").write_text("")
    (root / "docs" / "link.md").symlink_to("a.md")
    found = find([root / "README", root / "docs" / "a.md", root / "docs"])
    assert found == (root / "README", root / "docs" / "a.md")


def test_a_ring_of_links_ends(root: Path) -> None:
    (root / "docs" / "again").symlink_to(root / "docs", target_is_directory=True)
    (root / "docs" / "a.md").write_text("")
    assert find([root / "docs"]) == (root / "docs" / "a.md",)


def test_a_folder_that_a_link_leads_to_is_searched_as_mkdocs_does(root: Path) -> None:
    (root / "shared" / "more").mkdir(parents=True)
    (root / "shared" / "more" / "a.md").write_text("")
    (root / "shared" / "more" / "up").symlink_to(root / "docs", target_is_directory=True)
    (root / "docs" / "linked").symlink_to("../shared", target_is_directory=True)
    assert find([root / "docs"]) == (root / "docs" / "linked" / "more" / "a.md",)
    assert find([root / "docs", root / "shared"]) == (root / "docs" / "linked" / "more" / "a.md",)


def test_a_page_goes_by_its_own_name_before_that_of_a_link(root: Path) -> None:
    (root / "docs" / "z").mkdir()
    (root / "docs" / "z" / "page.md").write_text("")
    (root / "docs" / "z" / "alias.md").symlink_to("page.md")
    (root / "docs" / "a").symlink_to("z", target_is_directory=True)
    assert find([root / "docs"]) == (root / "docs" / "z" / "page.md",)


def test_a_path_with_nothing_at_it_is_an_error(root: Path) -> None:
    with pytest.raises(UsageError, match="there is no"):
        find([root / "dosc"])


def test_a_page_of_a_site_is_read_in_its_dialect_and_a_readme_beside_it_is_plain(root: Path) -> None:
    (root / "mkdocs.yml").write_text("site_name: T\n")
    assert read(root, b"").dialect == "mkdocs"
    assert read(root, b"", "README.md").dialect == "commonmark"


def test_the_folder_of_pages_is_the_one_that_the_site_names(root: Path) -> None:
    (root / "mkdocs.yaml").write_text("docs_dir: pages\n")
    (root / "pages").mkdir()
    assert read(root, b"").dialect == "commonmark"
    assert read(root, b"", "pages/a.md").dialect == "mkdocs"


def test_the_deepest_path_of_the_configuration_decides_the_dialect(root: Path) -> None:
    (root / "docs" / "plain").mkdir()
    file = root / "docs" / "plain" / "a.md"
    file.write_text(FENCE)
    chosen = {root.resolve() / "docs": "mkdocs", root.resolve() / "docs" / "plain": "commonmark"}
    library = Library(Configuration(root=root, dialects=chosen))
    assert library.read(file).dialect == "commonmark"
    (root / "docs" / "b.md").write_text(FENCE)
    assert library.read(root / "docs" / "b.md").dialect == "mkdocs"


def test_a_page_outside_of_the_project_has_a_relative_path(root: Path) -> None:
    (root / "inner").mkdir()
    (root / "a.md").write_text("")
    assert Library(Configuration(root=root / "inner")).read(root / "a.md").path == "../a.md"


def test_a_page_that_is_not_utf_8_is_a_defect_at_its_line_and_its_blocks_are_kept(root: Path) -> None:
    page = read(root, b"Text.\n\ncaf\xe9\n\n" + FENCE.encode())
    assert [(defect.location.line, defect.rule) for defect in page.defects] == [(3, Rule.UNREADABLE_PAGE)]
    assert [block.location.line for block in page.blocks] == [5]


def test_the_encoding_of_a_page_is_named_where_its_first_bytes_tell_it(root: Path) -> None:
    page = read(root, FENCE.encode("utf-16"))
    assert "UTF-16" in page.defects[0].message


def test_a_nul_character_is_a_defect(root: Path) -> None:
    page = read(root, b"Text.\n\0\n")
    assert [(defect.location.line, defect.rule) for defect in page.defects] == [(2, Rule.UNREADABLE_PAGE)]


def test_a_link_to_nothing_is_a_page_with_a_defect(root: Path) -> None:
    (root / "docs" / "a.md").symlink_to("gone.md")
    page = Library(Configuration(root=root)).read(*find([root / "docs"]))
    assert (page.path, page.blocks, [defect.rule for defect in page.defects]) == ("docs/a.md", (), [Rule.UNREADABLE_PAGE])


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_page_without_the_right_to_read_it_is_a_defect(root: Path) -> None:
    (root / "docs" / "a.md").write_text(FENCE)
    (root / "docs" / "a.md").chmod(0)
    page = Library(Configuration(root=root)).read(root / "docs" / "a.md")
    assert [defect.rule for defect in page.defects] == [Rule.UNREADABLE_PAGE]


@pytest.mark.parametrize("dialect", ["mkdocs", "commonmark"])
@pytest.mark.parametrize(
    "content", [b"", b"\n", b"---\ntitle: x\n---\n", b"\xef\xbb\xbf", b"\x02\x03", "\ue0d00\ue0d1 \ue0d20\ue0d3".encode()]
)
def test_pages_without_anything_are_empty(root: Path, dialect: str, content: bytes) -> None:
    if dialect == "mkdocs":
        (root / "mkdocs.yml").write_text("site_name: T\n")
    page = read(root, content)
    assert (page.dialect, page.blocks, page.defects) == (dialect, (), ())


def test_a_huge_page_is_read(root: Path) -> None:
    (root / "mkdocs.yml").write_text("markdown_extensions: [pymdownx.superfences]\n")
    page = read(root, (f"Text.\n\n{FENCE}\n" * 2000).encode())
    assert len(page.blocks) == 2000
    assert page.blocks[-1].location.line == 1999 * 6 + 3


@pytest.mark.parametrize(
    "text", ["markdown_extensions: [no_such_extension]\n", "x: [\n", "INHERIT: no.yml\n", "- a\n", "markdown_extensions: [1]\n"]
)
def test_settings_of_a_site_that_cannot_be_used_are_named(root: Path, text: str) -> None:
    (root / "mkdocs.yml").write_text(text)
    with pytest.raises(ConfigurationError, match=r"mkdocs\.yml: "):
        read(root, FENCE.encode())
