"""`./dev` on machines and in checkouts where it cannot do its work: it says why, and what to do."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NEEDED = ("bash", "cat", "cmp", "dirname", "env", "mkdir", "rm")


@pytest.fixture
def dev(tmp_path: Path, need: Callable[[str], str]) -> Callable[..., tuple[int, str]]:
    """Runs it in a checkout whose path has a blank; without `python`, the only one on PATH is too old."""
    checkout, programs = tmp_path / "check out", tmp_path / "bin"
    (checkout / "requirements").mkdir(parents=True)
    programs.mkdir()
    for name in ("dev", "requirements/nox.txt"):
        shutil.copy(ROOT / name, checkout / name)
    for name in NEEDED:
        (programs / name).symlink_to(need(name))
    (programs / "python3").write_text("#!/usr/bin/env bash\nexit 1\n")
    (programs / "python3").chmod(0o755)

    def run(*arguments: str, python: str = "", **variables: str) -> tuple[int, str]:
        environment = {"PATH": str(programs), "PYTHON": python} | variables
        done = subprocess.run([checkout / "dev", *arguments], env=environment, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    return run


def test_without_arguments_it_says_what_there_is(dev: Callable[..., tuple[int, str]]) -> None:
    status, said = dev()
    assert status == 0
    assert "./dev --list" in said


@pytest.mark.parametrize("arguments", [["--", "-k", "name"], ["--nonsense"]])
def test_what_names_no_session_is_wrong_usage(dev: Callable[..., tuple[int, str]], arguments: list[str]) -> None:
    status, said = dev(*arguments)
    assert status == 4
    assert said.startswith("usage: ./dev SESSION")


def test_a_python_that_is_too_old_is_told(dev: Callable[..., tuple[int, str]]) -> None:
    status, said = dev("tests")
    assert (status, said.count("\n")) == (4, 1)
    assert "no Python 3.11 or newer found" in said


def test_a_checkout_that_cannot_be_written_to_is_told(
    dev: Callable[..., tuple[int, str]], need: Callable[[str], str], tmp_path: Path
) -> None:
    (tmp_path / "check out" / ".docwitness").write_text("not a folder")
    status, said = dev("tests", python=need("python3"))
    assert status == 4
    assert said.endswith("dev: the checkout must be writable: everything that is made stays in .docwitness and .nox\n")


def test_what_is_set_for_other_projects_stays_outside(dev: Callable[..., tuple[int, str]], tmp_path: Path) -> None:
    home = tmp_path / "check out" / ".docwitness" / "dev"
    (home / "bin").mkdir(parents=True)
    shutil.copy(ROOT / "requirements" / "nox.txt", home / "installed.txt")
    (home / "bin" / "nox").write_text('#!/usr/bin/env bash\necho "${PYTHONPATH-none} ${PYTHONHOME-none} $PIP_USER $*"\n')
    (home / "bin" / "nox").chmod(0o755)
    others = {"PYTHONPATH": "/elsewhere", "PYTHONHOME": "/elsewhere", "PIP_USER": "1", "CDPATH": str(tmp_path)}
    assert dev("tests", "--", "-x", **others) == (0, "none none 0 --sessions tests -- -x\n")
