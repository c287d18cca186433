"""The README shows what a run prints."""

from __future__ import annotations

import re
from pathlib import Path

from tests.conftest import Project

from docwitness.elision import text_difference

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def _shown() -> str:
    """The run that the README shows, with `…` for what differs from run to run."""
    block = re.search(r"^## What a run looks like$.*?^```text\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
    assert block is not None
    return block[1]


def test_the_run_in_the_readme_is_what_a_run_prints(project: Project) -> None:
    configuration = project.folder / "docwitness.toml"
    configuration.write_text(configuration.read_text(encoding="utf-8").replace("cluster-id.", "cluster-id.a."), encoding="utf-8")
    sample = "\n".join(re.findall(r"^ +\d (.*)$", _shown(), re.MULTILINE))
    project.page(f"# Write\n\n```sh\n{sample}\n```\n", "write.md")
    done = project.docwitness("run")
    assert text_difference(_shown(), done.out) is None
