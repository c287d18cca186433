"""Runs against a write server that runs by itself, as a user would start it."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

PAGE = """<!-- docwitness: id=write -->
```sh
curl --silent --show-error "https://cluster-id.influxdb.io/api/v2/write?bucket=DATABASE_NAME&precision=s" \\
  --header "Authorization: Bearer DATABASE_TOKEN" --data-binary 'home temp=21.5 1735545600'
```
"""


@contextmanager
def _serving(project: Any, *options: str) -> Iterator[dict[str, str]]:
    """What `docwitness serve` says of itself: `URL`, `database`, `token`."""
    process = subprocess.Popen(
        project.command("serve", "--memory", "--port", "0", "--no-access-log", *options),
        cwd=project.folder,
        env=project.environment(PYTHONUNBUFFERED="1"),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert process.stdout is not None
        said: dict[str, str] = {}
        while "token" not in said:
            line = process.stdout.readline()
            assert line, "the server ended"
            word, _, rest = line.partition(" ")
            said[word] = rest.strip()
        yield said
    finally:
        process.terminate()
        process.communicate(timeout=20)


@pytest.fixture
def server(project: Any) -> Iterator[str]:
    """The URL of a server whose administration is open to us."""
    with _serving(project) as said:
        yield said["URL"]


def test_an_open_administration_gives_each_sample_a_database(project: Any, server: str) -> None:
    project.page(PAGE)
    ended = project.run("--target", server)
    assert (ended.status, ended.report["target"]["kind"]) == (0, "url")
    (evidence,) = ended.report["evidence"].values()
    assert [point["time_ns"] for point in evidence["effect"]] == [1_735_545_600_000_000_000]


def test_a_named_target_is_reached_by_its_name(project: Any, server: str) -> None:
    project.page(PAGE)
    with (project.folder / "docwitness.toml").open("a") as configuration:
        configuration.write(f'\n[targets.local]\nurl = "{server}"\n')
    assert project.run("--target", "local").status == 0


def test_a_server_that_we_may_not_administer_is_shared_and_its_effects_are_not_judged(project: Any) -> None:
    project.page(PAGE)
    with _serving(project, "--admin-token-file", "administration") as said:
        ended = project.run("--target", said["URL"], DOCWITNESS_TOKEN=said["token"], DOCWITNESS_DATABASE=said["database"])
    assert (ended.status, ended.claims["write"]["verdict"]) == (0, "proven")
    assert any("shared one database" in notice for notice in ended.report["notices"])
    assert [evidence["effect"] for evidence in ended.report["evidence"].values()] == [None]
    assert said["token"] not in (project.folder / "report.json").read_text() + ended.out + ended.err


def test_with_its_administration_token_effects_are_judged_again(project: Any) -> None:
    project.page(PAGE)
    with _serving(project, "--admin-token-file", "administration") as said:
        with (project.folder / "docwitness.toml").open("a") as configuration:
            configuration.write(f'\n[targets.local]\nurl = "{said["URL"]}"\nadmin-token-env = "ADMIN"\n')
        token = (project.folder / "administration").read_text().strip()
        ended = project.run("--target", "local", ADMIN=token)
    assert ended.status == 0
    assert [len(evidence["effect"]) for evidence in ended.report["evidence"].values()] == [1]
    assert token not in (project.folder / "report.json").read_text() + ended.out + ended.err
