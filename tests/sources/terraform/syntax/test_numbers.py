from fractions import Fraction

import pytest

from scanner.sources.terraform.syntax.numbers import number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("007", 7),
        ("12345678901234567890", 12345678901234567890),
        ("1.50", Fraction(3, 2)),
        ("2.0", 2),
        ("1e3", 1000),
        ("1E+3", 1000),
        ("1.e2", 100),
        ("125e-2", Fraction(5, 4)),
        ("0e99999999999999", 0),
        ("0.000", 0),
        ("1e100", 10**100),
    ],
)
def test_values(text: str, value: int | Fraction) -> None:
    read = number(text)
    assert read == value
    assert type(read) is type(value)


def test_a_mantissa_has_512_bits() -> None:
    assert number("0.1") != Fraction(1, 10)
    assert abs(number("0.1") - Fraction(1, 10)) < Fraction(1, 2**512)
    assert number(str(2**512 - 1)) == 2**512 - 1
    assert number(str(2**512 + 1)) == 2**512  # a tie goes to the even neighbour
    assert number(str(2**512 + 3)) == 2**512 + 4


def test_digits_beyond_all_meaning_cost_little() -> None:
    assert number("1." + "3" * 1_000_000) == number("1." + "3" * 2_000)
    assert number("1." + "0" * 1_000_000) == 1


@pytest.mark.parametrize("text", ["1.5.5", "1..2", "1e5.5", "1e5e5"])
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(ValueError, match=f'^expected a number, found "{text}"$'):
        number(text)


@pytest.mark.parametrize("text", ["1e999999999", "1e99999999999999999999", "1e-5000", "9" * 5000])
def test_what_has_no_practical_size(text: str) -> None:
    with pytest.raises(ValueError, match=r"^expected a number of at most 4000 digits, found"):
        number(text)
