"""What users meet is in the docs: options, exit statuses, directives, rules, configuration keys, entry-point groups."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from docwitness.cli import docwitness_command
from docwitness.errors import Exit
from docwitness.plugins import Group
from docwitness.verdict import Outcome, Rule

TOOLKIT = Path(__file__).parents[1] / "docs" / "toolkit"
PAGES = {path.stem: path.read_text(encoding="utf-8") for path in sorted(TOOLKIT.glob("*.md"))}
ALL = "\n".join(PAGES.values())


DIRECTIVES = (
    *("id", "expect", "exit", "session", "setup", "file", "scope", "skip", "xfail", "timeout", "same"),
    *("response", "output", "stored", "parameters", "values", "options", "errors", "of", "base", "partial"),
)


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
    assert re.search(rf"(?<![\w-]){re.escape(option)}(?![\w-])", ALL), f"{command} {option}"


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
