"""The conformance suite of the write server, which was written without knowledge of this code."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

GIVEN = os.environ.get("DOCWITNESS_CONFORMANCE")
SUITE = Path(GIVEN) if GIVEN else Path(__file__).parents[3] / "shared/conformance"


@pytest.mark.parametrize("profile", ["cloud-dedicated", "primer"])
def test_the_suite_passes_whole(start: Callable[..., Any], profile: str) -> None:
    if not SUITE.exists():
        assert not GIVEN, f"{SUITE} is missing"
        pytest.skip(f"the suite is not beside this checkout: DOCWITNESS_CONFORMANCE names its folder, {SUITE} does not exist")
    server = start(profile=profile)
    command = [sys.executable, str(SUITE / "run.py"), "--url", server.url, "--profile", profile]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    result = subprocess.run(command, capture_output=True, text=True, timeout=110, check=False, env=environment)
    assert result.returncode == 0, result.stdout[-5000:] + result.stderr
