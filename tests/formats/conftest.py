"""The example Report, its files in the working directory; what is valid SARIF."""

import json
from pathlib import Path
from typing import Any

import pytest

from scanner.report import Report
from tests.formats.example import example


@pytest.fixture
def full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Report:
    """A Report with everything in it."""
    monkeypatch.chdir(tmp_path)
    return example(tmp_path)


@pytest.fixture(scope="session")
def valid(corpus: Path) -> Any:
    """Asserts that a text is valid SARIF 2.1.0; needs the official schema."""
    from jsonschema import Draft4Validator

    path = corpus / "schemas" / "sarif-schema-2.1.0.json"
    if not path.is_file():
        pytest.skip(f"the official SARIF schema is not at {path}")
    validator = Draft4Validator(json.loads(path.read_text("utf-8")), format_checker=Draft4Validator.FORMAT_CHECKER)

    def check(text: str) -> None:
        faults = [f"{list(fault.path)}: {fault.message[:200]}" for fault in validator.iter_errors(json.loads(text))]
        assert faults == []

    return check
