"""Sessions of the project. `./dev --list` shows them; `./dev examples` is the main job."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import nox

nox.needs_version = ">=2025.11"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.sessions = ["examples", "tests", "lint", "typing", "docs"]
nox.options.error_on_missing_interpreters = True

LOCKS = {
    "runtime": ["pyproject.toml"],
    "server": ["--group", "server"],
    "build": ["--group", "build"],
    "examples": ["pyproject.toml", "--group", "examples"],
    "tests": ["pyproject.toml", "--group", "tests"],
    "typing": ["pyproject.toml", "--group", "typing"],
    "lint": ["--group", "lint"],
    "nox": ["--group", "nox"],
}
"""What each file of `requirements/` is compiled from."""

TOOLS = Path(".docwitness/tools")


def install(session: nox.Session, lock: str, *, project: bool = True) -> None:
    """The locked packages, and the project itself from its sources."""
    session.install("--require-hashes", "-r", f"requirements/{lock}.txt")
    if project:
        session.install("--no-deps", "--no-build-isolation", "-e", ".")


def provide(session: nox.Session) -> dict[str, str]:
    """The environment in which Node and Telegraf are found: those of the machine, or ones made for this checkout."""
    python = str(Path(session.bin) / "python")
    done = subprocess.run([python, "tools/provide.py", "--json"], stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        session.error("tools/provide.py failed")
    folders = [tool["folder"] for tool in json.loads(done.stdout).values() if tool.get("folder")]
    return {"PATH": os.pathsep.join([*folders, str(Path(session.bin)), os.environ["PATH"]])}


@nox.session
def examples(session: nox.Session) -> None:
    """Run every sample of the docs with the real tools and judge it (arguments go to `docwitness run`)."""
    install(session, "examples")
    session.run("docwitness", "run", *session.posargs, env=provide(session))


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests (arguments go to pytest)."""
    install(session, "tests")
    session.run("pytest", *(session.posargs or ["-n", "auto"]), env=provide(session))


@nox.session
def lint(session: nox.Session) -> None:
    """Check style and formatting."""
    install(session, "lint", project=False)
    session.run("ruff", "check", *session.posargs)
    session.run("ruff", "format", "--check")


@nox.session
def typing(session: nox.Session) -> None:
    """Check types, strictly."""
    install(session, "typing")
    session.run("mypy", *session.posargs)


@nox.session
def docs(session: nox.Session) -> None:
    """Build the site, strictly, into `site/`."""
    install(session, "examples")
    session.run("mkdocs", "build", "--strict", *session.posargs, env={"NO_MKDOCS_2_WARNING": "1"})


@nox.session
def lock(session: nox.Session) -> None:
    """Write `requirements/` anew from pyproject.toml (`-- --upgrade` takes newer versions)."""
    session.install("uv")
    for name, sources in LOCKS.items():
        session.run(
            "uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--generate-hashes", "--no-emit-index-url",
            "--custom-compile-command", "./dev lock", "--output-file", f"requirements/{name}.txt", *sources, *session.posargs,
        )  # fmt: skip
