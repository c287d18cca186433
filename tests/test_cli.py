from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import docwitness
from docwitness.cli import docwitness_command


@pytest.mark.parametrize("command", [[], ["run"], ["list"], ["serve"], ["server"]])
def test_help_teaches_with_examples(project: Any, command: list[str]) -> None:
    ended = project.docwitness(*command, "--help")
    assert ended.status == 0
    assert f"Usage: docwitness {' '.join(command)}".rstrip() in ended.out
    assert "Examples:" in ended.out


def test_the_version_is_that_of_the_package(project: Any) -> None:
    assert project.docwitness("--version").out == f"docwitness, version {docwitness.__version__}\n"


@pytest.mark.parametrize("group", [[], ["server"], ["server", "database"], ["server", "token"]])
def test_a_list_of_commands_says_what_each_does_in_one_whole_line(project: Any, group: list[str]) -> None:
    listed = project.docwitness(*group, "--help").out.partition("Commands:\n")[2].rstrip().split("\n")
    assert all(re.fullmatch(r"  \w+ +[A-Z][a-z]+\b.*(?<!\.)\.", line) for line in listed), listed
    assert not any(re.match(r"  \w+ +\w+s\b", line) for line in listed), "all say: do this"


def test_an_unknown_command_is_wrong_usage(project: Any) -> None:
    ended = project.docwitness("rnu")
    assert (ended.status, "No such command 'rnu'" in ended.err) == (4, True)


def test_no_command_shows_the_help(project: Any) -> None:
    ended = project.docwitness()
    assert ended.status == 4
    assert "Exit statuses:" in ended.out + ended.err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no disk that is always full")
def test_a_full_disk_at_standard_output_is_told(project: Any) -> None:
    with Path("/dev/full").open("w") as full:
        run = {"cwd": project.folder, "env": project.environment(), "stdout": full, "stderr": subprocess.PIPE}
        done = subprocess.run(project.command("list"), text=True, check=False, **run)
    assert (done.returncode, done.stderr) == (1, "docwitness: standard output cannot be written: No space left on device\n")


def _modules(*arguments: str) -> set[str]:
    """What is loaded after a command has shown its help."""
    call = "try:\n    main(sys.argv[1:])\nexcept SystemExit:\n    print(*sys.modules, sep='\\n')\n"
    code = f"import sys\nfrom docwitness.cli import main\n{call}"
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
    return set(done.stdout.split("\n"))


def test_serve_loads_nothing_of_the_toolkit_but_how_points_are_written() -> None:
    loaded = _modules("serve", "--help")
    shared = {"docwitness.cli", "docwitness.errors", "docwitness.keeping", "docwitness.lines"}
    assert {name for name in loaded if name.startswith("docwitness.")} - shared == {
        name for name in loaded if name.startswith("docwitness.server")
    }
    assert not loaded & {"markdown", "markdown_it", "rich", "yaml", "pygments", "httpx"}


def test_the_toolkit_does_not_load_the_server_before_it_needs_it() -> None:
    loaded = _modules("run", "--help")
    assert not {"docwitness.server.app", "uvicorn", "sqlite3", "markdown", "httpx", "rich.progress"} & loaded


def test_commands_are_listed_in_the_order_of_a_newcomer() -> None:
    context = docwitness_command.make_context("docwitness", ["--help"], resilient_parsing=True)
    names = docwitness_command.list_commands(context)
    assert (names[:2], names[-2:]) == (["run", "list"], ["serve", "server"])
