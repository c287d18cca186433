from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from tests.conftest import Project

SCRIPT = Path(__file__).parents[2] / "tools" / "serve.py"


@pytest.fixture
def serve() -> ModuleType:
    specification = importlib.util.spec_from_file_location("serve", SCRIPT)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def test_a_server_on_a_folder_that_it_knows_is_not_waited_for(
    serve: ModuleType, project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It shows no token then, so the site could hold none."""
    command = project.command("serve", "--port", "0", "--data", str(tmp_path / "data"))
    with serve.running(command, {}) as server:
        said = serve.announced(server)
    assert said["url"].startswith("http://127.0.0.1:")
    assert (said["database"], said["token"][:3]) == ("sensors", "dw_")
    monkeypatch.setattr(serve, "TOLD_WITHIN_S", 2)
    with serve.running(command, {}) as server, pytest.raises(SystemExit, match="give it a new folder, or --memory"):
        serve.announced(server)
