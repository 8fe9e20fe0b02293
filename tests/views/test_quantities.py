"""Quantities against the documented grammar and rounding of the Kubernetes API machinery."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.views.quantities import parse_quantity


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("500m", "0.5"),
        ("2", "2"),
        ("8Gi", "8589934592"),
        ("1.5Gi", "1610612736"),
        ("1e3", "1000"),
        ("1E3", "1000"),
        ("1E", "1000000000000000000"),
        ("12e-1", "1.2"),
        ("128974848", "128974848"),
        ("129M", "129000000"),
        ("123Mi", "128974848"),
        ("100k", "100000"),
        ("1Ki", "1024"),
        (".5", "0.5"),
        ("1.", "1"),
        ("+3", "3"),
        ("-1", "-1"),
        ("0", "0"),
        ("0Gi", "0"),
        ("1n", "0.000000001"),
        ("7u", "0.000007"),
    ],
)
def test_values(text: str, number: str) -> None:
    assert parse_quantity(text) == Decimal(number)


def test_numbers_as_yaml_has_them() -> None:
    assert parse_quantity(4) == 4
    assert parse_quantity(0.1) == Decimal("0.1")


@pytest.mark.parametrize(
    ("text", "number"),
    [("0.1n", "1e-9"), ("-0.1n", "-1e-9"), ("1e-400", "1e-9"), ("1.0000000001", "1.000000001")],
)
def test_below_one_nano_is_rounded_away_from_zero(text: str, number: str) -> None:
    assert parse_quantity(text) == Decimal(number)


@pytest.mark.parametrize("text", ["16Ei", "1e30", "1e999999999999", "9223372036854775807", "99999999999999999999"])
def test_magnitude_is_capped(text: str) -> None:
    assert parse_quantity(text) == 2**63 - 1
    assert parse_quantity(f"-{text}") == -(2**63 - 1)


@pytest.mark.parametrize(
    "value",
    ["", " 1", "1 Gi", "Gi", "1gi", "1K", "1KiB", "0x10", "1_000", "1,5", ".", "e3", "1e", "--1", "١", "9" * 65, "1i"],
)
def test_other_texts_are_refused(value: str) -> None:
    with pytest.raises(ValueError, match="is no Kubernetes quantity, such as 500m or 8Gi"):
        parse_quantity(value)


@pytest.mark.parametrize("value", [True, None, [], {}])
def test_other_types_are_refused(value: object) -> None:
    with pytest.raises(ValueError, match="is no Kubernetes quantity"):
        parse_quantity(value)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [float("inf"), float("nan")])
def test_numbers_that_are_none_are_refused(value: float) -> None:
    with pytest.raises(ValueError, match="is no Kubernetes quantity"):
        parse_quantity(value)


@given(st.integers(0, 10**12))
def test_units_agree(number: int) -> None:
    assert parse_quantity(f"{number}m") * 1000 == parse_quantity(number)
    assert parse_quantity(f"{number}Ki") == parse_quantity(number) * 1024 if number < 2**50 else True


@given(st.text("0123456789.+-eEinumkKMGTP", max_size=12))
def test_any_text_is_a_number_or_refused(text: str) -> None:
    with suppress(ValueError):
        assert abs(parse_quantity(text)) < 2**63
