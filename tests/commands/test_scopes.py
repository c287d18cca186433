"""What samples share, and what they do not: scopes, folders, set-ups and sessions."""

from __future__ import annotations

from typing import Any

CURL = 'curl --silent --show-error --header "Authorization: Bearer DATABASE_TOKEN"'
URL = "https://cluster-id.influxdb.io/api/v2/write?bucket=DATABASE_NAME"


def _write(line: str) -> str:
    return f"```sh\n{CURL} --data-binary '{line}' '{URL}'\n```\n"


def test_each_sample_has_a_folder_and_a_database_of_its_own(project: Any) -> None:
    stored = "\n<!-- docwitness: stored -->\n```text\nhome temp=2 1735545600000000000\n```\n"
    page = "```sh\ntouch mine\n```\n\n```sh\ntest ! -e mine\n```\n\n" + _write("home temp=1 1735545600000000000") + "\n"
    project.page(page + _write("home temp=2 1735545600000000000") + stored)
    assert project.run().status == 0


def test_a_set_up_runs_before_in_the_same_folder_and_database(project: Any) -> None:
    hidden = f"<!-- docwitness: id=prepare\n{_write('home temp=1 1735545600000000000')}-->\n\n"
    stored = "\n<!-- docwitness: stored -->\n```text\nhome temp=1 1735545600000000000\nhome temp=2 1735545601000000000\n```\n"
    project.page(hidden + "<!-- docwitness: setup=prepare -->\n" + _write("home temp=2 1735545601000000000") + stored)
    ended = project.run()
    assert (ended.status, len(ended.claims)) == (0, 2)
    assert ended.claims["prepare"]["hidden"] is True


def test_a_set_up_that_fails_is_blamed_itself(project: Any) -> None:
    project.page(
        "<!-- docwitness: id=prepare\n```sh\nfalse\n```\n-->\n\n<!-- docwitness: id=wanted setup=prepare -->\n```sh\ntrue\n```\n"
    )
    ended = project.run("--allow-unproven")
    prepare, wanted = ended.claims["prepare"], ended.claims["wanted"]
    assert (ended.status, prepare["verdict"], wanted["verdict"], wanted["rule"]) == (1, "refuted", "error", "setup-failed")
    assert "'prepare' (docs/page.md:2) is refuted" in wanted["reason"]
    assert wanted["evidence"] == prepare["evidence"]


def test_set_ups_of_set_ups_run_first(project: Any) -> None:
    project.page(
        "<!-- docwitness: id=one -->\n```sh\ntouch one\n```\n\n"
        "<!-- docwitness: id=two setup=one -->\n```sh\nmv one two\n```\n\n"
        "<!-- docwitness: id=three setup=two -->\n```sh\nls two\n```\n"
    )
    assert project.run().status == 0
    assert list(project.run("-k", "three").claims) == ["one", "two", "three"]


def test_a_set_up_that_does_not_exist_leaves_nothing_to_run(project: Any) -> None:
    project.page("<!-- docwitness: id=wanted setup=nowhere -->\n```sh\ntrue\n```\n")
    ended = project.run()
    assert ended.status == 1
    assert (ended.claims["wanted"]["verdict"], ended.claims["wanted"]["rule"]) == ("error", "setup-failed")


def test_a_session_keeps_its_folder_its_shell_and_its_database(project: Any) -> None:
    session = "<!-- docwitness: session=s -->\n"
    stored = "\n<!-- docwitness: stored -->\n```text\nhome temp=1 1735545600000000000\nhome temp=2 1735545601000000000\n```\n"
    project.page(
        f"{session}```sh\nword=kept\nmkdir here\ncd here\n```\n\n"
        f'{session}```sh\ntest "$word" = kept\ntest "$(basename "$PWD")" = here\n```\n\n'
        f"{session}{_write('home temp=1 1735545600000000000')}\n{session}{_write('home temp=2 1735545601000000000')}{stored}"
    )
    ended = project.run()
    assert ended.status == 0, ended.out


def test_a_session_of_two_languages_shares_a_folder(project: Any) -> None:
    session = "<!-- docwitness: session=s -->\n"
    project.page(
        f"{session}```sh\necho 1 > number\n```\n\n{session}```python\nnumber = int(open('number').read())\n```\n\n"
        f"{session}```python\nassert number == 1\n```\n"
    )
    assert project.run().status == 0


def test_exchanges_of_a_session_belong_to_the_sample_that_made_them(project: Any) -> None:
    session = "<!-- docwitness: session=s -->\n"
    project.page(f"{session}{_write('a t=1')}\n{session}{_write('b t=1')}")
    ended = project.run()
    bodies = [
        [exchange["request"]["body"]["text"] for exchange in ended.report["evidence"][claim["evidence"][0]]["exchanges"]]
        for claim in ended.report["claims"]
    ]
    assert bodies == [["a t=1"], ["b t=1"]]


def test_a_session_goes_on_after_a_sample_that_only_says_something_wrong(project: Any) -> None:
    session = "<!-- docwitness: session=s -->\n"
    wrong = "\n<!-- docwitness: output -->\n```text\ntwo\n```\n\n"
    project.page(f"{session}```sh\necho one\n```\n{wrong}{session}```sh\ntrue\n```\n")
    verdicts = [claim["verdict"] for claim in project.run().report["claims"]]
    assert verdicts == ["refuted", "proven"]


def test_a_session_ends_with_a_sample_that_does_not_come_to_its_end(project: Any) -> None:
    session = "<!-- docwitness: session=s -->\n"
    project.page(f"{session}```sh\nfalse\n```\n\n{session}```sh\ntrue\n```\n\n{session}```sh\ntrue\n```\n")
    claims = project.run().report["claims"]
    assert [(claim["verdict"], claim["rule"]) for claim in claims] == [
        ("refuted", "exit-status"),
        ("error", "setup-failed"),
        ("error", "setup-failed"),
    ]


def test_predecessors_in_a_session_come_along(project: Any) -> None:
    page = "<!-- docwitness: id=first session=s -->\n```sh\nword=1\n```\n\n"
    project.page(page + '<!-- docwitness: id=second session=s -->\n```sh\ntest "$word" = 1\n```\n')
    ended = project.run("-k", "second")
    assert (ended.status, list(ended.claims)) == (0, ["first", "second"])


def test_files_of_the_page_lie_in_the_folder_with_placeholders_filled(project: Any) -> None:
    project.page(
        "<!-- docwitness: file=data/points.lp -->\n```text\nhome,db=DATABASE_NAME temp=1\n```\n\n"
        "```sh\ngrep 'db=DATABASE_NAME temp=1' data/points.lp\n! grep DATABASE data/points.lp\n```\n"
    )
    assert project.run().status == 0


def test_a_file_that_a_session_changed_stays_changed(project: Any) -> None:
    session = "<!-- docwitness: session=s -->\n"
    page = "<!-- docwitness: file=list -->\n```text\none\n```\n\n"
    project.page(f'{page}{session}```sh\necho two >> list\n```\n\n{session}```sh\ntest "$(wc -l < list)" = 2\n```\n')
    assert project.run().status == 0


def test_settings_of_the_scope_reach_the_server(project: Any) -> None:
    project.page(f'<!-- docwitness: scope="retention=1d" expect=422 -->\n{_write("home temp=1 1735545600000000000")}')
    assert project.run().status == 0


def test_a_syntax_fault_is_found_before_anything_runs(project: Any) -> None:
    mark = project.folder / "ran"
    project.page(f"<!-- docwitness: id=broken -->\n```sh\ntouch {mark}\nif true\n```\n")
    ended = project.run()
    claim = ended.claims["broken"]
    assert (ended.status, claim["rule"], mark.exists(), claim["evidence"]) == (1, "syntax", False, [])


def test_a_clean_environment_reaches_the_sample(project: Any) -> None:
    project.page('```sh\ntest -z "${SECRET_OF_MINE-}"\ntest "$HOME" = "$PWD"\ntest -z "$(ls -A)"\n```\n')
    ended = project.run(SECRET_OF_MINE="1")
    assert ended.status == 0, ended.out
