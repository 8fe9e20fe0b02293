import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.formats.printable import display_width
from scanner.formats.text.layout import pad, shorten, wrap


@given(st.text(), st.integers(20, 110))
def test_wrapping_keeps_every_word_and_the_width(text: str, width: int) -> None:
    lines = list(wrap(text, width))

    assert " ".join(lines).split() == text.split()
    assert all(display_width(line) <= width or len(line.split()) == 1 for line in lines)


def test_a_line_of_prose_is_never_too_long_to_read() -> None:
    assert max(len(line) for line in wrap("word " * 100, 500)) <= 110


@pytest.mark.parametrize(
    ("text", "width", "shown"), [("abc", 3, "abc"), ("abcd", 3, "ab…"), ("日本語", 5, "日本…"), ("日本語", 4, "日…")]
)
def test_shortening_counts_columns(text: str, width: int, shown: str) -> None:
    assert shorten(text, width) == shown


def test_padding_counts_columns() -> None:
    assert pad("日本", 6) == "日本  "
