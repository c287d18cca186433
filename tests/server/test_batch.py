"""What a request makes of lines that keep the grammar."""

import pytest

from docwitness.server.batch import Batch, Terms, read_batch, rfc3339
from docwitness.server.errors import ApiError
from docwitness.server.schema import Columns, ColumnType, Limits, Schema

TAG, FLOAT, INT, STRING = ColumnType.TAG, ColumnType.FLOAT, ColumnType.INT, ColumnType.STRING
NOW = 1_700_000_000_123_456_789
HOUR = 3600 * 1_000_000_000
INSERT_INT = "Unable to insert iox::column_type::field::integer type into column"


def read(
    text: str, stored: dict[str, Columns] | None = None, *, unit: int = 1, retention: int | None = None, partial: bool = False
) -> Batch:
    terms = Terms(unit_ns=unit, now_ns=NOW, retention_s=retention, partial_writes=partial, limits=Limits())
    return read_batch(text, terms, Schema(stored or {}))


def refused(batch: Batch) -> ApiError:
    refusal = batch.refusal()
    assert refusal is not None
    return refusal


def reasons(batch: Batch) -> list[str]:
    head, *lines = refused(batch).message.split("\n")
    assert head == "failed to parse line protocol: errors encountered on line(s):"
    return [line.split(" (1-based): ", 1)[-1] for line in lines]


STORED: dict[str, Columns] = {"m": {"f": FLOAT, "t": TAG, "s": STRING}}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("m,t=a,t=a f=1", "the tag 't' is specified more than once with conflicting values"),
        ("m,t=a,u=b,t=c f=1", "the tag 't' is specified more than once with conflicting values"),
        ("m f=1,f=2i", "the field 'f' is specified more than once with conflicting types"),
        ("m f=1,g=1,f=2i", "the field 'f' is specified more than once with conflicting types"),
        ("m,f=a f=1i", f"{INSERT_INT} f with type iox::column_type::tag"),
        ("m,time=a f=1", 'input tag "time" on measurement "m" is invalid'),
        ("m,t=a,t=b,time=c f=1", 'input tag "time" on measurement "m" is invalid'),
        ("m time=1i", 'invalid field name: input field "time" on measurement "m" is invalid'),
    ],
)
def test_a_line_that_contradicts_itself(line: str, reason: str) -> None:
    batch = read(line)
    assert reasons(batch) == [reason]
    assert not batch.tables


@pytest.mark.parametrize(
    ("line", "given", "stored", "column"),
    [
        ("m f=1i", "field::integer", "field::float", "f"),
        ("m f=1u", "field::uinteger", "field::float", "f"),
        ("m f=t", "field::boolean", "field::float", "f"),
        ('m f="x"', "field::string", "field::float", "f"),
        ("m s=1", "field::float", "field::string", "s"),
        ("m t=1", "field::float", "tag", "t"),
        ("m,f=a g=1", "tag", "field::float", "f"),
        ("m f=1i,t=1", "field::float", "tag", "t"),
        ("m,f=a t=1", "tag", "field::float", "f"),
    ],
)
def test_a_column_keeps_its_stored_type(line: str, given: str, stored: str, column: str) -> None:
    """Tags are looked at first, then fields from the right."""
    (reason,) = reasons(read(line, STORED))
    assert reason == (
        f"Could not insert column: Existing table schema specifies column {column} is type iox::column_type::{stored}, "
        f"but type iox::column_type::{given} was given"
    )


def test_a_column_that_the_request_used_rightly_is_reported_in_other_words() -> None:
    batch = read("m f=1 1\nm f=2i 2\nm,t=a f=3 3\nm t=4i 4", STORED)
    assert reasons(batch) == [
        f"{INSERT_INT} f with type iox::column_type::field::float",
        f"{INSERT_INT} t with type iox::column_type::tag",
    ]


def test_a_refused_line_leaves_no_column_behind() -> None:
    batch = read('m,f=a f=1 1\nm f="text" 2')
    assert reasons(batch) == ["Unable to insert iox::column_type::field::float type into column f with type iox::column_type::tag"]
    assert batch.new_columns(Schema()) == {"m": {"f": STRING}}


def test_tables_do_not_share_types() -> None:
    batch = read("a f=1i\nb f=1\nc,f=x g=1")
    assert batch.refusal() is None
    assert batch.new_columns(Schema()) == {"a": {"f": INT}, "b": {"f": FLOAT}, "c": {"f": TAG, "g": FLOAT}}


def test_of_a_repeated_field_the_last_counts() -> None:
    table = read("m f=1,g=t,f=2,f=3 1").tables["m"]
    assert (table.layouts, table.rows) == ([("f", "g")], [(0, 0, 1, (3.0, True))])


def test_a_field_called_time_among_others_is_left_out() -> None:
    batch = read("m f=1,time=5i,time=t 1")
    assert (batch.tables["m"].layouts, batch.tables["m"].rows) == ([("f",)], [(0, 0, 1, (1.0,))])
    assert batch.new_columns(Schema()) == {"m": {"f": FLOAT}}


def test_a_line_of_nothing_but_repeated_time_fields_makes_a_row_without_fields() -> None:
    """So does the original: only a single field called time is refused."""
    batch = read("m time=1i,time=2i 1")
    assert batch.new_columns(Schema()) == {"m": {}}
    assert batch.tables["m"].rows == [(0, 0, 1, ())]


def test_tags_are_kept_sorted_by_key() -> None:
    assert read("m,b=1,a=2 f=1").tables["m"].series == [(("a", "2"), ("b", "1"))]


def test_all_lines_without_time_get_the_same_one_unscaled() -> None:
    rows = read("m f=1\nm f=2 5\nm f=3", unit=1_000_000).tables["m"].rows
    assert [time for _, _, time, _ in rows] == [NOW, 5_000_000, NOW]


@pytest.mark.parametrize(("unit", "most"), [(1_000, 9223372036854775), (1_000_000, 9223372036854), (1_000_000_000, 9223372036)])
def test_times_that_fit_until_the_unit_makes_them_too_large(unit: int, most: int) -> None:
    batch = read(f"m f=1 {most}\nm f=2 {-most}\nm f=3 {most + 1}\nm f=4i {-most - 1}", unit=unit)
    assert batch.points == 2
    assert batch.errors == ["timestamp overflows i64 on line 3 (1-based)", "timestamp overflows i64 on line 4 (1-based)"]


def test_errors_are_in_line_order_and_name_the_first_line() -> None:
    batch = read("# c\nm f=1 1\n\nm f=2i 2\nbad\nm f=3 9223372036854775807", unit=1000)
    refusal = refused(batch)
    assert (refusal.status, refusal.code, refusal.line) == (400, "invalid", 2)
    assert refusal.message.split("\n")[1:] == [
        f"error writing line 2 (1-based): {INSERT_INT} f with type iox::column_type::field::float",
        "error parsing line 3 (1-based): Expected at least one space character, got end of input",
        "timestamp overflows i64 on line 4 (1-based)",
    ]


@pytest.mark.parametrize(("partial", "points"), [(True, 2), (False, 1)])
def test_a_hundred_errors_are_reported(partial: bool, points: int) -> None:
    """The lines behind them are read only where they would be stored."""
    batch = read("m f=0 1\n" + "bad\n" * 150 + "m f=9 2", partial=partial)
    assert (len(batch.errors), batch.points, batch.first_bad_line) == (100, points, 2)
    assert batch.errors[-1].startswith("error parsing line 101 ")


def test_new_columns_are_those_that_a_schema_does_not_have() -> None:
    batch = read("m,t=a f=1\nn f=1i")
    assert batch.new_columns(Schema({"m": {"f": FLOAT}})) == {"m": {"t": TAG}, "n": {"f": INT}}
    assert batch.new_columns(Schema({"m": {"f": FLOAT, "t": TAG}, "n": {"f": INT}})) == {}


def test_a_batch_fits_a_schema_that_has_no_other_types_of_its_columns() -> None:
    batch = read("m,t=a f=1\nn f=1i")
    assert batch.fits(Schema({"m": {"f": FLOAT, "g": INT}, "o": {"f": STRING}}))
    assert not batch.fits(Schema({"n": {"f": STRING}}))
    assert not batch.fits(Schema({"m": {"t": FLOAT}}))


def test_a_request_may_be_given_up_while_it_is_read() -> None:
    terms = Terms(unit_ns=1, now_ns=NOW, partial_writes=True, limits=Limits(), given_up=lambda: True)
    with pytest.raises(ApiError) as refused:
        read_batch("m f=1\n" * 2000, terms, Schema())
    assert (refused.value.status, refused.value.code) == (503, "unavailable")


@pytest.mark.parametrize("text", ["", "# c", " \n\t\n"])
def test_no_lines_are_no_error(text: str) -> None:
    batch = read(text)
    assert (batch.refusal(), batch.tables) == (None, {})


def test_a_row_outside_retention_refuses_the_request() -> None:
    """The table that has the first one is named, with its oldest."""
    old = NOW - HOUR - 1
    refusal = refused(read(f"m f=1 {NOW}\nn f=1 {old}\nm f=2 {old - 9}\nn f=3 {old - 5}", retention=3600))
    assert (refusal.status, refusal.code, refusal.line) == (422, "unprocessable entity", None)
    assert refusal.message == (
        "dml handler error: data in table n is outside of the retention period: minimum acceptable timestamp is "
        "2023-11-14T21:13:20.123456789+00:00, but observed timestamp 2023-11-14T21:13:20.123456783+00:00 is older."
    )


def test_the_edge_of_retention_the_future_and_no_time_are_inside() -> None:
    batch = read(f"m f=1 {NOW - HOUR}\nm f=2 {NOW + 240 * HOUR}\nm f=3", retention=3600)
    assert (batch.refusal(), batch.points) == (None, 3)


def test_with_partial_writes_rows_outside_retention_are_left_out() -> None:
    batch = read(f"m f=1 {NOW}\nm g=2 1\nn f=1 1", retention=3600, partial=True)
    refusal = refused(batch)
    assert (refusal.status, refusal.code) == (400, "invalid")
    assert refusal.message.startswith("dml handler error: data in table m is outside of the retention period")
    assert batch.new_columns(Schema()) == {"m": {"f": FLOAT}}


def test_bad_lines_are_reported_before_retention() -> None:
    """The types of rows outside retention count as well."""
    refusal = refused(read(f"m f=1 1\nm f=1i {NOW}", retention=3600))
    assert (refusal.status, refusal.line) == (400, 2)


@pytest.mark.parametrize(
    ("time_ns", "text"),
    [
        (0, "1970-01-01T00:00:00+00:00"),
        (1, "1970-01-01T00:00:00.000000001+00:00"),
        (1_000, "1970-01-01T00:00:00.000001+00:00"),
        (1_500_000_000, "1970-01-01T00:00:01.500+00:00"),
        (-1, "1969-12-31T23:59:59.999999999+00:00"),
        ((1 << 63) - 1, "2262-04-11T23:47:16.854775807+00:00"),
        (-(1 << 63), "1677-09-21T00:12:43.145224192+00:00"),
    ],
)
def test_times_in_messages_are_rfc3339_with_no_more_digits_than_needed(time_ns: int, text: str) -> None:
    assert rfc3339(time_ns) == text


def limit_message(text: str, stored: dict[str, Columns], limits: Limits) -> str:
    with pytest.raises(ApiError) as caught:
        Schema(stored).check_limits(read(text, stored).new_columns(Schema(stored)), limits)
    assert (caught.value.status, caught.value.code) == (400, "invalid")
    return caught.value.message.removeprefix("dml handler error: service limit reached: ")


def test_columns_are_counted_with_time_over_all_lines() -> None:
    limits = Limits(columns=4)
    Schema().check_limits(read("m,t=a f=1\nm g=1").new_columns(Schema()), limits)
    assert limit_message("m,t=a f=1\nm g=1\nm h=1", {}, limits) == (
        "couldn't create columns in table `m`; table contains 0 existing columns, "
        "applying this write would result in 5 columns, limit is 4"
    )
    assert limit_message("m g=1,h=1", {"m": {"t": TAG, "f": FLOAT}}, limits) == (
        "couldn't create columns in table `m`; table contains 3 existing columns, "
        "applying this write would result in 5 columns, limit is 4"
    )


def test_a_table_beyond_its_limit_still_takes_what_it_has() -> None:
    Schema(STORED).check_limits(read("m f=1", STORED).new_columns(Schema(STORED)), Limits(columns=1, tables=0))


def test_more_tables_than_the_limit_are_refused_with_their_number() -> None:
    stored: dict[str, Columns] = {"a": {"f": FLOAT}, "b": {"f": FLOAT}}
    Schema(stored).check_limits(read("a f=1\nc f=1", stored).new_columns(Schema(stored)), Limits(tables=3))
    assert limit_message("a f=1\nc f=1\nd f=1", stored, Limits(tables=3)) == (
        "couldn't create new table; namespace contains 2 existing tables, applying this write would result in 4 tables, limit is 3"
    )


def test_tables_far_beyond_the_limit_are_not_kept() -> None:
    stored: dict[str, Columns] = {"a": {"f": FLOAT}}
    batch = read("".join(f"t{number} f=1\n" for number in range(3000)) + "a f=1i", stored)
    assert len(batch.tables) == 502
    assert len(batch.errors) == 1
    with pytest.raises(ApiError, match="applying this write would result in 501 tables, limit is 500"):
        Schema(stored).check_limits(batch.new_columns(Schema(stored)), Limits())
