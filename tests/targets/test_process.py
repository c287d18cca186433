"""Servers that are started for a run and end with it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from docwitness.directives import ScopeSettings
from docwitness.errors import TargetUnavailableError
from docwitness.settings import ProcessSettings
from docwitness.targets.process import OwnProcess

pytestmark = pytest.mark.anyio

SERVE = (sys.executable, "-m", "docwitness", "serve", "--memory", "--port", "{port}", "--no-access-log")

FOREIGN = """
import http.server, os, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(204)
        self.end_headers()
print("in", os.getcwd(), "with", os.environ["TOKEN"], "and", sorted(os.environ), flush=True)
open(sys.argv[2], "w").write(f"{os.getpid()} {os.getcwd()} {os.environ['TOKEN']}")
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""


def _foreign(note: Path, **changes: Any) -> ProcessSettings:
    command = (sys.executable, "-c", FOREIGN, "{port}", str(note))
    return ProcessSettings(**({"name": "foreign", "command": command, "environment": {"TOKEN": "{token}"}} | changes))


def _is_there(folder: str) -> bool:
    return Path(folder).is_dir()


async def test_a_docwitness_server_makes_fresh_scopes() -> None:
    async with OwnProcess(ProcessSettings(name="own", command=SERVE)).running() as target:
        assert (target.description.kind, target.fresh_scopes) == ("process", True)
        one, other = [await target.open_scope(ScopeSettings()) for _ in range(2)]
        assert one.database != other.database
        assert await target.effect(one) == ()


async def test_any_other_server_shares_a_database_and_a_token_of_the_run(tmp_path: Path) -> None:
    note = tmp_path / "note"
    async with OwnProcess(_foreign(note, database="home")).running() as target:
        scope = await target.open_scope(ScopeSettings())
        _, _, token = note.read_text().split()
        assert (target.fresh_scopes, scope.database, scope.token) == (False, "home", token)
        assert (target.description.server, await target.effect(scope)) == (Path(sys.executable).name, None)


async def test_nothing_of_it_is_left(tmp_path: Path) -> None:
    note = tmp_path / "note"
    async with OwnProcess(_foreign(note)).running():
        process, folder, _ = note.read_text().split()
        assert _is_there(folder)
    assert not _is_there(folder)
    with pytest.raises(ProcessLookupError):
        os.kill(int(process), 0)


@pytest.mark.parametrize(
    ("program", "advice"),
    [
        ("no-such-server", r"Is it installed\?"),
        ("/no/server", r"Is it installed\?"),
        ("./server", r"\{project\}/… is a file of the project"),
    ],
)
async def test_a_program_that_is_missing_is_told(program: str, advice: str) -> None:
    with pytest.raises(TargetUnavailableError, match=rf"{program} cannot be started.*{advice}"):
        async with OwnProcess(ProcessSettings(name="none", command=(program, "{port}"))).running():
            pass


async def test_a_server_that_ends_at_once_is_told_with_its_words_but_no_token() -> None:
    command = ("sh", "-c", 'echo "cannot listen, says {token}"; exit 7')
    with pytest.raises(TargetUnavailableError, match=r"sh does not run: it ended with status 7\n  cannot listen, says \[token\]"):
        async with OwnProcess(ProcessSettings(name="dead", command=command, port=1)).running():
            pass


async def test_a_server_that_never_answers_is_given_up() -> None:
    settings = ProcessSettings(name="mute", command=("sleep", "60"), port=1, start_limit_s=0.1)
    with pytest.raises(TargetUnavailableError, match="sleep is not healthy after 0 s: GET /health gives no answer"):
        async with OwnProcess(settings).running():
            pass
