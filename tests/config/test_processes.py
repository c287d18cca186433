"""Targets that are processes, and what coverage demands, as a configuration says it."""

from __future__ import annotations

from pathlib import Path

import pytest

from docwitness.config.reading import load
from docwitness.errors import ConfigurationError
from docwitness.settings import Configuration, CoverageSettings, Inability, ProcessSettings

PROCESS = """
[targets.victoria]
command = ["victoria-metrics", "-httpListenAddr=127.0.0.1:{port}", "-storageDataPath={folder}"]
environment = {GOMAXPROCS = "1"}
health = "/-/healthy"
start-limit = 5
database = "home"
"""

COVERAGE = """
[coverage]
floor = 100
languages = ["shell", "telegraf"]

[coverage.cannot.telegraf]
precision = "it always sends nanoseconds"
"400 no org…" = "it always sends a query string"
"""


def _load(folder: Path, text: str) -> Configuration:
    (folder / "docs").mkdir(exist_ok=True)
    (folder / "docwitness.toml").write_text('paths = ["docs"]\n' + text, encoding="utf-8")
    return load(folder)


def test_a_process_is_read(tmp_path: Path) -> None:
    configuration = _load(tmp_path, PROCESS)
    assert configuration.targets["victoria"] == ProcessSettings(
        name="victoria",
        command=("victoria-metrics", "-httpListenAddr=127.0.0.1:{port}", "-storageDataPath={folder}"),
        environment={"GOMAXPROCS": "1"},
        health="/-/healthy",
        start_limit_s=5,
        database="home",
    )


def test_other_words_in_braces_are_text(tmp_path: Path) -> None:
    text = '[targets.own]\ncommand = ["sh", "-c", "exec awk {print} {port} ${x}"]\n'
    settings = _load(tmp_path, text).targets["own"]
    assert isinstance(settings, ProcessSettings)
    assert settings.command[2] == "exec awk {print} {port} ${x}"


def test_a_process_can_be_of_the_project(tmp_path: Path) -> None:
    text = '[targets.own]\ncommand = ["{project}/server", "{port}"]\nenvironment = {DATA = "{project}/data"}\n'
    settings = _load(tmp_path, text).targets["own"]
    assert isinstance(settings, ProcessSettings)
    assert settings.command == (f"{tmp_path}/server", "{port}")
    assert settings.environment == {"DATA": f"{tmp_path}/data"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("command = []", "docwitness.toml:3: command must begin with a program"),
        ('command = ["server"]', "docwitness.toml:3: say where it listens"),
        ('command = "server"', "docwitness.toml:3: command must be a list of strings, not 'server'"),
        ('command = ["server", 1]', "docwitness.toml:3: command[1] must be a string, not a number"),
        ('command = ["server"]\nport = 70000', "docwitness.toml:4: port must be a whole number from 0 to 65535"),
        ('command = ["server"]\nprot = 1', "docwitness.toml:4: unknown key 'prot' (did you mean 'port'?)"),
        (
            'command = ["server", "-listen=:{prot}"]\nport = 1',
            "docwitness.toml:3: unknown value '{prot}' (did you mean '{port}'?)",
        ),
        (
            'command = ["server", "{port}"]\nenvironment.A = "{}"\nenvironment.B = "{projects}/b"',
            "docwitness.toml:5: unknown value '{projects}' (did you mean '{project}'?)",
        ),
        ('image = "x"\nenvironment = {TOKEN = "{tokn}"}', "docwitness.toml:4: unknown value '{tokn}' (did you mean '{token}'?)"),
        ('token-env = "T"', "target 'own' needs a url, or the image or build of a container, or the command of a process"),
    ],
)
def test_what_cannot_be_a_process_is_told_with_its_line(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        _load(tmp_path, f"[targets.own]\n{text}\n")
    assert words in str(raised.value)


def test_what_coverage_demands_is_read(tmp_path: Path) -> None:
    assert _load(tmp_path, COVERAGE).coverage == CoverageSettings(
        floor=100,
        languages=("shell", "telegraf"),
        cannot=(
            Inability(language="telegraf", row="precision", reason="it always sends nanoseconds", line=8),
            Inability(language="telegraf", row="400 no org…", reason="it always sends a query string", line=9),
        ),
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("floor = 101", "docwitness.toml:3: floor must be a whole number from 0 to 100"),
        ("flor = 100", "docwitness.toml:3: unknown key 'flor' (did you mean 'floor'?)"),
        ('languages = "shell"', "docwitness.toml:3: languages must be a list of strings, not 'shell'"),
        (
            'cannot.telegraf.precision = ""',
            "docwitness.toml:3: coverage.cannot.telegraf.precision must be a non-empty string",
        ),
    ],
)
def test_what_coverage_cannot_demand_is_told_with_its_line(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        _load(tmp_path, f"[coverage]\n{text}\n")
    assert words in str(raised.value)
