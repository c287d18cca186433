"""What docwitness costs over the bare commands: the samples of the docs run by hand, as many at a time, beside `docwitness run`.

Both sides run the same texts with the same tools, in turn, in one go; the figures that count are ratios. By hand there is no
fresh database, no recorder and no judging: each sample is written to a file and given to its tool, against one write server
that runs as a process of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from docwitness.collect import collect
from docwitness.config.reading import load
from docwitness.plan import Plan, draw, longest_first
from docwitness.sample import Language, Sample
from docwitness.settings import Configuration
from docwitness.targets.gateway import Gateway, gateway
from docwitness.transcript import split

HARNESS = """\
[agent]
  omit_hostname = true
  precision = "1ns"
[[inputs.file]]
  files = ["probe.lp"]
  data_format = "influx"
"""
OWN = """\
import resource
from docwitness.cli import main
try:
    main()
finally:
    used = resource.getrusage(resource.RUSAGE_SELF)
    with open({file!r}, "w") as note:
        note.write(str(used.ru_utime + used.ru_stime))
"""
"""Runs the command line, and notes the CPU time of its own process (embedded server included, samples not)."""
SAMPLES_ONLY = [word for language in Language for word in ("--lang", language.value)]
"""Where languages are chosen, tables are not judged: nobody runs those by hand."""
PATIENCE_S = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one round took."""

    wall_s: float
    cpu_s: float
    """User and system time of everything that it started."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """The write server under the bare commands."""

    url: str
    token: str
    database: str
    gateway: Gateway

    @property
    def values(self) -> dict[str, str]:
        """What fills placeholders; the server does for a proxy, as it answers requests in absolute form."""
        return {
            "url": self.url,
            "host": self.url.removeprefix("http://"),
            "proxy": self.url,
            "token": self.token,
            "read_token": self.token,
            "database": self.database,
            "tls_url": self.gateway.url,
            "mtls_url": self.gateway.mtls_url,
            "tls_ca": str(self.gateway.authority),
            "tls_cert": str(self.gateway.certificate),
            "tls_key": str(self.gateway.key),
        }


@contextmanager
def serving() -> Iterator[Server]:
    """`docwitness serve`, until the block ends."""
    process = subprocess.Popen(
        [sys.executable, "-m", "docwitness", "serve", "--memory", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        said = "".join(process.stdout.readline() for _ in range(4))
        url, token, database = (_word(said, name) for name in ("url", "token", "database"))
        with tempfile.TemporaryDirectory(prefix="bench-") as folder, tls_before(url, Path(folder)) as gateway:
            yield Server(url=url, token=token, database=database, gateway=gateway)
    finally:
        process.terminate()
        process.wait(PATIENCE_S)


@contextmanager
def tls_before(url: str, folder: Path) -> Iterator[Gateway]:
    """The gateway that samples about certificates need, on an event loop in a thread of its own."""
    loop = asyncio.new_event_loop()
    entering = gateway(int(url.rpartition(":")[2]), folder)
    with ThreadPoolExecutor(1) as thread:
        thread.submit(loop.run_forever)
        try:
            yield asyncio.run_coroutine_threadsafe(entering.__aenter__(), loop).result(PATIENCE_S)
        finally:
            asyncio.run_coroutine_threadsafe(entering.__aexit__(None, None, None), loop).result(PATIENCE_S)
            loop.call_soon_threadsafe(loop.stop)
    loop.close()


def _word(text: str, name: str) -> str:
    found = re.search(rf"^{name}\s*[:=]?\s+(\S+)", text, re.MULTILINE | re.IGNORECASE)
    if found is None:
        raise SystemExit(f"bench: the server did not print its {name}: {text!r}")
    return found[1]


def commands(configuration: Configuration, sample: Sample, text: str, folder: Path) -> list[str]:
    """What a person would type to run this text in this folder."""
    match sample.language:
        case Language.SHELL:
            script = split(text).script if sample.console else text
            return ["bash", "-e", "-o", "pipefail", "-c", script]
        case Language.PYTHON:
            (folder / "sample.py").write_text(text + "\n")
            return [configuration.runners.python.interpreter or sys.executable, "sample.py"]
        case Language.NODE:
            (folder / "sample.mjs").write_text(text + "\n")
            packages = configuration.runners.node.packages
            if packages is not None and not (folder / "node_modules").exists():
                (folder / "node_modules").symlink_to(packages / "node_modules")
            return [configuration.runners.node.interpreter, "sample.mjs"]
        case _:
            (folder / "sample.conf").write_text(text + "\n")
            (folder / "harness.conf").write_text(HARNESS)
            (folder / "probe.lp").write_text("home,room=Kitchen temp=21.5 1735545600000000000\n")
            return [
                configuration.runners.telegraf.binary,
                "--once",
                "--unprotected",
                "--config",
                "harness.conf",
                "--config",
                "sample.conf",
            ]


def by_hand(configuration: Configuration, plan: Plan, server: Server) -> None:
    """Runs the steps of a plan one after another in a fresh folder; those of a session as one text, as in one terminal."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        texts: list[tuple[Sample, str]] = []
        for step in plan.steps:
            text = configuration.placeholders.fill(step.sample.text, server.values)
            if step.continues and texts and texts[-1][0].directives.session == step.sample.directives.session:
                text = f"{texts.pop()[1]}\n{text}"
            texts.append((step.sample, text))
            for file in step.sample.files:
                (folder / file.name).parent.mkdir(parents=True, exist_ok=True)
                (folder / file.name).write_text(configuration.placeholders.fill(file.text, server.values) + "\n")
        for sample, text in texts:
            argv = commands(configuration, sample, text, folder)
            environment = {"PATH": os.environ["PATH"], "HOME": name, "TMPDIR": name, "LANG": "C.UTF-8"}
            subprocess.run(
                argv, cwd=folder, env=environment, capture_output=True, stdin=subprocess.DEVNULL, check=False, timeout=PATIENCE_S
            )


def measured(action: Sequence[str] | None, bare: tuple[Configuration, Sequence[Plan], int] | None = None) -> Cost:
    """One round: a command, or the plans by hand."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    if bare is not None:
        configuration, plans, jobs = bare
        with serving() as server, ThreadPoolExecutor(jobs) as pool:
            started = time.perf_counter()
            list(pool.map(lambda plan: by_hand(configuration, plan, server), plans))
            wall_s = time.perf_counter() - started
    else:
        assert action is not None
        done = subprocess.run(action, capture_output=True, check=False, text=True)
        wall_s = time.perf_counter() - started
        if done.returncode:
            raise SystemExit(
                f"bench: {' '.join(action[:4])} … ended with {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-1000:]}"
            )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(wall_s=wall_s, cpu_s=after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3, help="how often each side runs")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="how many at a time, on both sides")
    parser.add_argument("--json", type=Path, help="write the figures there")
    chosen = parser.parse_args()
    configuration = load(Path.cwd())
    collection = collect(configuration)
    visible = [sample for sample in collection.samples if not sample.hidden and sample.directives.skip is None]
    plans = longest_first(draw(collection.samples, visible), {})
    hand, run, whole, own, start = [], [], [], [], []
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        note = Path(scratch) / "own"
        wrapped = [sys.executable, "-c", OWN.format(file=str(note))]
        for number in range(chosen.rounds):
            hand.append(measured(None, (configuration, plans, chosen.jobs)))
            run.append(measured([*wrapped, "run", "--jobs", str(chosen.jobs), *SAMPLES_ONLY]))
            own.append(float(note.read_text()))
            whole.append(measured([*wrapped, "run", "--jobs", str(chosen.jobs)]))
            measured([*wrapped, "run", "-k", visible[0].id])  # what a run costs before its second sample
            start.append(float(note.read_text()))
            print(f"round {number + 1}: by hand {hand[-1].wall_s:.2f} s, docwitness {run[-1].wall_s:.2f} s", file=sys.stderr)
    figures = {
        "samples": len(visible),
        "jobs": chosen.jobs,
        "by_hand_wall_s": statistics.median(cost.wall_s for cost in hand),
        "run_wall_s": statistics.median(cost.wall_s for cost in run),
        "wall_ratio": statistics.median(b.wall_s / a.wall_s for a, b in zip(hand, run, strict=True)),
        "cpu_ratio": statistics.median(b.cpu_s / a.cpu_s for a, b in zip(hand, run, strict=True)),
        "tables_wall_s": statistics.median(b.wall_s - a.wall_s for a, b in zip(run, whole, strict=True)),
        "own_cpu_s": statistics.median(own),
        "start_cpu_s": statistics.median(start),
        "own_cpu_ms_per_sample": 1000 * statistics.median((a - b) / (len(visible) - 1) for a, b in zip(own, start, strict=True)),
    }
    for name, figure in figures.items():
        print(f"{name:24} {figure:.3f}" if isinstance(figure, float) else f"{name:24} {figure}")
    if chosen.json:
        chosen.json.write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
