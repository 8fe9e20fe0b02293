"""Numbers: reading, rounding to 512 bits, printing."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.sources.terraform.values import ValueFault, numbers


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("1.50", "1.5"),
        (".5", "0.5"),
        ("1e3", "1000"),
        ("1p3", "8"),
        ("-0.10", "-0.1"),
        ("1e-7", "0.0000001"),
        ("Inf", "+Inf"),
        ("100000000000000000000000000000001", "100000000000000000000000000000001"),
    ],
)
def test_numbers_print_in_full_and_short(text: str, printed: str) -> None:
    assert numbers.text(numbers.parse(text)) == printed


@pytest.mark.parametrize("text", ["", "x", "1_0", "0x1", " 1", "1.2.3", "e5", "-", "١"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueFault, match="a number is required"):
        numbers.parse(text)


@pytest.mark.parametrize("text", ["1e999999999", "1e-999999999", "1p99999", "9" * 2000])
def test_numbers_without_bound_are_refused_at_once(text: str) -> None:
    with pytest.raises(ValueFault, match="digits is not supported"):
        numbers.parse(text)


def test_products_without_bound_are_refused() -> None:
    number = numbers.parse("1e1000")
    with pytest.raises(ValueFault, match="digits is not supported"):
        numbers.multiply(number, number)


def test_decimal_fractions_add_up_as_printed() -> None:
    assert numbers.text(numbers.add(numbers.parse("0.1"), numbers.parse("0.2"))) == "0.3"
    assert numbers.divide(10, 5) == 2
    assert type(numbers.divide(10, 5)) is int
    assert numbers.text(numbers.multiply(numbers.divide(10, 3), 3)) == "10"


def test_a_third_has_the_digits_of_512_bits() -> None:
    third = numbers.divide(1, 3)
    assert numbers.text(third) == "0." + "3" * 154 + "5"
    assert isinstance(third, Fraction)
    assert third.numerator.bit_length() <= numbers.PRECISION


def test_infinity_has_its_own_arithmetic() -> None:
    infinity = numbers.divide(1, 0)
    assert infinity == numbers.INFINITY
    assert numbers.divide(5, infinity) == 0
    for left, operation, right in (
        (0, numbers.divide, 0),
        (infinity, numbers.subtract, infinity),
        (0, numbers.multiply, infinity),
    ):
        with pytest.raises(ValueFault):
            operation(left, right)


@pytest.mark.parametrize("value", [numbers.parse("0.5"), 1 << 63, numbers.INFINITY])
def test_what_is_no_whole_number_of_64_bits_is_refused(value: numbers.Number) -> None:
    with pytest.raises(ValueFault, match="whole number"):
        numbers.to_int(value)


@given(st.fractions(max_denominator=10**9))
def test_a_printed_number_reads_back_as_the_same(value: Fraction) -> None:
    number = numbers.divide(value.numerator, value.denominator)
    assert numbers.parse(numbers.text(number)) == number


@given(st.integers())
def test_whole_numbers_print_as_they_are(value: int) -> None:
    assert numbers.text(value) == str(value)
