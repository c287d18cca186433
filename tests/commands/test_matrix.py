"""`docwitness matrix` as users start it."""

from __future__ import annotations

import json
import os
import shutil
from typing import Any

import pytest

PAGE = """<!-- docwitness: id=seconds -->
```sh
curl --silent "https://cluster-id.influxdb.io/api/v2/write?bucket=DATABASE_NAME&precision=s" \\
  --header "Authorization: Bearer DATABASE_TOKEN" --data-binary 'home temp=21.5 1735545600'
```

<!-- docwitness: id=minutes expect=400 -->
```sh
curl --silent "https://cluster-id.influxdb.io/api/v2/write?bucket=DATABASE_NAME&precision=m" \\
  --header "Authorization: Bearer DATABASE_TOKEN" --data-binary 'home temp=21.5 28925760'
```

<!-- docwitness: values of=precision base=seconds -->

| Value | Unit |
|---|---|
| `s` | second |
| `h` | hour |
"""

VICTORIA = """
[targets.victoria]
command = ["victoria-metrics", "-httpListenAddr=127.0.0.1:{port}", "-storageDataPath={folder}", "-retentionPeriod=100y"]
"""


def _configured(project: Any, text: str) -> None:
    file = project.folder / "docwitness.toml"
    file.write_text(file.read_text(encoding="utf-8") + text, encoding="utf-8")


def _document(project: Any) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((project.folder / "matrix.json").read_text())
    return document


def _verdicts(project: Any, claim: str) -> dict[str, tuple[str, int]]:
    (found,) = [each for each in _document(project)["claims"] if each["id"] == claim]
    return {name: (entry["verdict"], entry["status"]) for name, entry in found["verdicts"].items()}


def test_json_can_go_to_standard_output_alone(project: Any) -> None:
    project.page(PAGE)
    ended = project.docwitness("matrix", "--targets", "embedded", "--json", "-")
    assert {claim["id"] for claim in json.loads(ended.out)["claims"]} >= {"seconds", "minutes"}
    assert "| `minutes` |" in ended.err


def test_two_profiles_judge_the_same_claims_differently(project: Any) -> None:
    project.page(PAGE)
    ended = project.docwitness("matrix", "--targets", "embedded:cloud-dedicated,embedded:primer", "--json", "matrix.json")
    assert ended.status == 0
    assert _verdicts(project, "minutes") == {"embedded:cloud-dedicated": ("proven", 400), "embedded:primer": ("refuted", 204)}
    assert _verdicts(project, "precision=h") == {"embedded:cloud-dedicated": ("refuted", 400), "embedded:primer": ("proven", 204)}
    assert "| `minutes` | 8 | proven (400) | refuted (204) |" in ended.out
    assert "## Where the targets do not agree\n\n- `minutes`\n" in ended.out
    assert [target["profile"] for target in _document(project)["targets"]] == ["cloud-dedicated", "primer"]


def test_the_page_can_go_to_a_file(project: Any) -> None:
    project.page(PAGE)
    ended = project.docwitness("matrix", "--targets", "embedded", "--output", "matrix.md")
    assert (ended.status, ended.out) == (0, "")
    assert (project.folder / "matrix.md").read_text().startswith("# The same claims over several targets\n")


def test_the_exchange_that_decides_is_in_the_json_without_tokens(project: Any) -> None:
    project.page(PAGE)
    project.docwitness("matrix", "--targets", "embedded", "--json", "matrix.json")
    (claim,) = [each for each in _document(project)["claims"] if each["id"] == "minutes"]
    exchange = claim["verdicts"]["embedded"]["exchange"]
    assert (exchange["request"]["body"], exchange["response"]["status"]) == ({"text": "home temp=21.5 28925760"}, 400)
    assert ["Authorization", "Bearer [token]"] in exchange["request"]["headers"]


def test_a_target_that_cannot_be_had_leaves_the_others(project: Any) -> None:
    project.page(PAGE)
    _configured(project, '[targets.gone]\ncommand = ["no-such-server", "{port}"]\n')
    ended = project.docwitness("matrix", "--targets", "gone,embedded", "--json", "matrix.json")
    assert ended.status == 6
    assert _verdicts(project, "seconds") == {"gone": ("error", None), "embedded": ("proven", 204)}
    assert "no-such-server cannot be started" in _document(project)["targets"][0]["unavailable"]


@pytest.mark.parametrize(
    ("targets", "words"),
    [
        ("embedded,secondary", "no target named 'secondary'"),
        ("embedded:secondary", "no profile named 'secondary'"),
        ("embedded,embedded", "each once"),
        (",", "targets separated by commas were expected"),
    ],
)
def test_wrong_targets_are_told_before_anything_runs(project: Any, targets: str, words: str) -> None:
    mark = project.folder / "ran"
    project.page(f"```sh\ntouch {mark}\n```\n")
    ended = project.docwitness("matrix", "--targets", targets)
    assert (ended.status, mark.exists()) == (4, False)
    assert words in ended.err


def test_without_claims_there_is_nothing(project: Any) -> None:
    project.page("# nothing\n")
    assert project.docwitness("matrix", "--targets", "embedded").status == 5


def test_victoriametrics_is_a_target_like_any_other(project: Any) -> None:
    """It takes line protocol over the same route, whoever asks, in whatever unit."""
    if shutil.which("victoria-metrics") is None:
        reason = "victoria-metrics is not installed: `apt-get install victoria-metrics`"
        pytest.fail(reason) if "CI" in os.environ else pytest.skip(reason)
    project.page(PAGE)
    _configured(project, VICTORIA)
    ended = project.docwitness("matrix", "--targets", "embedded,victoria", "--json", "matrix.json")
    assert ended.status == 0
    assert _verdicts(project, "seconds") == {"embedded": ("proven", 204), "victoria": ("proven", 204)}
    assert _verdicts(project, "minutes") == {"embedded": ("proven", 400), "victoria": ("refuted", 204)}
    assert _verdicts(project, "precision=h")["victoria"][0] == "unproven"
