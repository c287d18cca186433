import contextlib

from docwitness.process import execute
from docwitness.runners.separate import SeparateProcesses
from docwitness.tool import Tool


class Perl:
    """Runs blocks whose language word is `perl`."""

    name = "perl"

    def __init__(self, settings):
        self._binary = settings.get("binary", "perl")

    async def tools(self):
        return (Tool(name=self._binary, version="5"),)

    async def check(self, _scripts):
        return {}  # only a run can tell

    async def run(self, script, workplace):
        file = workplace.folder / "sample.pl"
        file.write_text(script.text, encoding="utf-8")
        return await execute(
            [self._binary, file],
            folder=workplace.folder,
            environment=workplace.environment,
            limit_s=script.timeout_s,
        )

    @contextlib.asynccontextmanager
    async def session(self, workplace):
        yield SeparateProcesses(self, workplace)
