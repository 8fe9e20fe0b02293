"""Shares of an audit: together they are all of it, and none overlaps another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.audit.shards import share
from scanner.errors import UsageError


def test_one_cluster_each_and_one_for_azure() -> None:
    shares = [share(f"{index}/3", ["prd", "npd"], ["s1", "s2"]) for index in range(3)]
    assert shares == [("prd",), ("npd",), ("s1", "s2")]


@given(st.integers(0, 12), st.integers(0, 4), st.integers(1, 15))
def test_every_part_is_in_exactly_one_share(clusters: int, subscriptions: int, number: int) -> None:
    names = [f"c{index}" for index in range(clusters)]
    ids = [f"s{index}" for index in range(subscriptions)]
    shares = [share(f"{index}/{number}", names, ids) for index in range(number)]
    assert sorted(name for one in shares for name in one) == sorted([*names, *ids])
    assert sum(bool(set(one) & set(ids)) for one in shares) == min(1, subscriptions)


@pytest.mark.parametrize("text", ["", "1", "3/3", "-1/3", "1/0", "a/b", "1/2/3", "٠/٣", "0/99999"])
def test_what_is_no_share_is_said_so(text: str) -> None:
    with pytest.raises(UsageError, match="cannot read share"):
        share(text, ["prd"], [])
