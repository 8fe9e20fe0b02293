import pytest

from scanner.formats.wording import listed, plural


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
