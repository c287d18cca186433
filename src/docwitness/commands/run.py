"""`docwitness run`: collects, runs, judges, reports."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from docwitness import archive, plugins
from docwitness.collect import collect
from docwitness.collection import Collection
from docwitness.commands.display import colored, live, told
from docwitness.commands.driving import driven
from docwitness.commands.options import choosing, config_option, json_option
from docwitness.config.reading import load
from docwitness.equipment import runners_for, target_for
from docwitness.errors import UsageError
from docwitness.events import Collected, Event, Listener
from docwitness.pipeline import Run, RunOptions
from docwitness.report import Report
from docwitness.reporters.base import Reporter
from docwitness.reporters.file import STANDARD_OUTPUT, check_writable, write
from docwitness.reporters.json import Json
from docwitness.reporters.terminal import Terminal
from docwitness.settings import Configuration


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandLine:
    """What a user asks on it, as click parsed it."""

    paths: tuple[Path, ...]
    keyword: str
    languages: tuple[str, ...]
    target: str | None
    profile: str | None
    exit_first: bool
    jobs: int | None
    json_file: Path | None
    junit_file: Path | None
    reports: tuple[str, ...]
    allow_unproven: bool
    config: Path | None


@click.command(short_help="Run the samples, judge them, report.")
@choosing
@click.option(
    "--target", metavar="NAME|URL", help="What samples talk to: embedded (default), a target of the configuration, or a URL."
)
@click.option(
    "--profile", metavar="NAME", help="Whose rules the embedded server follows, e.g. cloud-dedicated (default) or primer."
)
@click.option("-x", "--exit-first", is_flag=True, help="Stop at the first refuted claim.")
@click.option(
    "-j", "--jobs", type=click.IntRange(min=1), metavar="N", help="Samples at a time; default: as many as there are cores."
)
@json_option
@click.option(
    "--junit",
    "junit_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Also write JUnit XML to this file; -: standard output.",
)
@click.option(
    "--report",
    "reports",
    multiple=True,
    metavar="NAME=FILE",
    help="Also write what this reporter makes of the result; for reporters of other packages.",
)
@click.option("--allow-unproven", is_flag=True, help="Only what is refuted fails the run: a missing tool does not.")
@config_option
def run(**given: Any) -> int:
    """Runs the samples of your pages against a write server, and judges every one.

    PATH is a page or a folder of pages; without any, the `paths` of the configuration.

    \b
    Examples:
      docwitness run
      docwitness run docs/write.md -k bearer -x
      docwitness run --lang shell --json report.json
      docwitness run --target https://staging.example.com
    """  # noqa: D301 - click reads the backspace
    return _performed(CommandLine(**given))


def _performed(asked: CommandLine) -> int:
    """Exits with the status of its report; the report is written even where an error ends the run."""
    files = _files(asked)
    configuration = load(Path.cwd(), asked.config)
    target = target_for(configuration, asked.target, asked.profile)
    collection = _collected(configuration, asked, files)
    runners = runners_for(configuration, {sample.language for sample in collection.samples})
    options = RunOptions(keyword=asked.keyword, languages=asked.languages, exit_first=asked.exit_first, jobs=asked.jobs)
    with told(), _display() as listen:
        run = Run(configuration, collection, runners=runners, target=target, options=options, listen=listen)
        try:
            report = driven(run)
        finally:
            _write(files, run.report())
            _keep(configuration, run.report())
    aside = STANDARD_OUTPUT in files
    shown = Terminal(color=colored(sys.stderr if aside else sys.stdout)).render(report)
    click.echo(shown, nl=False, color=True, err=aside)
    return report.exit_status(allow_unproven=asked.allow_unproven)


def _collected(configuration: Configuration, asked: CommandLine, files: dict[Path, Reporter]) -> Collection:
    """The pages, read; where that comes to no end, a report that holds nothing says at least that there was a run."""
    started = datetime.now(UTC)
    try:
        return collect(configuration, asked.paths)
    except BaseException as error:
        _write(files, Report(started=started, duration_s=0.0, verdicts=(), interrupted=isinstance(error, KeyboardInterrupt)))
        raise


def _files(asked: CommandLine) -> dict[Path, Reporter]:
    """Where to write what which reporter makes. Raises `UsageError` for what cannot be, before anything runs."""
    files: dict[Path, str] = {}
    for path, name in ((asked.json_file, "json"), (asked.junit_file, "junit"), *map(_wished, asked.reports)):
        if path in files:
            raise UsageError(f"{path}: only one report can be written there, {files[path]} or {name}")
        if path is not None:
            check_writable(path)
            files[path] = name
    return {path: plugins.load(plugins.Group.REPORTERS, name)() for path, name in files.items()}


def _wished(report: str) -> tuple[Path, str]:
    name, separator, place = report.partition("=")
    if not separator or not place:
        installed = ", ".join(plugins.installed(plugins.Group.REPORTERS))
        raise UsageError(f"--report {report}: NAME=FILE was expected; installed: {installed}")
    return Path(place), name


def _write(files: dict[Path, Reporter], report: Report) -> None:
    for path, reporter in files.items():
        write(path, reporter.render(report))


def _keep(configuration: Configuration, report: Report) -> None:
    """For `docwitness show` and its like. A project that cannot be written to can still be judged."""
    try:
        archive.keep(configuration.root, Json(indent=None).render(report))
    except OSError as error:
        click.echo(f"docwitness: the report is not kept for other commands: {error}", err=True)


@contextmanager
def _display() -> Iterator[Listener]:
    """Progress on standard error: live on a terminal, else one line."""
    if not live():
        yield _announce
        return
    from docwitness.reporters.progress import LiveProgress  # noqa: PLC0415 - only terminals pay for it

    with LiveProgress(color=colored(sys.stderr)) as progress:
        yield progress


def _announce(event: Event) -> None:
    if isinstance(event, Collected):
        pages = len({sample.location.path for sample in event.samples})
        click.echo(f"docwitness: samples: {len(event.samples)}, pages: {pages}", err=True)
