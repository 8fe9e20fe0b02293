import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.estate.durations import format_duration, parse_duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("PT15M", 900), ("P1D", 86_400), ("P1DT12H", 129_600), ("P2W", 1_209_600), ("PT0S", 0), ("PT1H30M5S", 5_405)],
)
def test_durations_of_fixed_length(text: str, seconds: int) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "P1DT", "15M", "P1Y", "P1M", "PT1.5H", "P-1D", "pt15m", "P1W1D", "PT٣M"]
)
def test_everything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no ISO 8601 duration of weeks, days, hours, minutes and seconds"):
        parse_duration(text)


@given(st.integers(0, 999), st.integers(0, 23), st.integers(0, 59), st.integers(0, 59))
def test_parts_add_up(days: int, hours: int, minutes: int, seconds: int) -> None:
    text = f"P{days}DT{hours}H{minutes}M{seconds}S"
    assert parse_duration(text) == ((days * 24 + hours) * 60 + minutes) * 60 + seconds


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0 s"), (900, "15 min"), (21_600, "6 h"), (129_600, "1 d 12 h"), (86_401, "1 d 1 s")]
)
def test_words(seconds: int, text: str) -> None:
    assert format_duration(seconds) == text
