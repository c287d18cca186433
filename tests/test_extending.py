"""The worked examples of `docs/toolkit/extending.md`, installed and run."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from tests.conftest import Project

EXAMPLES = Path(__file__).parents[1] / "examples" / "extensions"
ENTRY_POINTS = """[docwitness.reporters]
markdown-list = markdown_reporter:MarkdownList
[docwitness.runners]
perl = perl_runner:Perl
[docwitness.dialects]
asciidoc = asciidoc_dialect:AsciiDoc
[docwitness.targets]
primer = primer_target:Primer
"""
MINUTES = """```{language}
curl --silent --data-binary 'home temp=21.5' --header "Authorization: Bearer DATABASE_TOKEN" \\
  "https://cluster-id.influxdb.io/api/v2/write?bucket=DATABASE_NAME&precision=m"
```
"""


@pytest.fixture
def packages(tmp_path: Path) -> str:
    """A folder for `PYTHONPATH` in which a package with all four is installed."""
    information = tmp_path / "packages" / "example-1.0.dist-info"
    shutil.copytree(EXAMPLES, information.parent)
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: example\nVersion: 1.0\n", encoding="utf-8")
    (information / "entry_points.txt").write_text(ENTRY_POINTS, encoding="utf-8")
    return str(information.parent)


def test_the_reporter_lists_what_is_refuted(project: Project, packages: str) -> None:
    project.page("```sh\nfalse\n```\n")
    project.run("--report", "markdown-list=refuted.md", PYTHONPATH=packages)
    assert (project.folder / "refuted.md").read_text(encoding="utf-8").startswith("- `docs/page.md:")


@pytest.mark.parametrize(("status", "verdict"), [(0, "proven"), (7, "refuted")])
def test_the_runner_runs_its_language(project: Project, packages: str, status: int, verdict: str) -> None:
    if shutil.which("perl") is None:
        pytest.fail("there is no perl") if "CI" in os.environ else pytest.skip("there is no perl on PATH")
    project.page(f"```perl\nexit {status};\n```\n")
    ended = project.run(PYTHONPATH=packages)
    assert [claim["verdict"] for claim in ended.claims.values()] == [verdict]
    assert ended.report is not None
    assert ended.report["tools"] == {"perl": "5"}


def test_the_dialect_reads_its_pages(project: Project, packages: str) -> None:
    (project.folder / "guide.adoc").write_text("= Guide\n\n[source,sh]\n----\nfalse\n----\n", encoding="utf-8")
    configuration = project.folder / "docwitness.toml"
    text = configuration.read_text(encoding="utf-8").replace('["docs"]', '["guide.adoc"]')
    configuration.write_text(f'{text}[dialects]\n"guide.adoc" = "asciidoc"\n', encoding="utf-8")
    (claim,) = project.run(PYTHONPATH=packages).claims.values()
    assert (claim["page"], claim["line"], claim["rule"]) == ("guide.adoc", 3, "exit-status")


@pytest.mark.parametrize(("target", "verdict"), [("primer", "proven"), ("embedded", "refuted")])
def test_the_target_behaves_as_the_primer_says(project: Project, packages: str, target: str, verdict: str) -> None:
    """Only there is a minute a unit; the time is left out, so the point is stored now."""
    project.page(MINUTES.replace("{language}", "sh"))
    ended = project.run("--target", target, PYTHONPATH=packages)
    assert [claim["verdict"] for claim in ended.claims.values()] == [verdict]


def test_the_page_shows_each_example_and_its_entry_point() -> None:
    page = (EXAMPLES.parents[1] / "docs" / "toolkit" / "extending.md").read_text(encoding="utf-8")
    for example in EXAMPLES.glob("*.py"):
        assert f'--8<-- "examples/extensions/{example.name}"' in page
