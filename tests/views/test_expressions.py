import re

import pytest

from scanner.views.expressions import DEEPEST, LONGEST, And, Not, Or, Tokens, holds, parse

WORD = re.compile(r"\s+|&&|\|\||[!()]|[a-z]+")


def read(text: str) -> object:
    return parse(text, WORD, Tokens.take)


def test_and_binds_closer_than_or() -> None:
    assert read("a || b && c") == Or(("a", And(("b", "c"))))
    assert read("(a || b) && c") == And((Or(("a", "b")), "c"))


def test_not_binds_closest() -> None:
    assert read("!a && !!b") == And((Not("a"), Not(Not("b"))))
    assert read("!(a || b)") == Not(Or(("a", "b")))


def test_white_space_does_not_count() -> None:
    assert read(" a&&\n\tb ") == And(("a", "b"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "unexpected the end"),
        ("a &&", "unexpected the end"),
        ("a b", "unexpected 'b' at offset 2; expected && or ||"),
        ("(a", "unexpected the end; expected )"),
        ("a)", "unexpected ')' at offset 1; expected && or ||"),
        ("a & b", "unexpected '&' at offset 2"),
        ("(" * (DEEPEST + 2) + "a", f"it is nested deeper than {DEEPEST}"),
        ("!" * (DEEPEST + 2) + "a", f"it is nested deeper than {DEEPEST}"),
        ("a" * (LONGEST + 1), f"it is longer than {LONGEST} characters"),
    ],
)
def test_what_is_no_expression_says_where(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        read(text)


def test_a_long_flat_expression_is_no_deep_one() -> None:
    assert holds(read(" && ".join(["a"] * 2000)), lambda atom: True) is True


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("t && t", True),
        ("t && f", False),
        ("t && u", None),
        ("f && u", False),
        ("f || t", True),
        ("f || u", None),
        ("t || u", True),
        ("!u", None),
        ("!f", True),
        ("!(t && u) || t", True),
    ],
)
def test_what_is_not_known_spreads_only_where_it_decides(text: str, answer: bool | None) -> None:
    known: dict[str, bool | None] = {"t": True, "f": False, "u": None}
    assert holds(read(text), known.__getitem__) is answer
