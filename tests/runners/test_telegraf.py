from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from docwitness.execution import Completed, Execution, Skipped
from docwitness.runners.base import Script, Workplace
from docwitness.runners.telegraf import Telegraf, listed, probe
from docwitness.settings import TelegrafSettings

OUTPUT = """\
[[outputs.influxdb_v2]]
  urls = ["http://127.0.0.1:PORT"]
  token = "secret"
  organization = ""
  bucket = "db"
  content_encoding = "identity"
  influx_uint_support = true
"""


@pytest.fixture(autouse=True)
def _telegraf(need: Callable[[str], str]) -> None:
    need("telegraf")


class Witness:
    """A server that answers every write alike and keeps the chunked requests as text."""

    def __init__(self, answer: str) -> None:
        self.requests: list[str] = []
        self._answer = f"HTTP/1.1 {answer}\r\nContent-Length: 0\r\n\r\n".encode()

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            try:
                request = await reader.readuntil(b"\r\n0\r\n\r\n")
            except asyncio.IncompleteReadError:
                writer.close()
                return
            self.requests.append(request.decode())
            writer.write(self._answer)


def run(text: str, workplace: Workplace, *, answer: str = "204 No Content") -> tuple[Execution, list[str]]:
    async def run_once() -> tuple[Execution, list[str]]:
        witness = Witness(answer)
        async with await asyncio.start_server(witness, "127.0.0.1", 0) as server:
            filled = text.replace("PORT", str(server.sockets[0].getsockname()[1]))
            execution = await Telegraf(TelegrafSettings()).run(Script(id="sample", text=filled), workplace)
        return execution, witness.requests

    return asyncio.run(run_once())


def completed(text: str, workplace: Workplace) -> Completed:
    execution, _ = run(text, workplace)
    assert isinstance(execution, Completed)
    return execution


def test_an_output_section_sends_known_points(workplace: Workplace) -> None:
    execution, requests = run(OUTPUT, workplace)
    assert isinstance(execution, Completed)
    assert (execution.exit_status, execution.complaint) == (0, None)
    (request,) = requests
    assert request.startswith("POST /api/v2/write?bucket=db&org= HTTP/1.1\r\n")
    sent = re.findall(r" (\d{19})$", request, re.MULTILINE)
    assert len(sent) == 3
    assert {time[-9:] for time in sent} == {"123456789", "123456790", "123456792"}
    assert request.count("host=") == 0
    assert list(workplace.folder.iterdir()) == []


def options(table: str) -> tuple[str, ...]:
    return asyncio.run(Telegraf(TelegrafSettings()).options(table))


def test_telegraf_lists_the_options_of_a_plugin() -> None:
    listed = options("outputs.influxdb_v2")
    assert listed[:4] == ("urls", "local_address", "token", "organization")
    assert {"http_headers", "rate_limit", "tls_key", "concurrent_writes"} <= set(listed)
    assert len(listed) == len(set(listed))


@pytest.mark.parametrize("table", ["outputs.no_such_plugin", "agent", "outputs.influxdb_v2.tagpass", "outputs"])
def test_of_what_is_no_plugin_it_lists_none(table: str) -> None:
    assert options(table) == ()


def test_prose_and_inner_tables_are_no_options() -> None:
    configuration = """\
# Writes somewhere
[[outputs.other]]
  first = 0

[[outputs.some]]
  ## ex: prose = ["no option"]
  set = ["a",
    "b"]
  # unset = "a"  # why = not
  #commented = 1
  # Note: what = this
  #   [outputs.some.inner]
  #     below = 1
"""
    assert listed(configuration, "outputs.some") == ("set", "unset", "commented")


def test_the_points_are_of_every_type_and_recent() -> None:
    now_ns = 1_800_000_000_999_999_999
    lines = probe(now_ns)
    for part in ("temp=21.5", "hum=35i", "visits=7u", "open=true", r'note="say \"hi\""', "18446744073709551615u", "two\nlines"):
        assert part in lines
    times = [int(time) for time in re.findall(r" (\d{19})$", lines, re.MULTILINE)]
    assert all(now_ns - 61_000_000_000 < time < now_ns for time in times)
    assert len({time // 1_000_000_000 for time in times}) == 3


def test_a_refused_batch_is_complained_about_though_telegraf_exits_0(workplace: Workplace) -> None:
    execution, _ = run(OUTPUT, workplace, answer="400 Bad Request")
    assert isinstance(execution, Completed)
    assert execution.exit_status == 0
    assert execution.complaint is not None
    assert "will be dropped: 400 Bad Request" in execution.complaint


def test_structured_logs_are_read_too(workplace: Workplace) -> None:
    execution, _ = run('[agent]\n  logformat = "structured"\n' + OUTPUT, workplace, answer="400 Bad Request")
    assert isinstance(execution, Completed)
    assert execution.complaint is not None
    assert "will be dropped: 400 Bad Request" in execution.complaint


def test_lost_points_are_complained_about(workplace: Workplace) -> None:
    """A buffer that overflows is only warned of."""
    (workplace.folder / "many.lp").write_text("".join(f"m f={n} {n}\n" for n in range(3000)))
    text = '[agent]\n  metric_buffer_limit = 10\n[[inputs.file]]\n  files = ["many.lp"]\n  data_format = "influx"\n'
    execution = completed(text, workplace)
    assert execution.exit_status == 0
    assert execution.complaint is not None
    assert "metrics have been dropped" in execution.complaint


@pytest.mark.parametrize(
    ("right", "wrong", "line", "said"),
    [
        ("organization =", "organisation =", 4, '"organisation"'),
        ('"identity"', '"deflate"', None, "invalid content encoding"),
        ("outputs.influxdb_v2", "outputs.influx_v2", None, "undefined but requested output: influx_v2"),
        ("[[outputs.influxdb_v2]]", "[[outputs.influxdb_v2]", 1, "invalid TOML syntax"),
        ("= true", '= "no"', 7, "cannot unmarshal TOML string into bool"),
    ],
)
def test_a_configuration_that_is_wrong_is_refused_at_its_line(
    right: str, wrong: str, line: int | None, said: str, workplace: Workplace
) -> None:
    execution = completed(OUTPUT.replace(right, wrong), workplace)
    assert execution.exit_status == 1
    assert execution.complaint is not None
    assert said in execution.complaint
    assert execution.failed_line == line
    assert execution.syntax_error is ("TOML syntax" in said)


def test_an_agent_of_the_sample_is_kept_as_it_is(workplace: Workplace) -> None:
    """Its default precision rounds to seconds, and its host name becomes a tag."""
    execution, requests = run('[agent]\n  hostname = "mine"\n' + OUTPUT, workplace)
    assert isinstance(execution, Completed)
    assert "Overlapping" not in execution.stderr
    assert requests[0].count("host=mine") == 3
    assert {time[-9:] for time in re.findall(r" (\d{19})$", requests[0], re.MULTILINE)} == {"000000000"}


def test_an_agent_of_the_sample_may_leave_out_the_host_name(workplace: Workplace) -> None:
    _, requests = run("[agent]\n  omit_hostname = true\n" + OUTPUT, workplace)
    assert "host=" not in requests[0]


def test_inputs_of_the_sample_are_the_only_ones(workplace: Workplace) -> None:
    (workplace.folder / "mine.lp").write_text("mine f=1 1700000000000000001\n")
    text = OUTPUT + '[[inputs.file]]\n  files = ["mine.lp"]\n  data_format = "influx"\n'
    _, requests = run(text, workplace)
    assert "mine f=1 1700000000000000001\n" in requests[0]
    assert "home" not in requests[0]


def test_a_sample_without_output_prints_its_points(workplace: Workplace) -> None:
    (workplace.folder / "mine.lp").write_text("mine f=1 1700000000000000001\n")
    execution = completed('[[inputs.file]]\n  files = ["mine.lp"]\n  data_format = "influx"\n', workplace)
    assert execution.stdout == "mine f=1 1700000000000000001\n"


def test_a_variable_that_is_not_set_fails_without_a_run(workplace: Workplace) -> None:
    text = "# token = ${IN_A_COMMENT}\n" + OUTPUT.replace('"secret"', '"${INFLUX_TOKEN}"')
    execution, requests = run(text, workplace)
    assert isinstance(execution, Completed)
    assert execution.complaint == "environment variable INFLUX_TOKEN is not set; Telegraf would send ${INFLUX_TOKEN} as it stands"
    assert (execution.exit_status, execution.failed_line, requests) == (1, 4, [])


@pytest.mark.parametrize("token", ["${INFLUX_TOKEN}", "$INFLUX_TOKEN", "${OTHER:-of-mine}"])
def test_variables_that_have_a_value_are_filled(token: str, workplace: Workplace) -> None:
    environment = {**workplace.environment, "INFLUX_TOKEN": "of-mine"}
    _, requests = run(OUTPUT.replace("secret", token), replace(workplace, environment=environment))
    assert "Authorization: Token of-mine\r\n" in requests[0]


def test_the_tool_has_a_version() -> None:
    tools = asyncio.run(Telegraf(TelegrafSettings()).tools())
    assert not isinstance(tools, Skipped)
    assert [tool.name for tool in tools] == ["telegraf"]


def test_an_old_telegraf_is_not_used(tmp_path: Path) -> None:
    old = tmp_path / "telegraf"
    old.write_text("#!/bin/sh\necho Telegraf 1.37.2\n")
    old.chmod(0o755)
    tools = asyncio.run(Telegraf(TelegrafSettings(binary=str(old))).tools())
    assert isinstance(tools, Skipped)
    assert tools.reason == f"{old} is Telegraf 1.37.2"


def test_a_missing_telegraf_is_a_value(workplace: Workplace) -> None:
    telegraf = Telegraf(TelegrafSettings(binary="no-such-telegraf"))
    assert isinstance(asyncio.run(telegraf.tools()), Skipped)
    assert isinstance(asyncio.run(telegraf.run(Script(id="sample", text=OUTPUT), workplace)), Skipped)


def test_samples_of_a_session_share_the_folder(workplace: Workplace) -> None:
    async def run_both() -> Execution:
        write = '[[outputs.file]]\n  files = ["out.lp"]\n  data_format = "influx"\n'
        read = '[[inputs.file]]\n  files = ["out.lp"]\n  data_format = "influx"\n'
        async with Telegraf(TelegrafSettings()).session(workplace) as samples:
            await samples.run(Script(id="write", text=write))
            return await samples.run(Script(id="read", text=read))

    execution = asyncio.run(run_both())
    assert isinstance(execution, Completed)
    assert "home,room=Kitchen " in execution.stdout
