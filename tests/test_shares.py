"""Work in copies of this process: in order, with what is raised, and nothing left behind."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Sequence

import pytest

from docwitness.shares import in_shares

ITEMS = list(range(50))
copies = pytest.mark.skipif(sys.platform != "linux", reason="processes are copied on Linux only")


def squares(numbers: Sequence[int]) -> list[int]:
    return [number**2 for number in numbers]


def workers(numbers: Sequence[int]) -> list[int]:
    return [os.getpid()] * len(numbers)


def in_copies_only(harm: int) -> None:
    """Sends a signal to a copy, and nothing to the process of the tests."""
    if multiprocessing.parent_process() is not None:
        os.kill(os.getpid(), harm)


@pytest.mark.parametrize("count", [0, 1, 15, 16, 17, 50])
@pytest.mark.parametrize("most", [1, 2, 3, 7])
def test_results_come_in_the_order_of_the_items(count: int, most: int) -> None:
    assert in_shares(squares, ITEMS[:count], most=most) == squares(ITEMS[:count])


@copies
def test_each_share_has_a_process_of_its_own() -> None:
    found = in_shares(workers, ITEMS, most=3)
    assert len(set(found)) == 3
    assert found[0] == os.getpid()


@copies
def test_few_items_stay_here() -> None:
    assert set(in_shares(workers, ITEMS[:15], most=2)) == {os.getpid()}


@copies
def test_a_process_with_threads_is_not_copied() -> None:
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    try:
        assert set(in_shares(workers, ITEMS, most=2)) == {os.getpid()}
    finally:
        done.set()
        thread.join()


@pytest.mark.parametrize("bad", [0, 1])
def test_what_a_share_raises_is_raised_and_no_copy_is_left(bad: int) -> None:
    def work(numbers: Sequence[int]) -> list[int]:
        if bad in numbers:
            raise ValueError(f"no squares of {bad}")
        return squares(numbers)

    with pytest.raises(ValueError, match=f"no squares of {bad}"):
        in_shares(work, ITEMS, most=2)
    assert multiprocessing.active_children() == []


def test_the_share_of_a_copy_that_was_killed_is_done_here() -> None:
    def work(numbers: Sequence[int]) -> list[int]:
        in_copies_only(signal.SIGKILL)
        return squares(numbers)

    assert in_shares(work, ITEMS, most=2) == squares(ITEMS)


def test_an_interrupt_of_the_group_leaves_the_answer_to_this_process(capfd: pytest.CaptureFixture[str]) -> None:
    def work(numbers: Sequence[int]) -> list[int]:
        in_copies_only(signal.SIGINT)
        return squares(numbers)

    assert in_shares(work, ITEMS, most=2) == squares(ITEMS)
    assert "Traceback" not in capfd.readouterr().err
