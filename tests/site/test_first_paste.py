"""A newcomer: starts server and site with one command, copies the first sample, pastes it into a terminal, and has a point."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from tests.site.conftest import ROOT, SITE

PROGRAMS = {"first-curl": ["bash"], "first-python": [sys.executable, "-"], "first-node": ["node", "--input-type=module"]}
"""By the sample that is pasted into them."""
POINT = "home,room=Kitchen hum=35i,temp=21.5 1735545600000000000"


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """The address of the site that `nox -s serve` starts beside a write server."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, str(ROOT / "tools" / "serve.py")]
    environment = {**os.environ, "DOCWITNESS_SITE_PORT": str(port)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        said = "".join(process.stdout.readline() for _ in range(2))
        yield re.findall(r"http://127\.0\.0\.1:\d+", said)[1]
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 0


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    """The first steps, in a fresh profile."""
    context = browser.new_context()
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site)
    opened = context.new_page()
    opened.goto(f"{site}/get-started/")
    opened.wait_for_selector(".dw-bar details")
    yield opened
    context.close()


def _pasted(page: Page, identifier: str, program: list[str]) -> str:
    """What the program prints of what the copy button of a sample copies."""
    label = {"first-python": "Python", "first-node": "Node"}.get(identifier)
    if label is not None:
        page.locator(".tabbed-labels label", has_text=label).first.click()
    page.locator(f"#{identifier}").hover()
    page.locator(f"#{identifier} [data-clipboard-target]").click()
    text = page.evaluate("navigator.clipboard.readText()")
    done = subprocess.run(program, input=text, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return str(done.stdout)


@pytest.mark.parametrize("identifier", PROGRAMS)
def test_the_first_sample_writes_a_point_and_the_page_shows_how_to_see_it(page: Page, identifier: str) -> None:
    program = PROGRAMS[identifier]
    if shutil.which(program[0]) is None:
        message = f"there is no {program[0]} on PATH"
        pytest.fail(message) if "CI" in os.environ else pytest.skip(message)
    assert "204" in _pasted(page, identifier, program)
    assert _pasted(page, "see-points", ["bash"]) == f"{POINT}\n"


def test_the_bar_is_filled_and_what_is_published_has_no_server(page: Page) -> None:
    assert "token set" in page.locator(".dw-bar summary").inner_text()
    assert "data-server" in page.content()
    assert "data-server" not in (SITE / "index.html").read_text(encoding="utf-8")
