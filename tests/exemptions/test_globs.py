from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.exemptions.globs import GlobIndex


@pytest.mark.parametrize(
    ("glob", "matching", "other"),
    [
        ("web", ["web"], ["web-1", "Web", ""]),
        ("web-*", ["web-", "web-1"], ["web", "xweb-1"]),
        ("*", ["", "x"], []),
        ("*-web", ["a-web", "-web"], ["web"]),
        ("w?b", ["web"], ["wb", "weeb"]),
        ("w[ae]b", ["web", "wab"], ["wib"]),
        ("a*b*", ["ab", "axbx"], ["ba"]),
    ],
)
def test_one_glob(glob: str, matching: list[str], other: list[str]) -> None:
    index = GlobIndex([(1, glob)])
    assert [index.matching(text) for text in matching] == [1] * len(matching)
    assert [index.matching(text) for text in other] == [0] * len(other)


GLOBS = st.text("ab*?-", max_size=5)


@given(st.lists(GLOBS, max_size=12), st.text("ab-", max_size=6))
def test_many_globs_are_each_of_them(globs: list[str], text: str) -> None:
    index = GlobIndex((1 << number, glob) for number, glob in enumerate(globs))
    expected = sum(1 << number for number, glob in enumerate(globs) if fnmatchcase(text, glob))
    assert index.matching(text) == expected
    assert index.matching(text) == expected, "kept"
