"""A newcomer: starts server and site with one command, copies the first sample, pastes it into a terminal, and has a point."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page
from tests.site.conftest import ROOT, SITE
from tests.site.terminal import PROMPT, Terminal, terminal

pytestmark = pytest.mark.timeout(900)

ENTER, END_OF_INPUT, INTERRUPT = "\r", "\x04", "\x03"
INSTALLING_S = 600
"""The first start makes an environment."""
POINT = "home,room=Kitchen hum=35i,temp=21.5 1735545600000000000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """What a sample of *Get started* is pasted into, and how, as the page says it."""

    tab: str
    command: str
    prompt: str
    enters: int = 1
    said: str


PROGRAMS = {
    "first-curl": Program(tab="curl", command="", prompt=PROMPT, said="Paste it and press Enter"),
    "first-python": Program(
        tab="Python", command="python3", prompt=">>> ", enters=2, said="Start python3, paste, and press Enter twice"
    ),
    "first-node": Program(tab="Node", command="node", prompt="> ", said="Start node, paste, and press Enter"),
}


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """The address of the site, started as the page says. Ctrl-C has to end all of it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with terminal(ROOT, DOCWITNESS_SITE_PORT=str(port)) as first:
        first.type("./dev serve")
        first.wait_for("Ctrl-C ends both", patience_s=INSTALLING_S)
        yield f"http://127.0.0.1:{port}"
        first.press(INTERRUPT)
        first.wait_for(PROMPT)
    with socket.socket() as left, pytest.raises(ConnectionRefusedError):
        left.connect(("127.0.0.1", port))


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


@pytest.fixture
def second() -> Iterator[Terminal]:
    """The second terminal of the page."""
    with terminal(ROOT) as opened:
        yield opened


def _copied(page: Page, identifier: str) -> str:
    """What the copy button of a sample copies."""
    page.locator(f"#{identifier}").hover()
    page.locator(f"#{identifier} [data-clipboard-target]").click()
    return str(page.evaluate("navigator.clipboard.readText()"))


@pytest.mark.parametrize("identifier", PROGRAMS)
def test_the_first_sample_writes_a_point_and_the_page_shows_how_to_see_it(page: Page, second: Terminal, identifier: str) -> None:
    program = PROGRAMS[identifier]
    if program.command and shutil.which(program.command) is None:
        message = f"there is no {program.command} on PATH"
        pytest.fail(message) if "CI" in os.environ else pytest.skip(message)
    page.locator(".tabbed-labels label", has_text=program.tab).first.click()
    assert program.said in page.locator(f".tabbed-block:has(> #{identifier})").inner_text()
    if program.command:
        second.type(program.command)
        second.wait_for(program.prompt)
    second.paste(_copied(page, identifier))
    second.press(ENTER * program.enters)
    second.wait_for("204 No Content", program.prompt)
    if program.command:
        second.press(END_OF_INPUT)
        second.wait_for(PROMPT)
    second.paste(_copied(page, "see-points"))
    second.press(ENTER)
    assert POINT in second.wait_for(PROMPT).splitlines()


def test_the_bar_is_filled_and_what_is_published_has_no_server(page: Page) -> None:
    assert "token set" in page.locator(".dw-bar summary").inner_text()
    assert "data-server" in page.content()
    assert "data-server" not in (SITE / "index.html").read_text(encoding="utf-8")
