"""Work in copies of a process: in order, with what is raised, and nothing left behind."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import threading
from collections.abc import Sequence

import pytest

from docwitness.shares import in_shares

ITEMS = list(range(50))
PRELUDE = """
import multiprocessing, os, signal
from docwitness.shares import in_shares

def in_copies(act, *arguments):
    if multiprocessing.parent_process() is not None:
        act(*arguments)

def squares(numbers):
    return [number**2 for number in numbers]
"""
copies = pytest.mark.skipif(sys.platform != "linux", reason="processes are copied on Linux only")


def squares(numbers: Sequence[int]) -> list[int]:
    return [number**2 for number in numbers]


def alone(code: str) -> str:
    """What it prints in a process without other threads, which those of the tests may have."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", PRELUDE + textwrap.dedent(code)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stderr == ""
    return done.stdout.strip()


@pytest.mark.parametrize("count", [0, 1, 15, 16, 17, 50])
def test_results_come_in_the_order_of_the_items(count: int) -> None:
    found = alone(f"print([in_shares(squares, range({count}), most=most) for most in (1, 2, 3, 7)])")
    assert found == str([squares(range(count))] * 4)


@copies
def test_each_share_has_a_process_of_its_own_unless_there_is_little_to_do() -> None:
    code = """
    for count in (50, 15):
        found = in_shares(lambda numbers: [os.getpid()] * len(numbers), range(count), most=3)
        print(len(set(found)), found[0] == os.getpid())
    """
    assert alone(code) == "3 True\n1 True"


def test_a_process_with_threads_is_not_copied() -> None:
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    try:
        assert set(in_shares(lambda numbers: [len(numbers)] * len(numbers), ITEMS, most=2)) == {50}
    finally:
        done.set()
        thread.join()


@pytest.mark.parametrize("bad", [0, 1])
def test_what_a_share_raises_is_raised_and_no_copy_is_left(bad: int) -> None:
    code = f"""
    def work(numbers):
        if {bad} in numbers:
            raise ValueError("no squares of {bad}")
        return squares(numbers)
    try:
        in_shares(work, range(50), most=2)
    except ValueError as error:
        print(error, multiprocessing.active_children())
    """
    assert alone(code) == f"no squares of {bad} []"


@pytest.mark.parametrize("harm", ["SIGKILL", "SIGINT"])
def test_a_copy_that_was_killed_or_interrupted_costs_no_result(harm: str) -> None:
    code = f"""
    def work(numbers):
        in_copies(os.kill, os.getpid(), signal.{harm})
        return squares(numbers)
    print(in_shares(work, range(50), most=2))
    """
    assert alone(code) == str(squares(ITEMS))
