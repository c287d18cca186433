"""The picture in `ARCHITECTURE.md`, kept true by reading the imports. Those inside functions and `TYPE_CHECKING` blocks count."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src"

VALUES = {"directives", "page", "sample", "execution", "lines", "exchange", "evidence", "verdict", "text", "errors", "reach"}
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


def _imports() -> dict[str, set[str]]:
    """What each module of ours imports of ours; the root, which holds only the version, left out."""
    trees = {_name(path): ast.parse(path.read_text(encoding="utf-8")) for path in sorted(SOURCE.rglob("*.py"))}
    modules = set(trees)
    return {name: (set(_imported(tree, modules)) & modules) - {name, "docwitness"} for name, tree in trees.items()}


IMPORTS = _imports()


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


def test_there_is_no_ring_of_imports() -> None:
    try:
        TopologicalSorter(IMPORTS).prepare()
    except CycleError as error:
        pytest.fail(f"these import each other: {' → '.join(error.args[1])}")


def test_the_server_imports_nothing_of_the_toolkit_but_how_points_are_written() -> None:
    assert all(_parts(imported) <= {"server", "lines"} for imported in _of("docwitness.server").values())
    assert not IMPORTS["docwitness.lines"]


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


def test_checks_are_pure() -> None:
    """They judge what others found out: no runner, target or reporter can be called from there."""
    forbidden = {"runners", "targets", "reporters", "process", "trial", "pipeline", "commands"}
    for name, imported in _of("docwitness.checks").items():
        assert not _parts(imported) & forbidden, name


def test_runners_and_targets_know_neither_each_other_nor_those_who_use_them() -> None:
    users = {"checks", "change", "probers", "collect", "reporters", "plan", "trial", "pipeline"}
    for one, other in (("runners", "targets"), ("targets", "runners")):
        for name, imported in _of(f"docwitness.{one}").items():
            assert not _parts(imported) & (users | {other}), name


def test_reporters_get_reports_and_nothing_that_runs() -> None:
    for name, imported in _of("docwitness.reporters").items():
        assert not _parts(imported) & {"trial", "pipeline", "ledger", "plan", "process", "checks", "commands"}, name
        assert not {module for module in imported if module.startswith(("docwitness.runners.", "docwitness.targets."))} - {
            "docwitness.runners.base",
            "docwitness.targets.base",
        }, name


def test_only_the_pipeline_knows_every_stage() -> None:
    assert [name for name, imported in IMPORTS.items() if _parts(imported) >= STAGES] == ["docwitness.pipeline"]


def test_only_commands_call_the_pipeline() -> None:
    callers = {name for name, imported in IMPORTS.items() if "docwitness.pipeline" in imported}
    assert callers == {f"docwitness.commands.{name}" for name in ("driving", "matrix", "run")}


def test_the_command_line_loads_nothing_until_it_is_asked() -> None:
    """`docwitness serve` must answer in milliseconds."""
    assert _parts(IMPORTS["docwitness.cli"]) <= {"errors"}
