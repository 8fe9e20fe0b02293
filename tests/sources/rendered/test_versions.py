import pytest

from scanner.sources.rendered.versions import matches


@pytest.mark.parametrize(
    ("version", "constraint"),
    [
        ("1.2.3", ""),
        ("1.2.3", "1.2.3"),
        ("v1.2.3", "1.x"),
        ("1.2.3", "1.2"),
        ("2.9.1", "2.x.x"),
        ("1.2.3", "^1.1"),
        ("0.2.9", "^0.2.3"),
        ("0.0.3", "^0.0.3"),
        ("1.2.9", "~1.2.3"),
        ("1.9.0", "~1"),
        ("1.5.0", ">=1.2 <2.0"),
        ("1.5.0", ">=1.2, <2.0"),
        ("1.5.0", "1.2 - 1.6"),
        ("3.0.0", "1.x || 3.x"),
        ("1.2.3", "*"),
        ("1.2.3-rc.1", "1.2.x"),
        ("1.3.0", ">1.2"),
        ("1.2.9", "<=1.2"),
        ("2.0.0", "!=1.x"),
    ],
)
def test_in_range(version: str, constraint: str) -> None:
    assert matches(version, constraint)


@pytest.mark.parametrize(
    ("version", "constraint"),
    [
        ("1.2.3", "1.2.4"),
        ("17.1.0", "16.x.x"),
        ("2.0.0", "^1.1"),
        ("0.3.0", "^0.2.3"),
        ("1.3.0", "~1.2.3"),
        ("2.0.0", ">=1.2 <2.0"),
        ("1.2.9", ">1.2"),
        ("none", "*"),
        ("1.2.3", "latest"),
        ("1.2.3", "!=1.2"),
    ],
)
def test_out_of_range(version: str, constraint: str) -> None:
    assert not matches(version, constraint)
