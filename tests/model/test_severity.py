import pytest

from scanner.model.severity import Severity


def test_severities_are_ordered_and_read_in_any_case() -> None:
    assert Severity.LOW < Severity.MEDIUM < Severity.HIGH < Severity.CRITICAL
    assert Severity.parse("High") is Severity.HIGH


def test_an_unknown_label_names_the_valid_ones() -> None:
    with pytest.raises(ValueError, match="unknown severity 'severe': one of critical, high, medium, low"):
        Severity.parse("severe")
