from __future__ import annotations

import asyncio

import pytest

from docwitness.page import Location
from docwitness.plan import Plan, Step
from docwitness.sample import Sample
from docwitness.schedule import Schedule
from docwitness.text import digest

pytestmark = pytest.mark.anyio


def _plan(language: str) -> Plan:
    sample = Sample(id=language, location=Location("page.md", 1), language=language, text="", hash=digest(""), first_line=2)
    return Plan(steps=(Step(sample=sample),))


async def test_a_plan_waits_for_its_language_and_then_goes_first() -> None:
    long, short, shorter = _plan("telegraf"), _plan("shell"), _plan("shell")
    schedule = Schedule([long, short, shorter])
    schedule.prepared("shell")
    assert await schedule.take() is short
    schedule.prepared("telegraf")
    assert [await schedule.take(), await schedule.take(), await schedule.take()] == [long, shorter, None]


async def test_who_comes_too_late_does_not_wait() -> None:
    schedule = Schedule([_plan("shell")])
    first = asyncio.create_task(schedule.take())
    await asyncio.sleep(0)
    assert await schedule.take() is None
    schedule.prepared("shell")
    assert await first is not None
