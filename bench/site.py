"""What the marks cost the build of the site: our build beside a bare one of the same pages, in turn, in one go.

The bare build has the same theme, search and Markdown extensions, but not ours, and neither the pages nor the evidence that are
made from a report. Ours has all of that, and the twins of `docwitness twins` afterwards. Both builds are whole processes.
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
REPORT = ROOT / ".docwitness" / "report.json"
MADE = ("coverage.md", "errors.md", "evidence")
"""What `docwitness pages` writes into the folder of the pages."""
OURS = re.compile(r"^  - docwitness\.integrations\.markdown:\n(?: {6}.*\n)+", re.MULTILINE)
MADE_IN_NAVIGATION = re.compile(r"^.*: (?:coverage|errors)\.md\n", re.MULTILINE)
MKDOCS = [sys.executable, "-m", "mkdocs", "build", "--quiet"]
DOCWITNESS = [sys.executable, "-m", "docwitness"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one build took."""

    wall_s: float
    cpu_s: float


def bare(folder: Path) -> Path:
    """A project with the same pages and nothing of ours."""
    folder.mkdir()
    for item in ROOT.iterdir():
        if item.name not in ("docs", "site", "mkdocs.yml"):
            (folder / item.name).symlink_to(item)
    shutil.copytree(ROOT / "docs", folder / "docs", ignore=shutil.ignore_patterns(*MADE))
    settings, left_out = OURS.subn("", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    assert left_out == 1, "the extension is not where it was in mkdocs.yml"
    (folder / "mkdocs.yml").write_text(MADE_IN_NAVIGATION.sub("", settings), encoding="utf-8")
    return folder


def measured(folder: Path, *commands: Sequence[str]) -> Cost:
    """Runs commands in a folder; all must end well."""
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "DOCWITNESS_REPORT": str(REPORT)}
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    for command in commands:
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"bench: {' '.join(command[2:5])} … ended with {done.returncode}:\n{done.stderr[-2000:]}")
    wall_s, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(wall_s=wall_s, cpu_s=after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3, help="how often each side is built")
    chosen = parser.parse_args()
    if not REPORT.exists():
        raise SystemExit("bench: there is no report, so there are no marks: run `./dev examples` first")
    sides: dict[str, list[Cost]] = {"bare": [], "marks": [], "marks and twins": []}
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        without = bare(Path(scratch) / "bare")
        subprocess.run([*DOCWITNESS, "pages"], cwd=ROOT, check=True, capture_output=True)
        built = ["--site-dir", f"{scratch}/site"]
        twins = [*DOCWITNESS, "twins", "--site", f"{scratch}/site"]
        for number in range(chosen.rounds + 1):  # the first round only warms up
            costs = (
                measured(without, [*MKDOCS, *built]),
                measured(ROOT, [*MKDOCS, *built]),
                measured(ROOT, [*MKDOCS, *built], twins),
            )
            for costs_of, cost in zip(sides.values(), costs, strict=True):
                costs_of.extend([cost] if number else [])
    for name, costs_of in sides.items():
        wall, cpu = (statistics.median(getattr(cost, kind) for cost in costs_of) for kind in ("wall_s", "cpu_s"))
        ratios = [one.cpu_s / other.cpu_s for one, other in zip(costs_of, sides["bare"], strict=True)]
        print(f"site, {name:16} {wall:6.2f} s, {cpu:6.2f} s of CPU, {statistics.median(ratios):5.2f} times the bare build")


if __name__ == "__main__":
    main()
