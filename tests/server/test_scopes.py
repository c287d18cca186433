"""What targets and containers use: databases made with their tokens, and an administration token made at the start."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from docwitness.server.options import admin_token_file, own_admin_token_file


def started(file: Path, *, own: bool, words: tuple[str, ...] = (), **variables: str) -> Result:
    option = own_admin_token_file if own else admin_token_file

    def show(admin_token: str) -> None:
        click.echo(admin_token)

    command = click.command()(option(show))
    return CliRunner().invoke(command, [*words], env={"DOCWITNESS_ADMIN_TOKEN_FILE": str(file)} | variables)


def test_a_database_is_made_with_its_tokens(server: Any) -> None:
    made = server.ask("POST", "/admin/databases", body=b'{"name": "fresh", "tokens": [["read", "write"], ["read"]]}')
    assert made.status == 201
    writing, reading = (token["token"] for token in made.json["tokens"])
    server.database = "fresh"
    assert server.write("m f=1 1", token=writing).status == 204
    assert server.write("m f=1 1", token=reading).status == 403


@pytest.mark.parametrize("tokens", ['"read"', '["read"]', "[[]]", '[["own"]]', "[" + ",".join(['["read"]'] * 11) + "]"])
def test_what_is_no_list_of_permissions_makes_nothing(server: Any, tokens: str) -> None:
    refused = server.ask("POST", "/admin/databases", body=f'{{"name": "fresh", "tokens": {tokens}}}'.encode())
    assert refused.status == 400
    assert "`tokens` is a list of at most 10 lists" in refused.json["message"]
    assert [row["name"] for row in server.ask("GET", "/admin/databases").json["databases"]] == ["sensors"]


def test_serve_makes_an_administration_token_for_its_owner_only_and_keeps_it(tmp_path: Path) -> None:
    file = tmp_path / "data" / "admin-token"
    first = started(file, own=True).output
    assert file.read_text() == first
    assert file.stat().st_mode & 0o777 == 0o600
    assert started(file, own=True).output == first


def test_other_commands_make_none(tmp_path: Path) -> None:
    result = started(tmp_path / "admin-token", own=False)
    assert result.exit_code == 2
    assert "cannot be read" in result.output
    assert not (tmp_path / "admin-token").exists()


def test_the_option_goes_before_the_variable(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("of-the-variable-aaaa\n")
    (tmp_path / "b").write_text("of-the-option-bbbbbb\n")
    words = ("--admin-token-file", str(tmp_path / "b"))
    assert started(tmp_path / "a", own=True, words=words).output == "of-the-option-bbbbbb\n"


def test_a_place_where_none_can_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = started(tmp_path / "file" / "folder" / "admin-token", own=True)
    assert result.exit_code == 2
    assert "cannot be made" in result.output
