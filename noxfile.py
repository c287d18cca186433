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
    "browser": ["pyproject.toml", "--group", "tests", "--group", "browser"],
    "lint": ["--group", "lint"],
    "nox": ["--group", "nox"],
}
"""What each file of `requirements/` is compiled from."""

COMPILE = [
    *("uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11"),
    *("--generate-hashes", "--no-emit-index-url", "--custom-compile-command", "./dev lock"),
]

BUILDERS = {
    "mkdocs": ("mkdocs", "build", "--strict"),
    "properdocs": ("properdocs", "build", "--strict", "--config-file", "mkdocs.yml"),
    "zensical": ("zensical", "build", "--clean"),
}
"""What builds the site. Ours is MkDocs; the others are tried by hand, so that the site can move when it has to."""
OTHERS = {"properdocs": "properdocs==1.6.7", "zensical": "zensical==0.0.73"}

PYTHONS = ("3.11", "3.12", "3.13")
"""The versions that the classifiers of `pyproject.toml` promise."""

SHARED = Path(os.environ.get("DOCWITNESS_SHARED", "../shared"))
"""Black-box judges, written apart from the code; not a part of the project."""


def install(session: nox.Session, lock: str, *, project: bool = True) -> None:
    """The locked packages, and the project itself from its sources."""
    session.install("--require-hashes", "-r", f"requirements/{lock}.txt")
    if project:
        session.install("--no-deps", "--no-build-isolation", "-e", ".")


def provide(session: nox.Session) -> dict[str, str]:
    """The environment in which Node and Telegraf are found: those of the machine, or ones made for this checkout.

    What is unavailable is told, and the samples that need it come out unproven.
    """
    python = str(Path(session.bin) / "python")
    done = subprocess.run([python, "tools/provide.py", "--json"], stdout=subprocess.PIPE, text=True, check=False)
    try:
        provided = json.loads(done.stdout)
    except json.JSONDecodeError:
        session.error(f"tools/provide.py ended with {done.returncode} and gave no result; what went wrong stands above")
    for name in ("node", "telegraf"):
        if "missing" in (tool := provided[name]):
            session.warn(f"{name} is unavailable: {tool['missing']}")
    return {"PATH": os.pathsep.join([provided["bin"], str(Path(session.bin)), os.environ["PATH"]])}


@nox.session
def examples(session: nox.Session) -> None:
    """Run every sample of the docs with the real tools and judge every claim (arguments go to `docwitness run`)."""
    install(session, "examples")
    session.run("docwitness", "run", *session.posargs, env=provide(session))
    if not session.posargs:
        session.run("docwitness", "coverage")


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests (arguments go to pytest)."""
    install(session, "tests")
    session.run("pytest", *(session.posargs or ["-n", "auto"]), env=provide(session))


@nox.session(venv_backend="none")
def pythons(session: nox.Session) -> None:
    """Run other sessions with every other Python of this machine that we promise (arguments: which; default: examples, tests)."""
    own = f"{sys.version_info.major}.{sys.version_info.minor}"
    found = {version: python for version in PYTHONS if version != own and (python := interpreter(version))}
    if not found:
        session.skip(f"no Python of {', '.join(PYTHONS)} is here besides {own}")
    sessions = session.posargs or ["examples", "tests"]
    for version, python in found.items():
        options = ("--force-python", python, "--envdir", f".nox/{version}")
        session.run(sys.executable, "-m", "nox", *options, "--sessions", *sessions, external=True)


def interpreter(version: str) -> str | None:
    """A Python of that version, on `PATH` or one of pyenv's; not one that was built where libraries were missing."""
    root = Path(os.environ.get("PYENV_ROOT", "~/.pyenv")).expanduser()
    for candidate in (f"python{version}", *sorted(map(str, root.glob(f"versions/{version}.*/bin/python")))):
        try:
            subprocess.run([candidate, "-c", "import sqlite3, ssl, zlib"], capture_output=True, check=True)
        except (OSError, subprocess.CalledProcessError):
            continue
        return candidate
    return None


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
    """Build the site, strictly, into `site/`, with the marks of the last run of `examples`."""
    install(session, "examples")
    session.run("docwitness", "pages")
    session.run("mkdocs", "build", "--strict", *session.posargs, env={"NO_MKDOCS_2_WARNING": "1"})
    session.run("docwitness", "twins")


@nox.session
def bench(session: nox.Session) -> None:
    """Measure what docwitness costs over the bare commands and over a bare site, and how fast the server is (`-- --rounds N`)."""
    install(session, "examples")
    session.run("python", "bench/overhead.py", *session.posargs, env=provide(session))
    session.run("python", "bench/server.py", *session.posargs)
    session.run("python", "bench/site.py", *session.posargs)


@nox.session
def site(session: nox.Session) -> None:
    """Check the built site in Chromium: every copy button, mark, link (`--builder NAME`; other arguments go to pytest)."""
    builder, arguments = "mkdocs", list(session.posargs)
    if "--builder" in arguments:
        at = arguments.index("--builder")
        builder = arguments[at + 1]
        del arguments[at : at + 2]
    install(session, "browser")
    if builder in OTHERS:
        session.install(OTHERS[builder])
    if not Path(".docwitness/report.json").exists():
        session.run("docwitness", "run", env=provide(session))
    session.run("docwitness", "pages")
    environment = {"DOCWITNESS_SITE_URL": "http://127.0.0.1:8124/", "NO_MKDOCS_2_WARNING": "1"}
    session.run(*BUILDERS[builder], env=environment)
    session.run("docwitness", "twins", env=environment)
    checked = {"DOCWITNESS_SITE": str(Path("site").resolve())}
    session.run("pytest", "tests/site", *arguments, env=environment | checked | provide(session))


@nox.session
def serve(session: nox.Session) -> None:
    """Start the write server and the site together, its samples filled in (arguments go to `docwitness serve`)."""
    install(session, "examples")
    # Ctrl-C reaches all of them; nox would kill them half a second later
    session.run("python", "tools/serve.py", *session.posargs, interrupt_timeout=15.0)


@nox.session
def crash(session: nox.Session) -> None:
    """Kill the server at 300 random moments under concurrent writers, and look for what it acknowledged."""
    install(session, "tests")
    session.run("pytest", "-k", "kill", "tests/server", *session.posargs, env={"DOCWITNESS_CRASH_ROUNDS": "300"})


@nox.session
def fuzz(session: nox.Session) -> None:
    """Send 200,000 bent requests to the server."""
    install(session, "tests")
    session.run("pytest", "-k", "fuzz", "tests/server", *session.posargs, env={"DOCWITNESS_FUZZ_REQUESTS": "200000"})


@nox.session
def judges(session: nox.Session) -> None:
    """Let the black-box judges of `$DOCWITNESS_SHARED` (default `../shared`) look at the server and the toolkit."""
    if not SHARED.is_dir():
        session.skip(f"there are no judges in {SHARED}")
    install(session, "examples")
    tools = provide(session)
    for profile in ("cloud-dedicated", "primer"):
        _conformance(session, profile)
    session.run("python", str(SHARED / "acceptance" / "run.py"), "all", *session.posargs, env=tools)


def _conformance(session: nox.Session, profile: str) -> None:
    """Judges a server that is started for it and ended afterwards."""
    options = ("--memory", "--port", "0", "--no-access-log", "--profile", profile)
    with subprocess.Popen([str(Path(session.bin) / "docwitness"), "serve", *options], stdout=subprocess.PIPE, text=True) as server:
        try:
            said = "".join(server.stdout.readline() for _ in range(4)) if server.stdout else ""
            url = next((word for word in said.split() if word.startswith("http://")), None)
            if url is None:
                session.error(f"docwitness serve did not start, or did not say where it listens: {said!r}")
            session.run("python", str(SHARED / "conformance" / "run.py"), "--url", url, "--profile", profile)
        finally:
            server.terminate()


@nox.session
def lock(session: nox.Session) -> None:
    """Write `requirements/` anew from pyproject.toml (`-- --upgrade` takes newer versions)."""
    session.install("uv")
    for name, sources in LOCKS.items():
        session.run(*COMPILE, "--output-file", f"requirements/{name}.txt", *sources, *session.posargs)
