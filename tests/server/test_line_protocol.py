"""One row for each line of line protocol that a writer may get wrong, with what comes of it."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docwitness.server.grammar import LineError
from docwitness.server.line_protocol import Line, parse_lines
from docwitness.server.point import FieldType, FieldValue

NO_FIELDS = "No fields were provided"
NO_SPACE = "Expected at least one space character, got end of input"
BACKSLASH = "Measurements, tag keys and values, and field keys may not end with a backslash"
TOO_LONG = "String is greater than 64KB"


def trailing(text: str) -> str:
    return f"Could not parse entire line. Found trailing content: `{text}`"


ACCEPTED = [
    # Comments and blanks
    ("# c\nm f=1 1\n#c2", ["m f=1.0 @1"]),
    ("# just a comment", []),
    ("   # c\nm f=1 1", ["m f=1.0 @1"]),
    ("# c\\\nm f=1 1", ["m f=1.0 @1"]),
    ('# f="\nm f=1 1', ["m f=1.0 @1"]),
    ("m,t=#x f=1 1", ["m,t=#x f=1.0 @1"]),
    (r"\#m f=1 1", [r"\#m f=1.0 @1"]),
    ('m f="# c" 1', ["m f='# c' @1"]),
    ("", []),
    ("   \n  ", []),
    ("\t \n\n\t", []),
    ("    m f=1 1", ["m f=1.0 @1"]),
    ("\tm f=1 1", ["m f=1.0 @1"]),
    ("\n\nm f=1 1\n\n\nm f=2 2", ["m f=1.0 @1", "m f=2.0 @2"]),
    ("m f=1 1   ", ["m f=1.0 @1"]),
    ("m,t=a   f=1    1", ["m,t=a f=1.0 @1"]),
    ("\ufeffm f=1 1", ["\ufeffm f=1.0 @1"]),
    # Commas
    ("m f=1, 1", ["m f=1.0 @1"]),
    ("m f=1,", ["m f=1.0 @now"]),
    ("m f=1,,g=2 1", ["m f=1.0 ,g=2.0 @1"]),
    ("m,t=a,,u=b f=1 1", ["m,t=a,,u=b f=1.0 @1"]),
    # Escapes and quotation marks
    (r"my\ m f=1 1", ["my m f=1.0 @1"]),
    (r"my\,m f=1 1", ["my,m f=1.0 @1"]),
    (r"my\=m f=1 1", [r"my\=m f=1.0 @1"]),
    ("my=m f=1 1", ["my=m f=1.0 @1"]),
    (r"a\\b f=1 1", [r"a\b f=1.0 @1"]),
    (r"m,t\ k=v\ 1,a\,b=c\=d f=1 1", ["m,t k=v 1,a,b=c=d f=1.0 @1"]),
    ("m,t=a=b f=1 1", ["m,t=a=b f=1.0 @1"]),
    (r"m f\ k=1,a\,b=2,c\=d=3 1", ["m f k=1.0 a,b=2.0 c=d=3.0 @1"]),
    (r"m,t=a\nb f=1 1", [r"m,t=a\nb f=1.0 @1"]),
    (r"m,t=a\\b f=1 1", [r"m,t=a\b f=1.0 @1"]),
    (r"m,t=a\  f=1 1", ["m,t=a  f=1.0 @1"]),
    ("a\\\nb f=1 1", ["a\\\nb f=1.0 @1"]),
    ("m a\\\tb=1 1", ["m a\\\tb=1.0 @1"]),
    ('"m" f=1 1', ['"m" f=1.0 @1']),
    ('m,t="a" "f"=1 1', ['m,t="a" "f"=1.0 @1']),
    ('m f="a\nb" 1', [r"m f='a\nb' @1"]),
    (r'm f="a\"b" 1', ["""m f='a"b' @1"""]),
    (r'm f="a\\b" 1', [r"m f='a\\b' @1"]),
    (r'm f="a\b" 1', [r"m f='a\\b' @1"]),
    (r'm f="a\nb" 1', [r"m f='a\\nb' @1"]),
    (r'm f="a\\\"b" 1', [r"""m f='a\\"b' @1"""]),
    (r'm f="a\\" 1', [r"m f='a\\' @1"]),
    ('m f="" 1', ["m f='' @1"]),
    ('m f="a, b=c  d",g=1 1', ["m f='a, b=c  d' g=1.0 @1"]),
    ('m "f=1 1\nm f=2 2', ['m "f=1.0 @1', "m f=2.0 @2"]),
    ('m,t="x f=1 1\nm f=2 2', ['m,t="x f=1.0 @1', "m f=2.0 @2"]),
    # Numbers
    ("m f=9223372036854775807i,g=-9223372036854775808i 1", ["m f=9223372036854775807i g=-9223372036854775808i @1"]),
    ("m f=007i,g=-0i,h=-00042i 1", ["m f=7i g=0i h=-42i @1"]),
    (f"m f={'0' * 5000}1i 1", ["m f=1i @1"]),
    ("m f=18446744073709551615u,g=0u,h=0018446744073709551615u 1", ["m f=18446744073709551615u g=0u h=18446744073709551615u @1"]),
    ("m f=1,g=1.0,h=-1.5,i=00.5,j=-0.0,k=-5 1", ["m f=1.0 g=1.0 h=-1.5 i=0.5 j=-0.0 k=-5.0 @1"]),
    ("m f=1e3,g=1E3,h=1e-3,i=1e+3,j=1.5e3,k=-1.5e-3 1", ["m f=1000.0 g=1000.0 h=0.001 i=1000.0 j=1500.0 k=-0.0015 @1"]),
    ("m f=1e400,g=-1e400,h=1e-400 1", ["m f=inf g=-inf h=0.0 @1"]),
    ("m f=1.7976931348623157e308,g=5e-324 1", ["m f=1.7976931348623157e+308 g=5e-324 @1"]),
    ("m f=123456789012345678901234567890 1", ["m f=1.2345678901234568e+29 @1"]),
    ("m f=9223372036854775808 1", ["m f=9.223372036854776e+18 @1"]),
    *((f"m f={word} 1", ["m f=True @1"]) for word in ("t", "T", "true", "True", "TRUE")),
    *((f"m f={word} 1", ["m f=False @1"]) for word in ("f", "F", "false", "False", "FALSE")),
    # Timestamps
    ("m f=1", ["m f=1.0 @now"]),
    ("m f=1 -1", ["m f=1.0 @-1"]),
    ("m f=1 0", ["m f=1.0 @0"]),
    ("m f=1 9223372036854775807", ["m f=1.0 @9223372036854775807"]),
    ("m f=1 -9223372036854775808", ["m f=1.0 @-9223372036854775808"]),
    (f"m f=1 {'0' * 5000}7", ["m f=1.0 @7"]),
    # Names
    ("_m,_t=a _f=1 1", ["_m,_t=a _f=1.0 @1"]),
    ('mé,t=🍭 f="🚀" 1', ["mé,t=🍭 f='🚀' @1"]),
    ("m\u00a0x f=1 1", ["m\u00a0x f=1.0 @1"]),
    ("m\x0bx f=1 1", ["m\x0bx f=1.0 @1"]),
    ('m,t\0=a\0b f\0="\0" 1', ["m,t\0=a\0b f\0='\\x00' @1"]),
    ("m,t\x01=a f\x7f=1 1", ["m,t\x01=a f\x7f=1.0 @1"]),
]

REFUSED = [
    # Comments and blanks
    ("m f=1 1 # trailing", trailing("# trailing")),
    ("\0m f=1 1", "Invalid measurement was provided"),
    ("m\0x f=1 1", "Expected at least one space character, got `\0x f=1 1`"),
    ("m f=1   ", trailing("   ")),
    ("m f=1 1\t", trailing("\t")),
    ("m\tf=1\t1", "Expected at least one space character, got `\tf=1\t1`"),
    (
        "m\tthis is shown whole, however long f=1",
        "Expected at least one space character, got `\tthis is shown whole, however long f=1`",
    ),
    ("m f=1 1\r", trailing("\r")),
    ("m f=1\r", trailing("\r")),
    ('m f="a"\r', trailing("\r")),
    ("\r", NO_SPACE),
    # Commas and missing parts
    ("m, f=1 1", "Expected tag key, got ` f=1 1`"),
    ("m,t=a, f=1 1", "Expected tag key, got ` f=1 1`"),
    ("m", NO_SPACE),
    ("m,t=a", NO_SPACE),
    ("m,", "Expected tag key, got end of input"),
    ("m,t=", "Expected tag value, got end of input"),
    ("=", NO_SPACE),
    ('{"a":1}', NO_SPACE),
    ("m,t=a 1", NO_FIELDS),
    (",t=a f=1", "Invalid measurement was provided"),
    ("f=1 1", NO_FIELDS),
    ("m f= 1", NO_FIELDS),
    ("m f 1", NO_FIELDS),
    ("m =1 1", NO_FIELDS),
    ("m f =1 1", NO_FIELDS),
    ("m f= 1 1", NO_FIELDS),
    ("m,t=a,f=1 1", NO_FIELDS),
    ("m,t= f=1 1", "Expected tag value, got ` f=1 1`"),
    ("m,t=,u=platanos f=1 1", "Expected tag value, got `,u=platano...`"),
    ("m,=a f=1 1", "Expected tag key, got `=a f=1 1`"),
    ("m,t f=1 1", "Tag set malformed: could not find equals sign in `t f=1 1`"),
    ("m,a=b,t f=1 1", "Tag set malformed: could not find equals sign in `a=b,t f=1 ...`"),
    ("m,ééééé1", "Tag set malformed: could not find equals sign in `ééééé1...`"),
    ("m f=1,=2 1", trailing("=2 1")),
    ("m f=1,g= 1", trailing("g= 1")),
    ("m f=1,g=2,h= 1", trailing(",h= 1")),
    ("m f=1,g=2, 1", trailing(", 1")),
    ("m f=1, g=2 1", trailing(" g=2 1")),
    # Escapes and quotation marks
    ("m,t=a b f=1 1", NO_FIELDS),
    ('m,t="a b" f=1 1', NO_FIELDS),
    (r"m,t=a\ f=1 1", NO_FIELDS),
    (r"m,t=a\\ f=1 1", BACKSLASH),
    (r"m\ f=1 1", NO_FIELDS),
    (r"m f\=1 1", NO_FIELDS),
    (r"m f\\=1 1", BACKSLASH),
    (r"m f=1,g\\=1 1", BACKSLASH),
    ("\\", BACKSLASH),
    ("m f=1 1\\\nm f=2 2", trailing("\\\nm f=2 2")),
    (r'm f="a\" 1', NO_FIELDS),
    ('m f="abc 1', NO_FIELDS),
    ('m f="abc 1\nm f=2 2', NO_FIELDS),
    ("m f='a' 1", NO_FIELDS),
    ("m f=abc 1", NO_FIELDS),
    ('m f="a"b 1', trailing("b 1")),
    ('m f="a", g=1 1', trailing(" g=1 1")),
    # Integers
    ("m f=+1i 1", NO_FIELDS),
    ("m f=9223372036854775808i 1", "Unable to parse integer value `9223372036854775808`"),
    ("m f=-9223372036854775809i 1", "Unable to parse integer value `-9223372036854775809`"),
    ("m g=1,f=9223372036854775808i 1", "Unable to parse integer value `9223372036854775808`"),
    *(
        (f"m f={digits}i 1", f"Unable to parse integer value `{digits}`")
        for digits in ("9" * 21, f"-{'9' * 21}", f"-00{'9' * 21}", "9" * 5000, f"-{'9' * 5000}")
    ),
    ("m f=1I 1", trailing("I 1")),
    ("m f=1.0i 1", trailing("i 1")),
    ("m f=i 1", NO_FIELDS),
    ("m f=0x1Fi 1", trailing("x1Fi 1")),
    ("m f=1e3i 1", trailing("i 1")),
    ("m f=18446744073709551616u 1", "Unable to parse unsigned integer value `18446744073709551616`"),
    ("m f=-1u 1", trailing("u 1")),
    ("m f=1U 1", trailing("U 1")),
    # Booleans and floats
    ("m f=tRUE 1", trailing("RUE 1")),
    ("m f=tr 1", trailing("r 1")),
    ("m f=yes 1", NO_FIELDS),
    ("m f=fALSE 1", trailing("ALSE 1")),
    ("m f=+1.5 1", NO_FIELDS),
    ("m f=1. 1", trailing(". 1")),
    ("m f=.5 1", NO_FIELDS),
    ("m f=-.5 1", NO_FIELDS),
    ("m f=-5. 1", trailing(". 1")),
    ("m f=1.e3 1", trailing(".e3 1")),
    ("m f=1e 1", trailing("e 1")),
    ("m f=1e1.5 1", trailing(".5 1")),
    ("m f=1_000 1", trailing("_000 1")),
    ("m f=1.0f 1", trailing("f 1")),
    ("m f=--1 1", NO_FIELDS),
    ("m f=1٣ 1", trailing("٣ 1")),
    *((f"m f={word} 1", NO_FIELDS) for word in ("NaN", "inf", "-Inf")),
    # Timestamps
    ("m f=1 +1", trailing(" +1")),
    ("m f=1 -", trailing(" -")),
    ("m f=1 9223372036854775808", "Unable to parse timestamp value `9223372036854775808`"),
    ("m f=1 -9223372036854775809 x", "Unable to parse timestamp value `-9223372036854775809`"),
    ("m f=1 123461000000000000000000000000", "Unable to parse timestamp value `123461000000000000000000000000`"),
    ("m f=1 -123461000000000000000000000000", "Unable to parse timestamp value `-123461000000000000000000000000`"),
    ("m f=1 1.5", trailing(".5")),
    ("m f=1 1e9", trailing("e9")),
    ("m f=1 1i", trailing("i")),
    ("m f=1 now", trailing(" now")),
    ("m f=1 2020-01-01T00:00:00Z", trailing("-01-01T00:...")),
    ("m f=1 1 2", trailing("2")),
    # Length, in bytes after unescaping
    (f"{'m' * 65_537} f=1 1", TOO_LONG),
    (f"m,{'k' * 65_537}=a f=1 1", TOO_LONG),
    (f"m,t={'é' * 32_769} f=1 1", TOO_LONG),
    (f"m {'k' * 65_537}=1 1", TOO_LONG),
    (f'm f="{"x" * 65_537}" 1', TOO_LONG),
]


def shown(line: Line | LineError) -> str:
    if isinstance(line, LineError):
        return str(line)
    series = ",".join([line.series.table, *(f"{key}={value}" for key, value in line.series.tags)])
    fields = " ".join(map(shown_field, line.layout.keys, line.layout.types, line.values))
    return f"{series} {fields} @{'now' if line.timestamp is None else line.timestamp}"


def shown_field(key: str, field_type: FieldType, value: FieldValue) -> str:
    assert isinstance(value, {"float": float, "int": int, "uint": int, "string": str, "bool": bool}[field_type])
    return f"{key}={value!r}{ {'int': 'i', 'uint': 'u'}.get(field_type, '') }"


def parsed(text: str, **options: int) -> list[str]:
    return [shown(line) for line in parse_lines(text, **options)]


@pytest.mark.parametrize(("text", "lines"), ACCEPTED)
def test_what_keeps_the_grammar_is_read(text: str, lines: list[str]) -> None:
    assert parsed(text) == lines


@pytest.mark.parametrize(("text", "reason"), REFUSED)
def test_what_breaks_the_grammar_is_refused_with_its_reason(text: str, reason: str) -> None:
    assert parsed(text) == [reason]


@pytest.mark.parametrize(("text", "lines"), ACCEPTED)
def test_a_line_means_the_same_after_many_of_its_kind(text: str, lines: list[str]) -> None:
    if '"\n' not in text:
        assert parsed("\n".join([text] * 5)) == lines * 5


@pytest.mark.parametrize(("text", "reason"), [row for row in REFUSED if '"' not in row[0] and not row[0].endswith("\\")])
def test_a_bad_line_is_bad_after_good_ones(text: str, reason: str) -> None:
    good = "m f=1 1\nm,t=a f=1 1\nm f=1i,g=2i 1\nm f=t 1\nm f=2u 1\n" * 3
    assert parsed(good + text)[15:] == [reason]


@pytest.mark.parametrize(
    ("good", "other"),
    [
        ("m f=1i 1", "m f=9223372036854775808i 1"),
        ("m f=1i 1", "m f=-9223372036854775808i 1"),
        ("m f=1u 1", "m f=18446744073709551616u 1"),
        ("m f=1u 1", "m f=18446744073709551615u 1"),
        ("m f=1 1", "m f=1 9223372036854775808"),
        ("m f=1 1", "m f=1 9223372036854775807"),
        ("m f=1 1", "m f=1i 1"),
        ("m f=1 1", "#m f=1 1"),
        ("m f=1,g=2 1", "m f=1 1"),
        ('m f="a" 1', 'm f="a'),
        ('m f="a" 1', f'm f="{"x" * 65_537}" 1'),
        ('m f=1,,g="a" 1', 'm f=1,,g="a\nb" 1'),
        ('m "f=1 1', 'm "f=1 "\n'),
    ],
)
def test_a_line_is_not_mistaken_for_one_of_the_shape_before_it(good: str, other: str) -> None:
    assert parsed("\n".join([good] * 3 + [other]))[3:] == parsed(other)


def test_an_escaped_text_may_be_longer_than_the_limit_that_its_value_keeps() -> None:
    (line,) = parse_lines('m f="' + '\\"' * 65_536 + '" 1')
    assert isinstance(line, Line)
    assert line.values == ('"' * 65_536,)


def test_names_and_strings_may_have_exactly_the_limit() -> None:
    text = f'{"m" * 65_536},{"t" * 65_536}={"é" * 32_768} {"f" * 65_536}="{"x" * 65_536}" 1'
    assert [type(line) for line in parse_lines(text)] == [Line]


def test_a_string_without_its_end_takes_the_lines_behind_it() -> None:
    assert parsed('m f=1 1\nm f="x 2\nm f=3 3') == ["m f=1.0 @1", NO_FIELDS]


def test_every_line_has_an_outcome_in_order() -> None:
    assert parsed("# c\n\nm f=1 1\n  # d\nbad\nm f=2 2\n\nworse") == ["m f=1.0 @1", NO_SPACE, "m f=2.0 @2", NO_SPACE]


def test_equal_series_and_layouts_are_shared() -> None:
    first, _, last = parse_lines("m,t=a f=1,g=2i 1\nm,t=b f=1 1\nm,t=a f=3,g=4i 2")
    assert isinstance(first, Line)
    assert isinstance(last, Line)
    assert first.series is last.series
    assert first.layout is last.layout


PIECES = st.one_of(
    st.sampled_from(list(' ,="\\#uit\t\r\né')),
    st.sampled_from(["m", ",t=a", ",t=b\\ c", "f=1", "f=2.5e3", "g=1i", "g=9223372036854775808i", "s=", '"x y"', '"a\\"b"']),
    st.sampled_from([" 1", " -9000000000000000000", "\nm f=1 1", "\nm,t=a f=2,g=3i 7", '\nm s="p,q=r" 8']),
)


@given(st.lists(PIECES, max_size=40))
def test_the_quick_way_says_what_the_strict_grammar_says(pieces: list[str]) -> None:
    body = "m f=1 1\nm f=1 1\nm,t=a f=2,g=3i 7\nm,t=a f=2,g=3i 7\n" + "".join(pieces)
    assert parsed(body) == parsed(body, shapes=0)


NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n\t\r\0#\\"), min_size=1, max_size=12)
VALUES = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False).map(lambda value: (FieldType.FLOAT, value, format(value, ".17g"))),
    st.integers(-(1 << 63), (1 << 63) - 1).map(lambda value: (FieldType.INT, value, f"{value}i")),
    st.integers(0, (1 << 64) - 1).map(lambda value: (FieldType.UINT, value, f"{value}u")),
    st.booleans().map(lambda value: (FieldType.BOOL, value, str(value))),
    st.text(st.characters(exclude_categories=["Cs"])).map(lambda value: (FieldType.STRING, value, quoted(value))),
)
POINTS = st.tuples(
    NAMES,
    st.dictionaries(NAMES, NAMES, max_size=3),
    st.dictionaries(NAMES, VALUES, min_size=1, max_size=4),
    st.none() | st.integers(-(1 << 63), (1 << 63) - 1),
)
Value = tuple[FieldType, FieldValue, str]


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def escaped(name: str, marks: str = ", =") -> str:
    return re.sub(f"([{marks}])", r"\\\1", name)


def written(table: str, tags: dict[str, str], fields: dict[str, Value], time: int | None) -> str:
    series = ",".join([escaped(table, ", "), *(f"{escaped(key)}={escaped(value)}" for key, value in tags.items())])
    return (
        f"{series} {','.join(f'{escaped(key)}={text}' for key, (_, _, text) in fields.items())}{'' if time is None else f' {time}'}"
    )


@given(st.lists(POINTS, max_size=6), st.integers(1, 4))
def test_what_is_written_is_read(points: list[tuple[str, dict[str, str], dict[str, Value], int | None]], times: int) -> None:
    def read() -> Iterator[object]:
        for line in parse_lines("\n".join([written(*point) for point in points] * times)):
            assert isinstance(line, Line)
            fields = zip(line.layout.keys, line.layout.types, line.values, strict=True)
            yield line.series.table, dict(line.series.tags), list(fields), line.timestamp

    expected = [(table, tags, [(key, *value[:2]) for key, value in fields.items()], time) for table, tags, fields, time in points]
    assert list(read()) == expected * times
