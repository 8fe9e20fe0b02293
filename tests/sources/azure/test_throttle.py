import threading

import pytest

from scanner.sources.azure.throttle import Bucket, Quotas, duration, wait_for
from tests.sources.azure.clock import FakeTime


def test_a_bucket_gives_its_burst_and_then_its_rate() -> None:
    time = FakeTime()
    bucket = Bucket(3, 2.0, time.now, time.sleep)
    for _ in range(3):
        bucket.take()
    assert time.waits == []
    bucket.take()
    assert time.waits == [0.5]


def test_a_bucket_is_full_again_after_a_while_and_never_fuller() -> None:
    time = FakeTime()
    bucket = Bucket(2, 1.0, time.now, time.sleep)
    for _ in range(2):
        bucket.take()
    time.sleep(100)
    time.waits.clear()
    for _ in range(3):
        bucket.take()
    assert time.waits == [1.0]


def test_a_bucket_rests_as_long_as_it_is_told() -> None:
    time = FakeTime()
    bucket = Bucket(10, 1.0, time.now, time.sleep)
    bucket.rest(5)
    bucket.take()
    assert sum(time.waits) >= 5


def test_threads_share_a_bucket() -> None:
    time = FakeTime()
    bucket = Bucket(1, 1.0, lambda: 0.0, time.sleep)
    threads = [threading.Thread(target=bucket.take) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(time.waits) == [1.0, 2.0, 3.0, 4.0]


def test_quota_headers_correct_the_bucket() -> None:
    time = FakeTime()
    quotas = Quotas(time.now, time.sleep)
    quotas.observe("graph", {"x-ms-user-quota-remaining": "0", "x-ms-user-quota-resets-after": "00:00:04"})
    quotas.bucket("graph").take()
    assert sum(time.waits) >= 4
    quotas.observe("/subscriptions/a", {"x-ms-ratelimit-remaining-subscription-reads": "3"})
    before = sum(time.waits)
    quotas.bucket("/subscriptions/a").take()
    assert sum(time.waits) - before >= 1
    quotas.bucket("/subscriptions/b").take()
    assert sum(time.waits) - before < 2


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("00:00:05", 5), ("01:02:03", 3723), ("00:00:00.5", 0.5), ("5", None), ("a:b:c", None), (None, None)],
)
def test_durations_of_quota_headers(text: str | None, seconds: float | None) -> None:
    assert duration(text) == seconds


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"Retry-After": "7"}, 7.5),
        ({"Retry-After": "9999"}, 120.5),
        ({"x-ms-user-quota-resets-after": "00:00:03"}, 3.5),
        ({"Retry-After": "Mon, 01 Jan 2024 00:00:00 GMT"}, 0.5),
        ({"Retry-After": "soon"}, 0.8 * 4 * 0.75),
        ({}, 0.8 * 4 * 0.75),
    ],
)
def test_how_long_to_wait(headers: dict[str, str], wait: float) -> None:
    assert wait_for(headers, 2, lambda: 0.5) == pytest.approx(wait)


def test_no_wait_grows_without_end() -> None:
    assert wait_for({}, 30, lambda: 1.0) == 60
