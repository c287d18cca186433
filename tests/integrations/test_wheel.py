"""Somebody else's site: the built wheel brings all that the extension needs, and nothing of this repository is looked at."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from docwitness.integrations.assets import NAMES

ROOT = Path(__file__).parents[2]
SETTINGS = """site_name: Theirs
theme: {name: THEME}
nav:
  - index.md
  - Coverage: coverage.md
  - Errors: errors.md
markdown_extensions:
  - attr_list
  - pymdownx.superfences
  - docwitness.integrations.markdown:
      server_help: index.html
extra_css: [assets/docwitness.css]
extra_javascript: [assets/docwitness.js]
"""
CONFIGURATION = """paths = ["docs/index.md"]
[placeholders]
"https://api.example.com" = "{url}"
TOKEN = "{token}"
DATABASE = "{database}"
"""
PAGE = """# Theirs

```{ .sh #write }
curl --silent "https://api.example.com/api/v2/write?bucket=DATABASE" \\
  --header "Authorization: Bearer TOKEN" --data-binary "home temp=21.5"
```
"""


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with nothing in it but what the wheel holds."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as opened:
        opened.extractall(folder / "packages")
    return folder / "packages"


def _run(folder: Path, packages: Path, *command: str) -> str:
    """What a command prints, which must end well."""
    environment: Mapping[str, str] = {**os.environ, "PYTHONPATH": str(packages), "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run([sys.executable, *command], cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("theme", ["material", "mkdocs"])
def test_a_site_of_somebody_else_has_marks_that_open(tmp_path: Path, packages: Path, theme: str) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text(PAGE, encoding="utf-8")
    (tmp_path / "docwitness.toml").write_text(CONFIGURATION, encoding="utf-8")
    (tmp_path / "mkdocs.yml").write_text(SETTINGS.replace("THEME", theme), encoding="utf-8")
    where = _run(tmp_path, packages, "-c", "import docwitness; print(docwitness.__file__)")
    assert Path(where.strip()).is_relative_to(packages)
    for command in ("docwitness run", "docwitness pages", "mkdocs build --strict", "docwitness twins"):
        _run(tmp_path, packages, "-m", *command.split())
    site = tmp_path / "site"
    page = (site / "index.html").read_text(encoding="utf-8")
    assert "Verified against docwitness" in page
    (exhibit,) = re.findall(r'data-docwitness-exhibit="(\w+)"', page)
    assert json.loads((site / "evidence" / f"{exhibit}.json").read_text(encoding="utf-8"))["claims"][0]["verdict"] == "proven"
    for name in NAMES:
        assert f"assets/{name}" in page
        assert (site / "assets" / name).stat().st_size > 1000
    assert 'data-help="index.html"' in page
    assert "✓ Verified" in (site / "index.md").read_text(encoding="utf-8")
