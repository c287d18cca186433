"""The page on the primer, and that its errors are witnessed."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def primer() -> ModuleType:
    """The tool that writes the page."""
    specification = importlib.util.spec_from_file_location("primer", ROOT / "tools" / "primer.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def matrix(primer: ModuleType) -> Mapping[str, Any]:
    """All that the primer states, judged."""
    missing = [tool for tool in ("curl", "node", "telegraf") if shutil.which(tool) is None]
    if not (ROOT / "examples" / "node" / "node_modules").is_dir():
        missing.append("the packages of examples/node")
    if missing:
        reason = f"not here: {', '.join(missing)} (`python tools/provide.py` brings them)"
        pytest.fail(reason) if "CI" in os.environ else pytest.skip(reason)
    judged: Mapping[str, Any] = primer.judged()
    return judged


def test_the_page_is_current(primer: ModuleType, matrix: Mapping[str, Any]) -> None:
    """`python tools/primer.py` writes it anew."""
    assert primer.page(matrix, primer.stated()) == (ROOT / "docs" / "primer.md").read_text(encoding="utf-8")


def test_each_error_is_refuted_by_the_real_rules_or_has_a_reason(primer: ModuleType, matrix: Mapping[str, Any]) -> None:
    claims = {claim["id"]: claim for claim in matrix["claims"]}
    errors = primer.stated()["errors"]
    assert len(errors) == 29
    for error in errors:
        assert ("claims" in error) is not ("reason" in error), error["says"]
        for claim in error.get("claims", ()):
            assert claims[claim]["verdicts"][primer.REAL]["verdict"] == "refuted", claim


def test_what_the_primer_promises_holds_where_its_promises_are_kept(matrix: Mapping[str, Any]) -> None:
    """The profile `primer` differs from the real one in precisions and in one message."""
    differing = {claim["id"] for claim in matrix["claims"] if len({entry["verdict"] for entry in claim["verdicts"].values()}) > 1}
    assert {each.rpartition(":")[2] for each in differing} == {
        "precision=m",
        "precision=h",
        "missing org/bucket value",
        "primer-bucket-missing",
        "primer-node-m",
    }


def test_nothing_is_left_untold_over_either_server(matrix: Mapping[str, Any]) -> None:
    verdicts = {(target, entry["verdict"]) for claim in matrix["claims"] for target, entry in claim["verdicts"].items()}
    assert not {(target, verdict) for target, verdict in verdicts if verdict == "error"}
