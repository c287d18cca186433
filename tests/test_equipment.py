from __future__ import annotations

from pathlib import Path

import pytest

from docwitness.equipment import runners_for, target_for
from docwitness.errors import UsageError
from docwitness.settings import Configuration, UrlSettings
from docwitness.targets.embedded import Embedded
from docwitness.targets.url import Url

CONFIGURATION = Configuration(root=Path.cwd(), targets={"staging": UrlSettings(url="https://staging.example.com")})


def test_each_language_has_its_runner() -> None:
    runners = runners_for(CONFIGURATION, ["shell", "python", "node", "telegraf", "shell"])
    assert {language: runner.name for language, runner in runners.items()} == {
        "node": "node",
        "python": "python",
        "shell": "shell",
        "telegraf": "telegraf",
    }


def test_an_unknown_language_lists_the_runners() -> None:
    with pytest.raises(UsageError, match="no runner named 'kotlin'; installed: node, python, shell, telegraf"):
        runners_for(CONFIGURATION, ["kotlin"])


def test_the_target_of_the_configuration_is_the_default() -> None:
    assert isinstance(target_for(CONFIGURATION, None, None), Embedded)


@pytest.mark.parametrize("wanted", ["staging", "https://other.example.com/"])
def test_a_named_target_or_a_bare_address_is_reached(wanted: str) -> None:
    assert isinstance(target_for(CONFIGURATION, wanted, None), Url)


def test_a_profile_can_be_part_of_the_name() -> None:
    assert isinstance(target_for(CONFIGURATION, "embedded:primer", None), Embedded)
    with pytest.raises(UsageError, match="no profile named 'second'; known: cloud-dedicated, primer"):
        target_for(CONFIGURATION, "embedded:second", None)


def test_an_unknown_target_lists_the_known_ones() -> None:
    with pytest.raises(UsageError, match=r"no target named 'stagging' \(did you mean 'staging'\?\); known: .*embedded.*staging"):
        target_for(CONFIGURATION, "stagging", None)


def test_a_profile_is_for_the_embedded_server_alone() -> None:
    assert isinstance(target_for(CONFIGURATION, "embedded", "primer"), Embedded)
    with pytest.raises(UsageError, match="'staging' follows its own rules"):
        target_for(CONFIGURATION, "staging", "primer")
