"""`docwitness run` as users start it: a process of its own, real tools, the embedded server."""

from __future__ import annotations

import json
import os
import pty
import resource
import subprocess
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import parse

import pytest

OK = "```sh\ntrue\n```\n"
FAILS = "```sh\nfalse\n```\n"

WRITE = """<!-- docwitness: id=write -->
```sh
curl --silent --show-error "https://cluster-id.influxdb.io/api/v2/write?bucket=DATABASE_NAME&precision=s" \\
  --header "Authorization: Bearer DATABASE_TOKEN" --data-binary 'home temp=21.5 1735545600'
```

<!-- docwitness: stored -->
```text
home temp=21.5 1735545600000000000
```
"""


def test_a_right_page_is_proven(project: Any) -> None:
    project.page(WRITE)
    ended = project.run()
    assert (ended.status, ended.claims["write"]["verdict"]) == (0, "proven")
    assert "\n1 proven in " in ended.out
    assert ended.err == "docwitness: samples: 1, pages: 1\n"


def test_the_evidence_holds_the_exchange_and_what_is_stored(project: Any) -> None:
    project.page(WRITE)
    ended = project.run()
    evidence = ended.report["evidence"][ended.claims["write"]["evidence"][0]]
    (exchange,) = evidence["exchanges"]
    assert (exchange["request"]["body"], exchange["response"]["status"]) == ({"text": "home temp=21.5 1735545600"}, 204)
    assert evidence["effect"] == [
        {"table": "home", "tags": {}, "fields": {"temp": {"float": 21.5}}, "time_ns": 1_735_545_600_000_000_000}
    ]


def test_a_wrong_page_is_refuted_with_place_and_reason(project: Any) -> None:
    project.page(WRITE.replace("Bearer", "Basic"))
    ended = project.run()
    claim = ended.claims["write"]
    assert (ended.status, claim["verdict"], claim["rule"], claim["line"]) == (1, "refuted", "unexpected-status", 2)
    assert "docs/page.md:" in ended.out
    assert "401" in ended.out


def test_a_missing_tool_leaves_a_sample_unproven_and_fails_the_run(project: Any) -> None:
    project.page('```toml\n[[outputs.influxdb_v2]]\n  urls = ["https://cluster-id.influxdb.io"]\n```\n')
    (project.folder / "docwitness.toml").write_text('paths = ["docs"]\nrunners.telegraf.binary = "no-such-telegraf"\n')
    ended = project.run()
    (claim,) = ended.claims.values()
    assert (ended.status, claim["verdict"], claim["rule"]) == (1, "unproven", "missing-tool")
    assert "Not proven:\n  docs/page.md:1" in ended.out
    assert project.run("--allow-unproven").status == 0


def test_allow_unproven_lets_nothing_refuted_pass(project: Any) -> None:
    project.page(FAILS)
    assert project.run("--allow-unproven").status == 1


def test_what_a_page_skips_is_shown_and_fails_nothing(project: Any) -> None:
    project.page('<!-- docwitness: id=later skip="needs a cluster" -->\n' + FAILS + "\n" + OK)
    ended = project.run()
    claim = ended.claims["later"]
    assert (ended.status, claim["verdict"], claim["rule"], claim["set_aside"]) == (0, "unproven", "skipped", True)
    assert "needs a cluster" in ended.out


def test_an_expected_failure_fails_nothing_and_an_unexpected_pass_does(project: Any) -> None:
    project.page('<!-- docwitness: id=known xfail="a bug" -->\n' + FAILS)
    assert project.run().status == 0
    project.page('<!-- docwitness: id=known xfail="a bug" -->\n' + OK)
    ended = project.run()
    assert (ended.status, ended.claims["known"]["rule"]) == (1, "unexpected-pass")


def test_a_defect_of_a_page_is_refuted_though_all_samples_work(project: Any) -> None:
    project.page(OK + "\n```json\n{,}\n```\n")
    ended = project.run()
    (defect,) = [claim for claim in ended.claims.values() if claim["kind"] == "page"]
    assert (ended.status, defect["verdict"], defect["rule"]) == (1, "refuted", "broken-data")


def test_a_defect_that_a_sample_shows_too_is_reported_once(project: Any) -> None:
    project.page("```python\nprint(nobody)\n```\n")
    ended = project.run()
    assert [(claim["kind"], claim["rule"]) for claim in ended.report["claims"]] == [("sample", "undefined-name")]
    assert project.run("-k", "elsewhere").report["claims"][0]["kind"] == "page"


def test_a_reader_that_leaves_early_is_no_fault(project: Any) -> None:
    project.page(OK)
    reader, writer = os.pipe()
    os.close(reader)
    process = subprocess.Popen(
        project.command("run"), cwd=project.folder, env=project.environment(), stdout=writer, stderr=subprocess.PIPE, text=True
    )
    os.close(writer)
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (1, "docwitness: samples: 1, pages: 1\n")


def test_a_report_can_go_to_standard_output_alone(project: Any) -> None:
    project.page(OK)
    ended = project.docwitness("run", "--json", "-")
    assert [claim["verdict"] for claim in json.loads(ended.out)["claims"]] == ["proven"]
    assert "1 proven in" in ended.err
    assert project.docwitness("run", "--junit", "-").out.startswith("<?xml")
    assert not (project.folder / "-").exists()
    with Path("/dev/full").open("w") as full:
        run = {"cwd": project.folder, "env": project.environment(), "stdout": full, "stderr": subprocess.PIPE}
        done = subprocess.run(project.command("run", "--json", "-"), text=True, check=False, **run)
    assert (done.returncode, "standard output cannot be written: No space left" in done.stderr) == (1, True)


def test_progress_is_live_on_a_terminal_only(project: Any) -> None:
    project.page(OK)
    shown = {}
    for name, environment in (("terminal", {"TERM": "xterm"}), ("ci", {"TERM": "xterm", "CI": "1"})):
        ours, theirs = pty.openpty()
        process = subprocess.Popen(
            project.command("run"),
            cwd=project.folder,
            env=project.environment(**environment),
            stdout=subprocess.PIPE,
            stderr=theirs,
        )
        os.close(theirs)
        out, _ = process.communicate(timeout=60)
        shown[name] = os.read(ours, 65536).decode()
        os.close(ours)
        assert out.startswith(b"shell     1 proven")
    assert "1/1" in shown["terminal"]
    assert shown["ci"] == "docwitness: samples: 1, pages: 1\r\n"


def test_nothing_to_judge_has_a_status_and_a_report(project: Any) -> None:
    project.page("# Words\n\n```text\nnot run\n```\n")
    ended = project.run()
    assert (ended.status, ended.report["claims"]) == (5, [])
    assert [block["line"] for block in ended.report["uncollected"]] == [3]
    assert "nothing to judge" in ended.out


def test_nothing_chosen_is_nothing_to_judge(project: Any) -> None:
    project.page(OK)
    ended = project.run("-k", "elsewhere")
    assert (ended.status, ended.report["claims"]) == (5, [])
    assert "samples that were not chosen by -k or --lang: 1" in ended.report["notices"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["-k", "a and"], "a name was expected where the end stands"),
        (["--target", "embeded"], "no target named 'embeded' (did you mean 'embedded'?)"),
        (["--target", "http://127.0.0.1:1", "--profile", "primer"], "--profile is for the embedded server"),
        (["--target", "http://"], "http:// is not the URL of a server, such as http://127.0.0.1:8086"),
        (["--target", "http://[::1"], "http://[::1 is not a URL"),
        (["--target", "http://127..0.1:8086"], "http://127..0.1:8086 is not the URL of a server, such as http://127.0.0.1:8086"),
        (["--target", "http://127.0.0.1:73717"], "http://127.0.0.1:73717 is not the URL of a server"),
        (["--profile", "secondary"], "secondary"),
        (["--junit", "no/such/junit.xml"], "no/such/junit.xml: the report cannot be written"),
        (["--json", "one", "--junit", "one"], "one: only one report can be written there, json or junit"),
        (["--report", "html=x.html"], "no reporter named 'html'"),
        (["--report", "html"], "NAME=FILE was expected"),
        (["no-such-page.md"], "no-such-page.md"),
        (["-j", "0"], "-j"),
        (["--lang", "pyhton"], "no runner for 'pyhton' (did you mean 'python'?)"),
        (["--colour"], "--colour"),
    ],
)
def test_wrong_usage_is_named_and_nothing_runs(project: Any, arguments: list[str], words: str) -> None:
    mark = project.folder / "ran"
    project.page(f"```sh\ntouch {mark}\n```\n")
    ended = project.docwitness("run", *arguments)
    assert (ended.status, mark.exists()) == (4, False)
    assert words in ended.err
    assert "Traceback" not in ended.err


def test_wrong_configuration_is_named_with_its_line(project: Any) -> None:
    (project.folder / "docwitness.toml").write_text('paths = ["docs"]\ntargt = "embedded"\n')
    ended = project.docwitness("run")
    assert ended.status == 4
    assert "docwitness.toml:2: unknown key 'targt' (did you mean 'target'?)" in ended.err


def test_a_target_that_does_not_answer_has_a_status_and_a_report(project: Any) -> None:
    project.page(WRITE)
    ended = project.run("--target", "http://127.0.0.1:1", DOCWITNESS_TOKEN="secret-of-ours", DOCWITNESS_DATABASE="d")
    claim = ended.claims["write"]
    assert (ended.status, claim["verdict"], claim["rule"]) == (6, "error", "target")
    assert "Traceback" not in ended.err
    assert "secret-of-ours" not in ended.err + ended.out


def test_a_fault_of_ours_asks_to_be_reported(project: Any) -> None:
    project.page(OK)
    code = "class Theirs:\n    name = 'theirs'\n\n    def render(self, report):\n        return 1 / 0\n"
    path = project.install("docwitness.reporters", "theirs", code)
    ended = project.run("--report", "theirs=theirs.txt", PYTHONPATH=path)
    assert ended.status == 3
    assert "ZeroDivisionError" in ended.err
    assert "please report" in ended.err


def test_a_reporter_of_another_package_writes_its_file(project: Any) -> None:
    project.page(OK)
    code = (
        "class Theirs:\n    name = 'theirs'\n\n    def render(self, report):\n        return f'{len(report.verdicts)} claims\\n'\n"
    )
    path = project.install("docwitness.reporters", "theirs", code)
    assert project.run("--report", "theirs=theirs.txt", PYTHONPATH=path).status == 0
    assert (project.folder / "theirs.txt").read_text() == "1 claims\n"


def test_the_first_failure_ends_the_run_where_that_is_wanted(project: Any) -> None:
    project.page(FAILS + "\n" + "\n".join([OK] * 5))
    ended = project.run("-x", "-j", "1")
    assert ended.status == 1
    rules = [claim.get("rule") for claim in ended.claims.values()]
    assert rules.count("exit-status") == 1
    assert rules.count("not-run") == 5


def test_languages_and_names_choose_what_runs(project: Any) -> None:
    project.page(f"<!-- docwitness: id=one -->\n{OK}\n<!-- docwitness: id=two -->\n{OK}\n```python\npass\n```\n")
    assert list(project.run("--lang", "shell").claims) == ["one", "two"]
    assert list(project.run("-k", "two or page.md#3", "--lang", "shell").claims) == ["two"]


def test_pages_can_be_named(project: Any) -> None:
    project.page(OK, "one.md")
    project.page(FAILS, "two.md")
    assert project.run("docs/one.md").status == 0


def test_junit_has_a_case_for_each_claim(project: Any) -> None:
    project.page(OK + "\n" + FAILS)
    project.run("--junit", "junit.xml")
    root = parse(project.folder / "junit.xml").getroot()
    assert (root.get("tests"), root.get("failures")) == ("2", "1")


def test_how_long_samples_took_is_remembered_out_of_git(project: Any) -> None:
    project.page("<!-- docwitness: id=one -->\n" + OK)
    project.run()
    assert '"one"' in (project.folder / ".docwitness" / "durations.json").read_text()
    assert (project.folder / ".docwitness" / ".gitignore").read_text() == "*\n"


def test_a_read_only_project_can_be_judged(project: Any, tmp_path: Path) -> None:
    if os.geteuid() == 0:
        (project.folder / ".docwitness").write_text("a file where the folder should be")
    else:
        project.folder.chmod(0o555)
    project.page(OK)
    ended = project.docwitness("run", "--json", str(tmp_path / "report.json"))
    assert ended.status == 0
    assert "notice: how long samples take was not remembered" in ended.out


def test_a_sample_that_removes_its_folder_harms_those_in_the_same_folder_only(project: Any) -> None:
    gone = """<!-- docwitness: id=remove-{language} expect=none -->
```{language}
{text}
```

<!-- docwitness: id=after-{language} setup=remove-{language} expect=none -->
```python
print("here")
```
"""
    texts = {
        "sh": 'rm -r "$PWD"',
        "python": "import os, shutil\nshutil.rmtree(os.getcwd())",
        "js": 'require("node:fs").rmSync(process.cwd(), { recursive: true });',
    }
    project.page("\n".join(gone.format(language=language, text=text) for language, text in texts.items()) + "\n" + OK)
    ended = project.run()
    verdicts = {name: (claim["verdict"], claim.get("rule")) for name, claim in ended.claims.items()}
    assert ended.status == 1
    for language in texts:
        assert verdicts.pop(f"remove-{language}") == ("proven", None)
        assert verdicts.pop(f"after-{language}") == ("error", "workplace")
    assert list(verdicts.values()) == [("proven", None)]
    assert "its working folder cannot be used: No such file or directory: .sample.py" in ended.out


def test_where_few_files_may_be_open_samples_have_verdicts_all_the_same(project: Any) -> None:
    project.page("\n".join(["```sh\nsleep 0.2; curl --silent http://127.0.0.1:1 || true\n```\n"] * 60))
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (50, limits[1]))
    try:
        ended = project.run("-j", "50")
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    rules = {claim.get("rule") for claim in ended.claims.values()}
    assert (ended.status, len(ended.claims), rules <= {None, "missing-tool", "target", "workplace"}) == (1, 60, True), rules
    assert "Too many open files" in ended.out
    assert "Traceback" not in ended.err


def test_colours_are_for_those_who_want_them(project: Any) -> None:
    project.page(OK)
    assert "\x1b[" not in project.run().out
    assert "\x1b[" in project.run(FORCE_COLOR="1").out
    assert "\x1b[" not in project.run(FORCE_COLOR="1", NO_COLOR="1").out


def test_results_go_to_standard_output_alone(project: Any) -> None:
    project.page(FAILS)
    ended = project.run()
    assert "refuted docs/page.md:" in ended.out
    assert "refuted" not in ended.err
