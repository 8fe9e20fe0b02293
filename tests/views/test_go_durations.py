"""Durations against the documented grammar of Go's time.ParseDuration."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.views.go_durations import parse_go_duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("720h0m0s", 2_592_000),
        ("1h30m", 5400),
        ("1.5h", 5400),
        (".5m", 30),
        ("1m1ms", Fraction(60_001, 1000)),
        ("10us", Fraction(1, 100_000)),
        ("1µs", Fraction(1, 10**6)),
        ("1ns", Fraction(1, 10**9)),
        ("-2h", -7200),
        ("+2h", 7200),
        ("0", 0),
        ("0s", 0),
    ],
)
def test_values(text: str, seconds: Fraction) -> None:
    assert parse_go_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "1", "30d", "1 h", "h", "1h30", "-", "P1D", "1hx", "1h" * 40, "١h"])
def test_what_is_none_is_named(text: str) -> None:
    with pytest.raises(ValueError, match="is no duration, such as 720h0m0s"):
        parse_go_duration(text)


@given(hours=st.integers(0, 10**6), minutes=st.integers(0, 59), seconds=st.integers(0, 59))
def test_what_kubernetes_writes_is_read(hours: int, minutes: int, seconds: int) -> None:
    assert parse_go_duration(f"{hours}h{minutes}m{seconds}s") == hours * 3600 + minutes * 60 + seconds
