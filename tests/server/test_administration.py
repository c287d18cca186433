"""The commands `docwitness server …` against a server that runs."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from docwitness.server.cli import server as command


@pytest.fixture
def run(server: Any) -> Callable[..., Result]:
    """Runs a command against the server of the test."""
    return lambda *words: CliRunner().invoke(command, [*words, "--url", server.url])


def test_a_database_is_created_listed_and_deleted(run: Callable[..., Result]) -> None:
    assert run("database", "create", "a/b", "--retention", "30d", "--partial-writes").output == ""
    assert run("database", "create", "plain").exit_code == 0
    assert run("database", "list").output.splitlines() == [
        "a/b      2592000s          partial writes",
        "plain    keeps everything  partial writes as the server",
        "sensors  keeps everything  partial writes as the server",
    ]
    for name in ("a/b", "plain", "sensors"):
        assert run("database", "delete", name).exit_code == 0
    assert run("database", "list").output == ""


def test_a_token_is_printed_alone_so_that_scripts_can_use_it(server: Any, run: Callable[..., Result]) -> None:
    made = run("token", "create", "sensors", "--permission", "write")
    token, token_id = made.stdout.strip(), made.stderr.removeprefix("id ").strip()
    assert server.write("m f=1 1", token=token).status == 204
    assert f"{token_id}  sensors  write" in run("token", "list").output
    assert token not in run("token", "list").output
    assert run("token", "delete", token_id).exit_code == 0
    assert server.write("m f=1 1", token=token).status == 403


def test_points_are_line_protocol(server: Any, run: Callable[..., Result]) -> None:
    lines = ["home,room=living\\ room n=3i,temp=21.5 1", 'log,host=a text="two\nlines, \x1b[31mred\x1b[0m and \u2028" 2']
    server.write("\n".join(lines))
    assert run("points", "sensors").output == "\n".join([*lines, ""])
    assert run("points", "sensors", "home").output == lines[0] + "\n"
    assert run("points", "sensors", "nope").output == ""


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("database", "create", "sensors"), "Error: database sensors exists\n"),
        (
            ("database", "create", "a b"),
            "Error: namespace name 'a b' contains invalid character, character number 1 is not allowed\n",
        ),
        (("database", "delete", "nope"), "Error: database nope not found\n"),
        (("token", "create", "nope"), "Error: database nope not found\n"),
        (("token", "delete", "nope"), "Error: token nope not found\n"),
        (("points", "nope"), "Error: database nope not found\n"),
    ],
)
def test_a_refusal_is_told_in_the_words_of_the_server(run: Callable[..., Result], words: tuple[str, ...], message: str) -> None:
    result = run(*words)
    assert (result.exit_code, result.stderr) == (1, message)


@pytest.mark.parametrize(
    "words",
    [
        *(("database", word, "\udcff") for word in ("create", "delete")),
        *(("token", word, "\udcff") for word in ("create", "delete")),
        ("points", "\udcff"),
        ("points", "sensors", "\udcff"),
    ],
)
def test_a_name_that_is_not_utf_8_is_wrong_usage(run: Callable[..., Result], words: tuple[str, ...]) -> None:
    result = run(*words)
    assert result.exit_code == click.UsageError.exit_code
    assert "\\udcff is not UTF-8" in result.stderr


@pytest.mark.parametrize("retention", ["", "0", "1w", "-1d", "1.5h", "d"])
def test_a_retention_that_is_none(run: Callable[..., Result], retention: str) -> None:
    result = run("database", "create", "x", "--retention", retention)
    assert result.exit_code == 2
    assert "is not a time like 90s, 15m, 12h or 30d" in result.stderr


def test_the_administration_token_comes_from_a_file(start: Callable[..., Any], tmp_path: Path) -> None:
    server = start(admin_token="correct-horse-battery")
    words = ["database", "list", "--url", server.url]
    refused = CliRunner().invoke(command, words)
    assert (refused.exit_code, refused.stderr) == (1, "Error: administration needs the administration token\n")
    (tmp_path / "token").write_text("correct-horse-battery\n", encoding="ascii")
    assert CliRunner().invoke(command, [*words, "--admin-token-file", str(tmp_path / "token")]).exit_code == 0


@pytest.mark.parametrize("words", [("database", "list"), ("points", "sensors")])
def test_where_nothing_listens_the_error_says_how_to_start_a_server(words: tuple[str, ...]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    result = CliRunner().invoke(command, [*words, "--url", url])
    assert result.exit_code == 6
    assert result.stderr.startswith(f"Error: no answer from {url}")
    assert "docwitness serve" in result.stderr


def test_no_proxy_comes_between(run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.getsockname()[1]}")
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        proxy.settimeout(0.0)
        assert run("database", "create", "direct").exit_code == 0
        with pytest.raises(BlockingIOError):
            proxy.accept()


def test_a_server_that_is_not_ours_is_told() -> None:
    with HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as other:
        thread = threading.Thread(target=other.handle_request)
        thread.start()
        result = CliRunner().invoke(command, ["database", "list", "--url", f"http://127.0.0.1:{other.server_port}"])
        thread.join()
    assert result.exit_code == 6
    assert result.stderr.endswith("answers 501, but is not a docwitness server\n")


class Welcoming(BaseHTTPRequestHandler):
    """Answers 200 to whatever it is asked, as development servers of web pages do."""

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(self.page)))
        self.end_headers()
        self.wfile.write(self.page)

    do_POST = do_DELETE = do_GET  # noqa: N815
    page = b""


@pytest.mark.parametrize("page", [b"<html>\n", b'{"message": "hello"}\n', b"[1]\n"])
@pytest.mark.parametrize(
    "words",
    [
        *(("database", *words) for words in (("create", "x"), ("list",), ("delete", "x"))),
        *(("token", *words) for words in (("create", "x"), ("list",), ("delete", "x"))),
        ("points", "x"),
    ],
)
def test_a_server_that_welcomes_everything_is_not_ours(page: bytes, words: tuple[str, ...]) -> None:
    handler = type("Handler", (Welcoming,), {"page": page})
    with HTTPServer(("127.0.0.1", 0), handler) as other:
        thread = threading.Thread(target=other.handle_request)
        thread.start()
        result = CliRunner().invoke(command, [*words, "--url", f"http://127.0.0.1:{other.server_port}"])
        thread.join()
    assert (result.exit_code, result.stdout) == (6, "")
    assert result.stderr.endswith("answers 200, but is not a docwitness server\n")


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("http://[::1", "is not a URL: "),
        *(
            (url, "is not the URL of a server, such as http://127.0.0.1:8181\n")
            for url in (
                "127.0.0.1:8181",
                "localhost:8181",
                "ftp://127.0.0.1",
                "http://",
                "http://127.0.0.1:73717",
                "http://127..0.1",
                "",
            )
        ),
    ],
)
def test_an_address_that_is_none_is_wrong_usage(url: str, message: str) -> None:
    result = CliRunner().invoke(command, ["database", "list", "--url", url])
    assert result.exit_code == click.UsageError.exit_code
    assert f"Error: {url} {message}" in result.stderr


def commands_of(group: click.Command, *words: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield words, group
    for name, inner in group.commands.items() if isinstance(group, click.Group) else ():
        yield from commands_of(inner, *words, name)


@pytest.mark.parametrize(("words", "each"), [pytest.param(*found, id=" ".join(found[0])) for found in commands_of(command)])
def test_every_command_says_what_it_does(words: tuple[str, ...], each: click.Command) -> None:
    result = CliRunner().invoke(command, [*words, "--help"])
    assert result.exit_code == 0
    assert each.help
    assert each.help.partition("\n")[0].split() == result.output.split("\n\n")[1].split()
