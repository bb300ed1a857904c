"""Which lines are bad, and that a bad line costs nothing but itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.petitions.archives import ArchivedPetition, BadLine, count_records, files, read_archives
from tests.petitions.archives.archive_samples import korean_line, write_lines

NUMBER_WITH_5000_DIGITS = b'{"petition_idx": ' + b"9" * 5000 + b"}"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{broken", "Not JSON: Expecting property name enclosed in double quotes at column 2."),
        (b"[1, 2]", "Not a JSON object."),
        (b'"text"', "Not a JSON object."),
        (b"[" * 100_000, "Not JSON: nested too deeply."),
        (NUMBER_WITH_5000_DIGITS, "Not JSON: a number is too long."),
        (korean_line(title=None), "title is missing."),
        (korean_line(title=""), "title is empty."),
        (korean_line(title=" \u200b\u3000"), "title is empty."),
        (korean_line(title=5), "title is not text."),
        (korean_line(title="가" * 1001), "title is longer than 1000 characters."),
        (korean_line(petition_idx=None), "petition_idx is missing."),
        (korean_line(petition_idx=" "), "petition_idx is empty."),
        (korean_line(petition_idx=True), "petition_idx is not text."),
        (korean_line(num_agree=None), "num_agree is missing."),
        (korean_line(num_agree="12a"), "num_agree is not a whole number."),
        (korean_line(num_agree=1.5), "num_agree is not a whole number."),
        (korean_line(num_agree=True), "num_agree is not a whole number."),
        (korean_line(num_agree=-1), "num_agree is negative."),
        (korean_line(num_agree=2**31), "num_agree is too large."),
        (korean_line(begin="2017-02-30"), "begin is not a date."),
        (korean_line(begin=""), "begin is not a date."),
        (korean_line(end="0001-01-01"), "end lies outside the years 1900 to 2199."),
        (korean_line(end=20170909), "end is not text."),
        (korean_line(content=["본문"]), "content is not text."),
        (korean_line(content="a\0b"), "content holds a NUL character."),
        (korean_line(content="half").replace(b"half", b"\\ud83d"), "content holds half of a surrogate pair."),
        (korean_line(content="raw").replace(b"raw", b"\0"), "The line holds a NUL character."),
        (korean_line(content="cut").replace(b"cut", b"\xff"), "Not UTF-8 at byte 80."),
        (b'{"title": "x"}', "petition_idx is missing."),
    ],
)
def test_bad_line_between_good_ones(tmp_path: Path, line: bytes, reason: str) -> None:
    path = write_lines(tmp_path, korean_line(petition_idx="1"), b"", line, korean_line(petition_idx="2"))

    first, bad, last = read_archives([path])

    assert isinstance(first, ArchivedPetition)
    assert isinstance(last, ArchivedPetition)
    assert (first.source_id, last.source_id) == ("1", "2")
    assert bad == BadLine(str(path), 3, reason, line.decode(errors="backslashreplace"))


def test_a_bad_first_line_does_not_hide_the_archive(tmp_path: Path) -> None:
    path = write_lines(tmp_path, b"{broken", b"[]", korean_line())

    assert [type(result) for result in read_archives([path])] == [BadLine, BadLine, ArchivedPetition]


def test_byte_order_mark_windows_line_ends_and_blank_lines(tmp_path: Path) -> None:
    path = tmp_path / "windows.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + korean_line() + b"\r\n  \r\n\t\n" + korean_line() + b"\r\n{x\r\n")

    *petitions, bad = read_archives([path])

    assert [type(petition) for petition in petitions] == [ArchivedPetition] * 2
    assert isinstance(bad, BadLine)
    assert (bad.line, bad.raw) == (5, "{x")
    assert count_records([path]) == 3


def test_too_long_a_line_is_bad_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LONGEST_LINE", 400)
    path = write_lines(tmp_path, korean_line(), korean_line(content="가" * 2000), korean_line())

    first, bad, last = read_archives([path])

    assert isinstance(first, ArchivedPetition)
    assert isinstance(last, ArchivedPetition)
    assert isinstance(bad, BadLine)
    assert (bad.line, bad.reason) == (2, "The line is too long.")


LINES = st.one_of(
    st.binary(max_size=60),
    st.builds(
        lambda key, value: korean_line(**{key: value}),
        st.sampled_from(["title", "petition_idx", "num_agree", "begin", "content", "category", "attributes"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=8),
            lambda inner: (
                st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2)
            ),
            max_leaves=4,
        ),
    ),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(lines=st.lists(LINES.filter(lambda line: b"\n" not in line), max_size=8))
def test_every_line_gives_exactly_one_result(tmp_path: Path, lines: list[bytes]) -> None:
    path = write_lines(tmp_path, korean_line(petition_idx="first"), *lines)

    results = list(read_archives([path]))

    assert len(results) == count_records([path]) == 1 + sum(bool(line.strip()) for line in lines)
    assert isinstance(results[0], ArchivedPetition)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    content=st.builds(
        bytes.__add__,
        st.sampled_from(
            [b"", b"\x1f\x8b", b"\x1f\x8b\x08\x00", b"[", b'{"data":[', b'{"links":{},"data":[1,']
        ),
        st.binary(max_size=200),
    )
)
def test_arbitrary_bytes_never_raise(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "anything"
    path.write_bytes(content)

    assert len(list(read_archives([path]))) == count_records([path])
