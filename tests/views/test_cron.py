"""The longest gap between two runs, against schedules worked out by hand and a clock that is walked."""

from contextlib import suppress
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.views.cron import longest_gap_s

MINUTE, HOUR, DAY = 60, 3600, 86_400


@pytest.mark.parametrize(
    ("expression", "gap"),
    [
        ("* * * * *", MINUTE),
        ("*/5 * * * *", 5 * MINUTE),
        ("7,37 * * * *", 30 * MINUTE),
        ("*/25 * * * *", 25 * MINUTE),
        ("*/40 * * * *", 40 * MINUTE),
        ("17 * * * *", HOUR),
        ("7 */6 * * *", 6 * HOUR),
        ("0 */5 * * *", 5 * HOUR),
        ("0 1-7 * * *", 18 * HOUR),
        ("0 2/4 * * *", 4 * HOUR),
        ("0 22,2 * * *", 20 * HOUR),
        ("30 3 * * *", DAY),
        ("0 3 * * 1-5", 3 * DAY),
        ("0 3 * * mon,THU", 4 * DAY),
        ("0 0 1 * *", 31 * DAY),
        ("0 0 1 jan ?", 366 * DAY),
        ("0 0 29 2 *", 1461 * DAY),
        ("0 0 13 * 5", 7 * DAY),  # the thirteenth, and every Friday
        ("0 0 */2 * *", 2 * DAY),
        ("@hourly", HOUR),
        ("@daily", DAY),
        ("@midnight", DAY),
        ("@weekly", 7 * DAY),
        ("@monthly", 31 * DAY),
        ("@yearly", 366 * DAY),
        ("@every 1h30m", 90 * MINUTE),
        ("CRON_TZ=Europe/Amsterdam 0 3 * * *", DAY),
        ("TZ=UTC @daily", DAY),
    ],
)
def test_gaps(expression: str, gap: int) -> None:
    assert longest_gap_s(expression) == gap


@pytest.mark.parametrize(
    ("expression", "gap"),
    [
        ("0 30 1 * * *", DAY),
        ("*/20 * * * * *", 20),
        ("30 0 0 * * 0", 7 * DAY),
        ("@daily", DAY),
        ("@every 6h", 6 * HOUR),
    ],
)
def test_gaps_of_schedules_whose_first_field_is_seconds(expression: str, gap: int) -> None:
    assert longest_gap_s(expression, seconds=True) == gap


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("", "'' is no cron schedule of five fields"),
        ("0 30 1 * * *", "'0 30 1 * * *' is no cron schedule of five fields"),
        ("61 * * * *", "'61' is no minute"),
        ("* 24 * * *", "'24' is no hour"),
        ("* * 0 * *", "'0' is no day of month"),
        ("* * * 13 *", "'13' is no month"),
        ("* * * * 7", "'7' is no day of week"),
        ("* 7-1 * * *", "'7-1' is no range of hour"),
        ("*/0 * * * *", "'0' is no minute"),
        ("- * * * *", "'' is no minute"),
        ("0 0 31 2 *", "'0 0 31 2 *' is a cron schedule of days that no year has"),
        ("@nightly", "'@nightly' is no cron schedule of five fields"),
        ("@every often", "'often' is no duration, such as 720h0m0s"),
        ("TZ=UTC", "'TZ=UTC' is no cron schedule of five fields"),
    ],
)
def test_what_is_no_schedule_says_why(expression: str, reason: str) -> None:
    with pytest.raises(ValueError) as caught:
        longest_gap_s(expression)
    assert str(caught.value) == reason


def test_a_schedule_of_another_number_of_fields_says_which() -> None:
    with pytest.raises(ValueError, match="six fields, the first is seconds"):
        longest_gap_s("30 1 * * *", seconds=True)


FIELD = st.one_of(
    st.just("*"),
    st.builds("*/{}".format, st.integers(2, 23)),
    st.builds("{}".format, st.integers(0, 23)),
    st.builds("{}-{}".format, st.integers(0, 9), st.integers(10, 23)),
    st.lists(st.integers(0, 23), min_size=2, max_size=3).map(lambda values: ",".join(map(str, values))),
)


@settings(max_examples=60, deadline=None)
@given(minute=FIELD, hour=FIELD)
def test_gaps_within_a_day_are_those_of_a_clock_that_is_walked(minute: str, hour: str) -> None:
    def admits(field: str, value: int) -> bool:
        for part in field.split(","):
            bounds, _, step = part.partition("/")
            first, _, last = bounds.partition("-")
            if bounds == "*" and value % int(step or 1) == 0:
                return True
            if bounds != "*" and int(first) <= value <= int(last or first):
                return True
        return False

    start = datetime(2026, 11, 21)
    moments = [start + timedelta(minutes=number) for number in range(3 * 24 * 60)]
    runs = [moment for moment in moments if admits(minute, moment.minute) and admits(hour, moment.hour)]
    longest = max(after - before for before, after in pairwise(runs))
    assert longest_gap_s(f"{minute} {hour} * * *") == longest.total_seconds()


@given(st.text(max_size=30))
def test_no_text_is_more_than_an_error(text: str) -> None:
    with suppress(ValueError):
        assert longest_gap_s(text) >= 1
