"""Targets that are containers, and Telegraf from an image, in the configuration."""

from __future__ import annotations

from pathlib import Path

import pytest

from docwitness.config.reading import load
from docwitness.equipment import target_for
from docwitness.errors import ConfigurationError
from docwitness.settings import ContainerSettings
from docwitness.targets.container import Container


def configured(folder: Path, text: str) -> ContainerSettings:
    (folder / "docwitness.toml").write_text(text, encoding="utf-8")
    settings = load(folder).targets["box"]
    assert isinstance(settings, ContainerSettings)
    return settings


def test_an_image_is_enough(tmp_path: Path) -> None:
    assert configured(tmp_path, '[targets.box]\nimage = "some/image:1"\n') == ContainerSettings(name="box", image="some/image:1")


def test_all_that_can_be_set(tmp_path: Path) -> None:
    settings = configured(
        tmp_path,
        """
[targets.box]
build = "server"
port = 8086
host-port = 18086
command = ["serve", "--token={token}"]
environment = {MODE = "setup"}
user = "1000:1000"
writable = ["/var/lib/server"]
memory-mb = 512
health = "/ready"
start-limit = 90
administration = false
database = "weather"
""",
    )
    assert settings == ContainerSettings(
        name="box",
        image="docwitness-box",
        build=tmp_path / "server",
        port=8086,
        host_port=18086,
        command=("serve", "--token={token}"),
        environment={"MODE": "setup"},
        user="1000:1000",
        writable=("/var/lib/server",),
        memory_mb=512,
        health="/ready",
        start_limit_s=90,
        administration=False,
        database="weather",
    )


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("prot = 1", "unknown key 'prot' (did you mean 'port'?)"),
        ("port = 70000", "port must be a whole number from 1 to 65535"),
        ("port = true", "port must be a whole number"),
        ('command = "serve"', "command must be a list of strings, not 'serve'"),
        ("environment = {A = 1}", "A must be a string, not a number"),
        ('user = "root"', "user must be numbers, UID or UID:GID, not 'root'"),
        ('writable = ["data"]', "writable must be absolute folders"),
        ('health = "ready"', "health must begin with /"),
        ("administration = 1", "administration must be true or false"),
    ],
)
def test_a_fault_is_shown_at_its_line(tmp_path: Path, line: str, fault: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        configured(tmp_path, f'[targets.box]\nimage = "i"\n{line}\n')
    assert "docwitness.toml:3: " in str(caught.value)
    assert fault in str(caught.value)


def test_a_target_is_reached_or_contained(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="target 'box' needs a url, or the image or build of a container"):
        configured(tmp_path, "[targets.box]\n")


def test_its_name_and_the_built_in_one_start_a_container(tmp_path: Path) -> None:
    configured(tmp_path, '[targets.box]\nimage = "i"\n')
    for name in ("box", "container"):
        assert isinstance(target_for(load(tmp_path), name, None), Container)


def test_telegraf_is_a_binary_or_an_image(tmp_path: Path) -> None:
    file = tmp_path / "docwitness.toml"
    file.write_text('[runners]\ntelegraf = {image = "telegraf:1.39"}\n')
    assert load(tmp_path).runners.telegraf.image == "telegraf:1.39"
    file.write_text('[runners]\ntelegraf = {image = "telegraf:1.39", binary = "telegraf"}\n')
    with pytest.raises(ConfigurationError, match="not both"):
        load(tmp_path)
