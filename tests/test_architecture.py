"""The picture in `ARCHITECTURE.md`, kept true by reading the imports. Those inside functions and `TYPE_CHECKING` blocks count."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src"


PICTURE = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
PLACES = dict(re.findall(r"^\| (`[^|]*`) \| (.*) \|$", PICTURE, re.MULTILINE))
"""The rows of the picture: modules and folders, and what they are."""


def _listed(places: Iterable[str]) -> list[str]:
    return [name for place in places for name in re.findall(r"`(\w+)/?`", place)]


VALUES = {*_listed(place for place, words in PLACES.items() if words == "the values; standard library only")}
VALUES |= {"errors", "lines", "text"}
MAY_KNOW = {
    "checks": {
        *("battery", "editors", "elision", "languages", "literals", "placeholders", "precision", "server", "spelling", "topic"),
        "transcript",
    },
    "config": {"placeholders", "plugins", "settings", "spelling", "tables"},
    "containers": {"process"},
    "dialects": {"spelling"},
    "editors": set(),
    "integrations": {
        *("archive", "config", "coverage", "dialects", "folder", "gather", "languages", "pages", "placeholders"),
        *("settings", "tables"),
    },
    "probers": {"checks", "editors", "literals", "placeholders", "runners", "scoped", "targets", "throwaway", "topic"},
    "reporters": {"events"},
    "runners": {"containers", "process", "settings", "transcript"},
    "server": {"address"},
    "tables": {"spelling"},
    "targets": {"address", "containers", "process", "server", "settings", "throwaway"},
}
"""What the modules of a folder may import besides the values and each other."""
LIBRARIES = {
    "address": {"httpx"},
    "checks": {"pyflakes", "pygments", "yaml"},
    "cli": {"click"},
    "commands": {"click", "rich"},
    "containers": {"docker", "urllib3"},
    "dialects": {"markdown", "markdown_it", "mkdocs", "pymdownx", "yaml"},
    "editors": {"tomlkit", "tree_sitter", "tree_sitter_javascript"},
    "integrations": {"markdown", "mkdocs", "yaml"},
    "reporters": {"rich"},
    "server": {"click", "h11", "httpx", "uvicorn"},
    "targets": {"docker", "h11", "httpx", "trustme"},
}
"""What each part may import that is neither ours nor of the standard library; parts that are not here: nothing."""
STAGES = {"collection", "plan", "trial", "report"}


def _name(path: Path) -> str:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imported(tree: ast.Module, modules: set[str]) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in modules else str(node.module)


def _all_imports() -> dict[str, set[str]]:
    """What each module of ours imports of anybody's."""
    trees = {_name(path): ast.parse(path.read_text(encoding="utf-8")) for path in sorted(SOURCE.rglob("*.py"))}
    return {name: set(_imported(tree, set(trees))) for name, tree in trees.items()}


EVERYTHING = _all_imports()
IMPORTS = {name: (imported & set(EVERYTHING)) - {name, "docwitness"} for name, imported in EVERYTHING.items()}
"""Those of ours; the root, which holds only the version, left out."""


def _of(prefix: str) -> Mapping[str, set[str]]:
    return {name: imported for name, imported in IMPORTS.items() if name == prefix or name.startswith(f"{prefix}.")}


def _loaded(name: str) -> set[str]:
    """All that is loaded with a module, whichever way; itself included."""
    loaded = {name}
    while more := set[str]().union(*(IMPORTS[each] for each in loaded)) - loaded:
        loaded |= more
    return loaded


def _parts(imported: set[str]) -> set[str]:
    """The first part of each name below the root."""
    return {name.split(".")[1] for name in imported}


def test_the_reading_sees_something() -> None:
    assert "docwitness.page" in IMPORTS["docwitness.sample"]
    assert len(IMPORTS) > 30


def test_the_picture_shows_every_module_and_folder_once() -> None:
    assert sorted(_listed(PLACES)) == sorted({name.split(".")[1] for name in EVERYTHING if "." in name} - {"__main__"})


def test_there_is_no_ring_of_imports() -> None:
    try:
        TopologicalSorter(IMPORTS).prepare()
    except CycleError as error:
        pytest.fail(f"these import each other: {' → '.join(error.args[1])}")


def test_there_is_no_ring_of_parts() -> None:
    parts: dict[str, set[str]] = {}
    for name, imported in IMPORTS.items():
        for part in _parts({name} - {"docwitness"}):
            parts.setdefault(part, set()).update(_parts(imported) - {part})
    try:
        TopologicalSorter(parts).prepare()
    except CycleError as error:
        pytest.fail(f"these parts import each other: {' → '.join(error.args[1])}")


def test_the_server_imports_nothing_of_the_toolkit_but_how_points_and_addresses_are_written() -> None:
    assert all(_parts(imported) <= {"server", "lines", "address"} for imported in _of("docwitness.server").values())
    assert not IMPORTS["docwitness.lines"] | IMPORTS["docwitness.address"]


def test_every_folder_has_its_rule() -> None:
    folders = {path.parent.name for path in (SOURCE / "docwitness").glob("*/__init__.py")}
    assert folders - {"commands"} == set(MAY_KNOW)


@pytest.mark.parametrize("folder", sorted(MAY_KNOW))
def test_folders_know_what_they_may_and_no_more(folder: str) -> None:
    found = {part for imported in _of(f"docwitness.{folder}").values() for part in _parts(imported)} - VALUES - {folder}
    assert found == MAY_KNOW[folder]


def test_libraries_are_loaded_where_they_belong() -> None:
    found: dict[str, set[str]] = {}
    for name, imported in EVERYTHING.items():
        others = {module.partition(".")[0] for module in imported} - set(sys.stdlib_module_names) - {"docwitness"}
        if others:
            found.setdefault(name.split(".")[1], set()).update(others)
    assert found == LIBRARIES


def test_only_the_embedded_target_and_pure_parsing_reach_into_the_server() -> None:
    outside = {name for name, imported in IMPORTS.items() if "server" in _parts(imported) and ".server" not in name}
    assert {name for name in outside if not name.startswith("docwitness.checks.")} == {"docwitness.targets.embedded"}
    for name in outside - {"docwitness.targets.embedded"}:
        reached = {module for module in IMPORTS[name] if module.startswith("docwitness.server.")}
        assert reached <= {f"docwitness.server.{module}" for module in ("line_protocol", "grammar", "point", "errors")}


@pytest.mark.parametrize("target", ["url", "container", "process"])
def test_a_target_that_is_reached_or_started_elsewhere_loads_nothing_of_the_server(target: str) -> None:
    assert not {name for name in _loaded(f"docwitness.targets.{target}") if name.startswith("docwitness.server")}


@pytest.mark.parametrize("value", sorted(VALUES))
def test_values_know_only_values(value: str) -> None:
    assert _parts(IMPORTS[f"docwitness.{value}"]) <= VALUES


@pytest.mark.parametrize("stage", ["dialects", "runners", "targets", "reporters"])
def test_contracts_know_only_values(stage: str) -> None:
    assert _parts(IMPORTS[f"docwitness.{stage}.base"]) <= VALUES | {"report"}


def test_only_the_pipeline_knows_every_stage() -> None:
    assert [name for name, imported in IMPORTS.items() if _parts(imported) >= STAGES] == ["docwitness.pipeline"]


def test_only_commands_call_the_pipeline() -> None:
    callers = {name for name, imported in IMPORTS.items() if "docwitness.pipeline" in imported}
    assert callers == {f"docwitness.commands.{name}" for name in ("driving", "matrix", "run")}


def test_the_command_line_loads_nothing_until_it_is_asked() -> None:
    """`docwitness serve` must answer in milliseconds."""
    assert _parts(IMPORTS["docwitness.cli"]) <= {"errors", "keeping"}
