"""The main job against the container, and with Telegraf in one, comes to the same verdicts as with everything on this machine."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
LINKED = ("docs", "examples", "mkdocs.yml", "README.md")
ESSENCE = ("kind", "page", "line", "language", "hash", "verdict", "rule")
OF_THE_RUN = re.compile(r"\bdw[0-9a-f]{12}\b|\b\d{19}\b|http://[^/]+|\d{4}-\d\d-\d\dT[\d:.]+")
"""Names of databases, nanoseconds, addresses, and moments."""
OF_THE_CONNECTION = {"host", "date"}


def project(folder: Path, replaced: Mapping[str, str]) -> Path:
    """A project with the pages of this one, and its configuration changed."""
    folder.mkdir()
    for name in LINKED:
        (folder / name).symlink_to(ROOT / name)
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for old, new in replaced.items():
        assert old in text
        text = text.replace(old, new)
    (folder / "pyproject.toml").write_text(text, encoding="utf-8")
    return folder


def shown(exchange: Mapping[str, Any]) -> str:
    """What passed, without what is another in each run; so is what stands for compressed bytes, and what Python calls a 422."""
    request, response = exchange["request"], exchange["response"]
    parts = [request["method"], request["target"], response["status"]]
    for side in (request, response):
        parts += [header for header in side["headers"] if header[0].lower() not in OF_THE_CONNECTION]
        parts.append(side["body"].get("text"))
    return OF_THE_RUN.sub("…", json.dumps(parts))


def judged(folder: Path, *arguments: str) -> tuple[dict[str, Any], dict[str, dict[str, object]]]:
    """The target, and of each claim what must not depend on it; of Telegraf samples, the exchanges too.

    Those are sorted: with `concurrent_writes` Telegraf sends its batches in any order.
    """
    report = folder / "report.json"
    command = [sys.executable, "-m", "docwitness", "run", "--json", str(report), *arguments]
    ended = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    assert report.exists(), ended.stdout
    content = json.loads(report.read_text(encoding="utf-8"))
    claims = {claim["id"]: {key: claim.get(key) for key in ESSENCE} for claim in content["claims"]}
    for claim in content["claims"]:
        if claim.get("language") == "telegraf":
            evidence = [content["evidence"][each] for each in claim["evidence"]]
            claims[claim["id"]]["shown"] = sorted(shown(exchange) for each in evidence for exchange in each["exchanges"])
    return content["target"], claims


def requests(claims: Mapping[str, Mapping[str, Any]]) -> int:
    return sum(len(claim.get("shown", ())) for claim in claims.values())


@pytest.mark.timeout(900)
def test_every_claim_has_the_same_verdict(image: str, telegraf_image: str, tmp_path: Path) -> None:
    here = project(tmp_path / "here", {})
    contained = project(
        tmp_path / "contained",
        {
            'image = "docwitness"\nbuild = "."\n': f'image = "{image}"\n',
            "[tool.docwitness.runners]\n": f'[tool.docwitness.runners]\ntelegraf = {{ image = "{telegraf_image}" }}\n',
        },
    )
    _, expected = judged(here)
    target, claims = judged(contained, "--target", "container")
    assert target["kind"] == "container"
    assert target["image"]["name"] == image
    assert len(claims) >= 40
    assert requests(claims) >= 10
    assert claims == expected
