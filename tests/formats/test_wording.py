import pytest

from scanner.formats.wording import effort, elapsed, listed, plural


@pytest.mark.parametrize(
    ("number", "noun", "text"),
    [(1, "entry", "1 entry"), (2, "entry", "2 entries"), (0, "finding", "0 findings"), (1234, "rule", "1,234 rules")],
)
def test_numbers_agree_with_their_nouns(number: int, noun: str, text: str) -> None:
    assert plural(number, noun) == text


@pytest.mark.parametrize(
    ("words", "text"),
    [(["a"], "a"), (["a", "b", "c", "d"], "a, b, c, d"), (list("abcde"), "a, b, c and 2 more")],
)
def test_long_lists_are_counted(words: list[str], text: str) -> None:
    assert listed(words) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.0, "0.00 s"), (0.837, "0.84 s"), (12.34, "12.3 s"), (60, "1 min 00 s"), (3_725.9, "62 min 05 s")],
)
def test_durations_are_for_people(seconds: float, text: str) -> None:
    assert elapsed(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "peak_bytes", "text"),
    [
        (1.204, 222 << 20, "1.20 s, at most 222 MiB"),
        (75, 3000 << 20, "1 min 15 s, at most 3,000 MiB"),
        (0.5, 0, "0.50 s"),
    ],
)
def test_what_something_took(seconds: float, peak_bytes: int, text: str) -> None:
    assert effort(seconds, peak_bytes) == text
