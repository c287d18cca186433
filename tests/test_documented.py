"""What users meet is in the docs: options, exit statuses, directives, rules, keys of settings and reports, entry-point groups."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import click
import pytest
from tests.conftest import SCHEMA, Project

from docwitness.cli import docwitness_command
from docwitness.config.reading import load
from docwitness.directives import Directives, Role
from docwitness.errors import ConfigurationError, Exit
from docwitness.plugins import Group
from docwitness.rule import Rule
from docwitness.verdict import Kind, Outcome

ROOT = Path(__file__).parents[1]
TOOLKIT = ROOT / "docs" / "toolkit"
PAGES = {path.stem: path.read_text(encoding="utf-8") for path in sorted(TOOLKIT.glob("*.md"))}
ALL = "\n".join(PAGES.values())
SECTIONS = dict(re.findall(r"^## `(docwitness \w+)`\n(.*?)(?=^## |\Z)", ALL, re.DOTALL | re.MULTILINE))
"""What is said of each command."""
DIRECTIVES = sorted({field.name.removesuffix("_s") for field in fields(Directives)} - {"role"} | set(Role) - {Role.SAMPLE})
FIRST_CELLS = re.findall(r"^\| (.*?) \|", f"{PAGES['configuration']}\n{PAGES['container']}", re.MULTILINE)
KEYS = {key for cell in FIRST_CELLS for key in re.findall(r"`([^`]+)`", cell)}
"""Those of the configuration that have a row."""
TABLES = {
    "": "",
    "[runners.python]": "runners.python.",
    "[runners.node]": "runners.node.",
    "[runners.telegraf]": "runners.telegraf.",
    "[targets.own]\nurl = 'http://127.0.0.1'": "targets.NAME.",
    "[targets.own]\ncommand = ['server', '{port}']": "targets.NAME.",
    "[targets.own]\nimage = 'server'": "",
    "[coverage]": "coverage.",
}
"""The beginning of each table of a configuration, and what its keys begin with in the docs."""
SESSIONS = re.findall(r"^@nox\.session.*\ndef (\w+)", (ROOT / "noxfile.py").read_text(encoding="utf-8"), re.MULTILINE)


def _commands(group: click.Group, *names: str) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield " ".join((*names, name)), command
        if isinstance(command, click.Group):
            yield from _commands(command, *names, name)


COMMANDS = dict(_commands(docwitness_command, "docwitness"))
OPTIONS = sorted(
    {
        (name, option)
        for name, command in COMMANDS.items()
        for parameter in command.params
        if isinstance(parameter, click.Option)
        for option in parameter.opts
    }
)


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_is_documented(command: str) -> None:
    assert command in ALL


@pytest.mark.parametrize(("command", "option"), OPTIONS)
def test_every_option_is_documented(command: str, option: str) -> None:
    section = SECTIONS[" ".join(command.split()[:2])]
    assert re.search(rf"(?<![\w-]){re.escape(option)}(?![\w-])", section), f"{command} {option}"


@pytest.mark.parametrize("status", list(Exit))
def test_every_exit_status_has_a_row(status: Exit) -> None:
    assert re.search(rf"^\| `?{status.value}`? \|", PAGES["rules"], re.MULTILINE)


@pytest.mark.parametrize("rule", list(Rule))
def test_every_rule_has_a_row(rule: Rule) -> None:
    assert re.search(rf"^\| `{rule.value}` \|", PAGES["rules"], re.MULTILINE)


def test_no_row_is_about_a_rule_that_does_not_exist() -> None:
    words = set(re.findall(r"^\| `([a-z]+(?:-[a-z]+)*)` \|", PAGES["rules"], re.MULTILINE))
    assert words - {str(outcome) for outcome in Outcome} == {rule.value for rule in Rule}


@pytest.mark.parametrize("directive", DIRECTIVES)
def test_every_directive_is_documented(directive: str) -> None:
    assert re.search(rf"`{directive}\b", PAGES["directives"])


@pytest.mark.parametrize("group", list(Group))
def test_every_entry_point_group_is_documented(group: Group) -> None:
    assert f"`{group.value}`" in ALL


def _known(folder: Path, table: str) -> list[str]:
    """The keys that a table of a configuration may have, as the error for another one lists them."""
    file = folder / "docwitness.toml"
    file.write_text(f"{table}\nqqqqqqqqqqqq = 1\n", encoding="utf-8")
    with pytest.raises(ConfigurationError) as raised:
        load(folder, file)
    return str(raised.value).partition("; known: ")[2].split(", ")


@pytest.mark.parametrize("table", TABLES)
def test_every_key_of_the_configuration_has_a_row(tmp_path: Path, table: str) -> None:
    known = _known(tmp_path, table)
    assert known != [""]
    for key in known:
        wanted = f"{TABLES[table]}{key}"
        assert any(row == wanted or row.startswith(f"{wanted}.") for row in KEYS), wanted


def test_every_kind_of_column_is_documented(tmp_path: Path) -> None:
    (row,) = (line for line in PAGES["configuration"].splitlines() if line.startswith("| `columns.KIND` |"))
    assert {f"`{kind}`" for kind in _known(tmp_path, "[columns]")} <= set(re.findall(r"`\w+`", row))


@pytest.mark.parametrize("key", sorted(SCHEMA["$defs"]["claim"]["properties"]))
def test_every_key_of_a_claim_has_a_row(key: str) -> None:
    assert re.search(rf"^\| [^|]*`{key}`[^|]* \|", PAGES["report"], re.MULTILINE)


@pytest.mark.parametrize("key", sorted(SCHEMA["$defs"]["evidence"]["properties"]))
def test_every_key_of_evidence_is_documented(key: str) -> None:
    assert f"`{key}`" in PAGES["report"]


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_of_claim_is_documented(kind: Kind) -> None:
    (row,) = (line for line in PAGES["report"].splitlines() if line.startswith("| `kind` |"))
    assert f"`{kind.value}`" in row


def _shape(value: Any) -> Any:
    """Without what differs from run to run: values, but not their types."""
    if isinstance(value, dict):
        return {key: _shape(inner) for key, inner in value.items()}
    return [_shape(inner) for inner in value] if isinstance(value, list) else type(value)


def test_the_report_in_the_docs_is_that_of_the_tutorial(project: Project) -> None:
    files = re.findall(r'^(`{3,4})\{[^\n]*data-file="([^"]+)" \}\n(.*?)^\1$', PAGES["index"], re.DOTALL | re.MULTILINE)
    for _, name, text in files:
        (project.folder / name).write_text(text.replace("&precision=s", ""), encoding="utf-8")
    report = project.run().report
    assert report is not None
    (block,) = re.findall(r"^```json\n(.*?)^```$", PAGES["report"], re.DOTALL | re.MULTILINE)
    shown = json.loads(block)
    assert _shape(shown) == _shape(report)
    assert [claim | {"duration_s": 0} for claim in shown["claims"]] == [claim | {"duration_s": 0} for claim in report["claims"]]


@pytest.mark.parametrize("session", SESSIONS)
def test_contributors_are_told_of_every_session(session: str) -> None:
    assert re.search(rf"`\./dev [^`]*\b{session}\b", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))
