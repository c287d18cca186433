"""What was acknowledged is there, whatever happens to the process, the disk and the file."""

import os
import random
import resource
import signal
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from docwitness.server.errors import ApiError
from docwitness.server.journal import DatabaseSettings, Journal, StoredToken
from docwitness.server.point import FieldType, Point
from docwitness.server.schema import Limits
from docwitness.server.storage import JournalError

NOW = 1_700_000_000_000_000_000
WRITER = Path(__file__).with_name("journal_writer.py")


@pytest.fixture
def journal() -> Iterator[Journal]:
    with closing(Journal.open(None)) as journal:
        journal.create_database("db", DatabaseSettings())
        yield journal


@pytest.fixture
def eager_threads() -> Iterator[None]:
    """Threads take turns in the middle of what they do."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


def write(journal: Journal, text: str, *, database: str = "db", partial: bool = False, limits: Limits | None = None) -> int:
    return journal.write(database, text, unit_ns=1, now_ns=NOW, partial_writes=partial, limits=limits or Limits())


def shown(journal: Journal, table: str | None = None, *, database: str = "db") -> list[str]:
    def one(point: Point) -> str:
        tags = "".join(f",{key}={value}" for key, value in point.tags)
        return f"{point.table}{tags} {','.join(f'{key}={value!r}' for key, _, value in point.fields)} {point.time_ns}"

    return [one(point) for point in journal.points(database, table)]


def token(name: str, database: str = "db") -> StoredToken:
    return StoredToken(id=name, digest=name.encode(), database=database, permissions=frozenset({"read", "write"}))


# Points


def test_points_come_back_with_their_types(journal: Journal) -> None:
    assert write(journal, 'm,b=1,a=2 i=1i,u=18446744073709551615u,f=3,s="\\"é\0",t=t 1') == 1
    (point,) = journal.points("db")
    assert point == Point(
        "m",
        (("a", "2"), ("b", "1")),
        (
            ("f", FieldType.FLOAT, 3.0),
            ("i", FieldType.INT, 1),
            ("s", FieldType.STRING, '"é\0'),
            ("t", FieldType.BOOL, True),
            ("u", FieldType.UINT, 18446744073709551615),
        ),
        1,
    )
    assert [type(value) for _, _, value in point.fields] == [float, int, str, bool, int]


def test_the_last_value_of_each_field_wins_within_and_over_requests(journal: Journal) -> None:
    write(journal, "m,b=1,a=2 f=1,g=2 1\nm,a=2,b=1 g=3 1\nm f=9 1")
    write(journal, 'm,a=2,b=1 f=4,s="" 1')
    assert shown(journal) == ["m f=9.0 1", "m,a=2,b=1 f=4.0,g=3.0,s='' 1"]


def test_infinite_and_negative_zero(journal: Journal) -> None:
    write(journal, "m f=1e999,g=-1e999,h=-0.0 1")
    assert shown(journal) == ["m f=inf,g=-inf,h=-0.0 1"]


def test_points_of_one_table_or_of_all_sorted_by_time(journal: Journal) -> None:
    write(journal, "b f=1 2\nb f=1 1\na f=1 3")
    assert shown(journal) == ["b f=1.0 1", "b f=1.0 2", "a f=1.0 3"]
    assert shown(journal, "a") == ["a f=1.0 3"]
    assert shown(journal, "c") == []


def test_databases_do_not_share_points_or_types(journal: Journal) -> None:
    journal.create_database("other", DatabaseSettings())
    write(journal, "m f=1 1")
    write(journal, 'm f="x" 1', database="other")
    assert (shown(journal), shown(journal, database="other")) == (["m f=1.0 1"], ["m f='x' 1"])


def test_points_are_those_of_the_moment_of_asking(journal: Journal) -> None:
    write(journal, "m f=1 1")
    points = journal.points("db")
    write(journal, "m f=2 1\nm f=2 2")
    assert [point.fields[0][2] for point in points] == [1.0]


def test_more_frames_than_are_read_at_once(journal: Journal) -> None:
    for number in range(40):
        write(journal, f"m f={number} {number}\nn f=1 1")
    assert len(shown(journal, "m")) == 40


# Requests


def test_a_refused_request_leaves_everything_as_it_was(journal: Journal) -> None:
    write(journal, "m f=1i 1")
    for text in ("m f=2.5,g=1 2", "n f=1 1\nbad", "n f=1 1\nm f=2 2"):
        with pytest.raises(ApiError, match="errors encountered"):
            write(journal, text)
    assert write(journal, 'm g="a" 3\nn f="s" 1') == 2
    assert shown(journal) == ["m f=1 1", "m g='a' 3", "n f='s' 1"]


def test_partial_writes_store_the_good_lines_and_answer_the_same(journal: Journal) -> None:
    with pytest.raises(ApiError) as refused:
        write(journal, "m f=1i 1\nbad\nm f=2 2\nn f=3 3", partial=True)
    assert (refused.value.status, refused.value.line) == (400, 2)
    assert shown(journal) == ["m f=1 1", "n f=3.0 3"]


def test_partial_writes_of_nothing_but_bad_lines(journal: Journal) -> None:
    with pytest.raises(ApiError, match="errors encountered"):
        write(journal, "bad\nworse", partial=True)


@pytest.mark.parametrize("partial", [False, True])
def test_limits_refuse_the_whole_request(journal: Journal, partial: bool) -> None:
    for text, limits in (("m f=1,g=2 1\nn f=1 1", Limits(columns=2)), ("m f=1 1\nn f=1 1", Limits(tables=1))):
        with pytest.raises(ApiError, match="service limit reached"):
            write(journal, text, partial=partial, limits=limits)
    assert shown(journal) == []


@pytest.mark.parametrize("partial", [False, True])
def test_a_limit_counts_columns_that_are_new_and_all_of_them(journal: Journal, partial: bool) -> None:
    wide = Limits(columns=3)
    for text, result in (("m f=1,g=1,h=1 1", 4), ("m f=1,g=1 1\nm h=1,i=1,j=1,k=1 1", 7), ("m a=1 1\nm " + "b=1,c=1,d=1,e=1 1", 6)):
        with pytest.raises(ApiError, match=f"would result in {result} columns, limit is 3"):
            write(journal, text, partial=partial, limits=wide)
    write(journal, "m f=1,g=1,h=1,i=1 1")
    assert write(journal, "m f=2,g=2,h=2,i=2 2", partial=partial, limits=wide) == 1
    assert len(shown(journal)) == 2


def test_retention_is_of_the_database(journal: Journal) -> None:
    journal.create_database("short", DatabaseSettings(retention_s=3600))
    for text, limits in ((f"m f=1 {NOW}\nm f=1 1", Limits()), ("m f=1,g=2 1", Limits(columns=2))):
        with pytest.raises(ApiError) as refused:
            write(journal, text, database="short", limits=limits)
        assert refused.value.status == 422
    with pytest.raises(ApiError) as refused:
        write(journal, f"m f=1 {NOW}\nm g=1 1", database="short", partial=True)
    assert refused.value.status == 400
    assert shown(journal, database="short") == [f"m f=1.0 {NOW}"]


def test_a_database_that_does_not_exist_is_reported_after_bad_lines(journal: Journal) -> None:
    assert write(journal, "# nothing", database="none") == 0
    with pytest.raises(ApiError, match="errors encountered"):
        write(journal, "bad", database="none")
    with pytest.raises(ApiError, match="rejecting write due to non-existing namespace: none"):
        write(journal, "m f=1", database="none")
    with pytest.raises(KeyError):
        journal.points("none")


def test_concurrent_requests_agree_on_types(journal: Journal, eager_threads: None) -> None:
    """Four writers of four types make the same tables: of each table one type is stored, and the others are refused."""
    outcomes: list[str] = []  # appending is one step; counting here would lose counts between the threads
    start = threading.Barrier(4, timeout=10)

    def writer(value: str) -> None:
        for number in range(50):
            start.wait()
            try:
                write(journal, f"t{number} f={value} 1\nall,value={value} f=1 {number}")
                outcomes.append("stored")
            except ApiError as error:
                outcomes.append(error.message.split(": ")[2])

    threads = [threading.Thread(target=writer, args=(value,)) for value in ("1", "1i", "t", '"s"')]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(outcomes) == {"stored": 50, "Could not insert column": 150}
    assert len(shown(journal)) == 100
    assert len(shown(journal, "all")) == 50


@pytest.fixture
def interrupt(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Lets another request come between the reading of the next one and its storing."""

    def prepare(text: str) -> None:
        def store(*arguments: Any) -> bool:
            monkeypatch.undo()
            write(journal, text)
            return journal._store(*arguments)

        monkeypatch.setattr(journal, "_store", store)

    return prepare


def test_a_column_of_another_name_made_meanwhile_does_no_harm(journal: Journal, interrupt: Callable[[str], None]) -> None:
    interrupt("m g=1i 1")
    assert write(journal, "m f=1.5 2") == 1
    assert shown(journal) == ["m g=1 1", "m f=1.5 2"]


def test_a_column_of_another_type_made_meanwhile_is_met(journal: Journal, interrupt: Callable[[str], None]) -> None:
    interrupt("m f=1i 1")
    with pytest.raises(ApiError, match="Existing table schema specifies column f"):
        write(journal, "m f=1.5 2")
    assert shown(journal) == ["m f=1 1"]


def test_a_database_made_anew_meanwhile_takes_nothing_that_was_meant_for_the_old_one(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(journal, "m f=1i 1")

    def anew(*arguments: Any) -> bool:
        monkeypatch.undo()
        journal.delete_database("db")
        journal.create_database("db", DatabaseSettings())
        return journal._store(*arguments)

    monkeypatch.setattr(journal, "_store", anew)
    with pytest.raises(ApiError, match="non-existing namespace: db"):
        write(journal, "m f=2i,g=1 2")
    assert shown(journal) == []


def test_requests_that_are_still_read_are_given_up_at_the_end(journal: Journal) -> None:
    journal.give_up()
    with pytest.raises(ApiError) as refused:
        write(journal, "m f=1\n" * 2000)
    assert (refused.value.status, shown(journal)) == (503, [])


def test_a_reading_is_given_up_at_the_end_or_when_nobody_wants_it(journal: Journal) -> None:
    write(journal, "m f=1 1")
    unwanted = journal.points("db", given_up=lambda: True)
    with pytest.raises(ApiError, match="no healthy upstream"):
        next(unwanted)
    points = journal.points("db")
    journal.give_up()
    with pytest.raises(ApiError, match="no healthy upstream"):
        next(points)


def test_a_reading_ends_with_its_database(journal: Journal) -> None:
    """Also when there is another of that name."""
    for made in (False, True):
        write(journal, "m f=1 1")
        points = journal.points("db")
        journal.delete_database("db")
        if made:
            journal.create_database("db", DatabaseSettings())
        with pytest.raises(KeyError):
            next(points)
        journal.create_database("db", DatabaseSettings())


# Databases, settings, tokens


def test_a_deleted_database_takes_points_schema_and_tokens_with_it(journal: Journal) -> None:
    journal.create_database("other", DatabaseSettings())
    journal.add_token(token("one"))
    journal.add_token(token("two", "other"))
    write(journal, "m f=1 1")
    assert [journal.delete_database("db"), journal.delete_database("db")] == [True, False]
    assert journal.create_database("db", DatabaseSettings())
    assert write(journal, 'm f="now a string" 1') == 1
    assert journal.tokens() == (token("two", "other"),)


def test_tokens_are_added_and_deleted(journal: Journal) -> None:
    journal.add_token(token("one"))
    journal.add_token(token("two"))
    assert [journal.delete_token("one"), journal.delete_token("one")] == [True, False]
    assert journal.tokens() == (token("two"),)
    with pytest.raises(KeyError):
        journal.add_token(token("three", "none"))


def test_a_change_that_fails_leaves_the_journal_as_it_was(journal: Journal) -> None:
    journal.add_token(token("one"))
    with pytest.raises(ApiError):
        journal.add_token(token("one"))
    with pytest.raises(OverflowError):
        journal.create_database("new", DatabaseSettings(retention_s=1 << 64))
    with pytest.raises(ApiError):
        journal.create_database("new", DatabaseSettings(), [token("two", "new"), token("one", "new")])
    assert journal.tokens() == (token("one"),)
    assert list(journal.databases()) == ["db"]
    assert write(journal, "m f=1 1") == 1


def test_everything_is_there_after_opening_again(tmp_path: Path) -> None:
    settings = DatabaseSettings(retention_s=60, partial_writes=True)
    with closing(Journal.open(tmp_path / "new" / "folder", sync=True)) as journal:
        assert journal.new
        assert [journal.create_database("db", settings), journal.create_database("db", settings)] == [True, False]
        journal.create_database("plain", DatabaseSettings())
        journal.add_token(token("one"))
        write(journal, "m\\\0,t\0=a f\0=1i")
    with closing(Journal.open(tmp_path / "new" / "folder")) as journal:
        assert not journal.new
        assert journal.databases() == {"db": settings, "plain": DatabaseSettings()}
        assert journal.tokens() == (token("one"),)
        assert shown(journal) == [f"m\\\0,t\0=a f\0=1 {NOW}"]
        with pytest.raises(ApiError, match="Existing table schema"):
            write(journal, "m\\\0 f\0=1")
        assert write(journal, "m\\\0 f\0=2i") == 1


# The file


def refusal(folder: Path) -> str:
    with pytest.raises(JournalError) as refused:
        Journal.open(folder)
    return str(refused.value)


def test_a_file_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite3"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE theirs (x)")
    before = path.read_bytes()
    assert "it is not a journal of docwitness" in refusal(tmp_path)
    assert path.read_bytes() == before
    path.write_text("This is no database, but long enough to look at: " + "x" * 100)
    assert "it is not a journal of docwitness" in refusal(tmp_path)


def test_a_newer_format_is_named(tmp_path: Path) -> None:
    Journal.open(tmp_path).close()
    with closing(sqlite3.connect(tmp_path / "journal.sqlite3")) as file:
        file.execute("PRAGMA user_version = 7")
    assert "it has format 7, and this docwitness knows format 1" in refusal(tmp_path)


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    Journal.open(tmp_path).close()
    path = tmp_path / "journal.sqlite3"
    path.write_bytes(path.read_bytes()[:100] + b"\xa5" * 3996)
    assert "it is damaged" in refusal(tmp_path)


def test_a_folder_that_cannot_be_one(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "it cannot be made a folder" in refusal(tmp_path / "file" / "folder")


def test_one_process_at_a_time(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, WRITER, tmp_path, "0", "1"], stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        assert "it is in use by another process" in refusal(tmp_path)
        other.kill()
    Journal.open(tmp_path).close()


@pytest.mark.parametrize("lost", [1, 100, 4096, 5000])
def test_a_torn_log_keeps_all_requests_before_the_tear(tmp_path: Path, lost: int) -> None:
    with closing(Journal.open(tmp_path / "live")) as journal:
        journal.create_database("db", DatabaseSettings())
        for number in range(5):
            write(journal, f"m f={number} {number}\nn f={number} {number}")
        subprocess.run(["cp", "-r", tmp_path / "live", tmp_path / "torn"], check=True)
    log = tmp_path / "torn" / "journal.sqlite3-wal"
    os.truncate(log, log.stat().st_size - lost)
    with closing(Journal.open(tmp_path / "torn")) as journal:
        kept = [len(shown(journal, "m")), len(shown(journal, "n"))]
        assert kept in ([4, 4], [3, 3])
        assert write(journal, "m f=9 9\nn f=9 9") == 2


# The disk


def fill(journal: Journal) -> tuple[int, ApiError]:
    """Writes until it fails; returns how many requests were stored, and the error."""
    for number in range(1000):
        try:
            write(journal, f'new{number} f={number} 1\nm,n={number} f={number},s="{"x" * 20_000}" 1')
        except ApiError as error:
            return number, error
    pytest.fail("the disk never got full")


def check_full(journal: Journal, stored: int, error: ApiError) -> None:
    assert (error.status, error.code) == (503, "unavailable")
    assert isinstance(error.__cause__, sqlite3.Error)
    assert len(shown(journal, "m")) == stored
    assert shown(journal, f"new{stored}") == []


def test_a_write_that_the_disk_refuses_leaves_nothing_behind(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with closing(Journal.open(tmp_path)) as journal:
        journal.create_database("db", DatabaseSettings())
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, hard))
        try:
            stored, error = fill(journal)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        check_full(journal, stored, error)
        assert write(journal, f'new{stored} f="of any type" 1') == 1


def test_a_full_disk_refuses_writes_until_there_is_room_again(small_disk: Path) -> None:
    (small_disk / "other").write_bytes(b"x" * 500_000)
    with closing(Journal.open(small_disk)) as journal:
        journal.create_database("db", DatabaseSettings())
        stored, error = fill(journal)
        check_full(journal, stored, error)
        (small_disk / "other").unlink()
        assert write(journal, "m,n=more f=1 1") == 1
    with closing(Journal.open(small_disk)) as journal:
        assert len(shown(journal, "m")) == stored + 1


def test_a_full_disk_at_the_start(small_disk: Path) -> None:
    (small_disk / "other").write_bytes(b"x" * (1 << 20))
    assert "it cannot be" in refusal(small_disk) or "the disk is full" in refusal(small_disk)


def test_a_read_only_disk_at_the_start(small_disk: Path) -> None:
    with closing(Journal.open(small_disk)) as journal:
        journal.create_database("db", DatabaseSettings())
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    assert refusal(small_disk) == f"{small_disk}: it cannot be written to"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write to a read-only folder")
def test_a_folder_that_becomes_read_only(tmp_path: Path) -> None:
    """What is open goes on; what is opened is refused; nothing is lost."""
    with closing(Journal.open(tmp_path)) as journal:
        journal.create_database("db", DatabaseSettings())
        tmp_path.chmod(0o500)
        assert write(journal, "m f=1 1") == 1
        subprocess.run(["cp", "-r", tmp_path, tmp_path.with_name("copy")], check=True)
    tmp_path.with_name("copy").chmod(0o500)
    assert "it cannot be written to" in refusal(tmp_path.with_name("copy"))
    for folder in (tmp_path, tmp_path.with_name("copy")):
        folder.chmod(0o700)
        with closing(Journal.open(folder)) as journal:
            assert shown(journal) == ["m f=1.0 1"]


# The process


@pytest.mark.timeout(1800)
def test_nothing_acknowledged_is_lost_when_the_process_is_killed(tmp_path: Path) -> None:
    """Four threads write requests of three lines into two tables; each round ends with SIGKILL at a random moment."""
    acknowledged: set[str] = set()
    moments = random.Random(1)
    for number in range(int(os.environ.get("DOCWITNESS_CRASH_ROUNDS", "10"))):
        if number % 20 == 0:  # Reading takes longer the more there is.
            acknowledged.clear()
        folder = tmp_path / str(number // 20)
        acknowledged |= crash(folder, number, after=moments.randrange(1, 300))
        check_whole(folder, acknowledged)


def crash(folder: Path, number: int, *, after: int) -> set[str]:
    """Kills a writer after so many acknowledgements and returns all that it gave."""
    with subprocess.Popen([sys.executable, WRITER, folder, str(number), "4"], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        seen = [writer.stdout.readline() for _ in range(after)]
        writer.send_signal(signal.SIGKILL)
        seen += writer.stdout.readlines()
    return {line.strip() for line in seen if line.endswith("\n")}


def check_whole(folder: Path, acknowledged: set[str]) -> None:
    with closing(Journal.open(folder)) as journal:
        found = Counter(dict(point.tags)["request"] for point in journal.points("db"))
    assert set(found.values()) == {3}
    assert acknowledged <= set(found)
