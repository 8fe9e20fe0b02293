"""Reading files strictly, and remembering what was valid."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from scanner import validation
from scanner.errors import Diagnostic
from scanner.validation import Text, read_text, read_valid, schema, shown, suggestion, validate

MINIMAL = "estate: estate.yaml\n"


@pytest.fixture(autouse=True)
def _own_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def text_of(content: str, file: str = "bulkhead.yaml") -> Text:
    Path(file).write_text(content, "utf-8")
    read = read_text(file)
    assert isinstance(read, Text)
    return read


def marks() -> list[str]:
    folder = Path("cache/bulkhead/valid")
    return sorted(os.listdir(folder)) if folder.exists() else []


def test_a_path_is_shown_relative_to_the_working_directory(tmp_path: Path) -> None:
    assert shown(str(tmp_path / "a" / "b.yaml")) == "a/b.yaml"
    assert shown("./a/../b.yaml") == "b.yaml"
    assert shown("../b.yaml") == "../b.yaml"
    assert shown("/elsewhere/b.yaml") == "/elsewhere/b.yaml"


@pytest.mark.parametrize(
    ("name", "near"),
    [("fail-on", "; did you mean 'fail_on'?"), ("FAIL_ON", "; did you mean 'fail_on'?"), ("xyz", ""), (7, "")],
)
def test_the_nearest_name(name: object, near: str) -> None:
    assert suggestion(name, ["fail_on", "unknown"]) == near


def test_a_folder_is_no_file() -> None:
    Path("bulkhead.yaml").mkdir()
    assert read_text("bulkhead.yaml") == [Diagnostic("bulkhead.yaml", None, None, "cannot read file: is a directory")]


def test_a_file_that_is_too_large() -> None:
    with Path("bulkhead.yaml").open("wb") as stream:
        stream.truncate(100 * 1024 * 1024)
    assert read_text("bulkhead.yaml") == [
        Diagnostic("bulkhead.yaml", None, None, "cannot read file: it is larger than 20 MiB")
    ]


def test_bytes_that_are_no_text() -> None:
    Path("bulkhead.yaml").write_bytes(b"estate: \xff\xfe\n")
    found = read_text("bulkhead.yaml")
    assert isinstance(found, list)
    assert found[0].line == 1


def test_what_was_valid_is_remembered_by_digest() -> None:
    assert validate(text_of(MINIMAL), "config") == []
    first = marks()
    assert len(first) == 1
    assert len(first[0]) == 64
    assert validate(text_of("# a comment\n" + MINIMAL), "config") == []
    assert marks() == first, "comments are no data"
    assert validate(text_of("estate: other.yaml\n"), "config") == []
    assert len(marks()) == 2


def test_what_is_not_valid_is_not_remembered() -> None:
    assert len(validate(text_of("estat: x\n"), "config")) == 1
    assert marks() == []


def test_a_mark_vouches_for_nothing_else() -> None:
    validate(text_of(MINIMAL), "config")
    (mark,) = marks()
    wrong = text_of("estat: x\n")
    assert len(validate(wrong, "config")) == 1, "other data"
    assert len(validate(text_of(MINIMAL), "exemptions")) == 3, "another schema"
    assert marks() == [mark]


def test_a_mark_of_another_version_is_not_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    validate(text_of(MINIMAL), "config")
    monkeypatch.setattr(validation, "__version__", "99")
    validate(text_of(MINIMAL), "config")
    assert len(marks()) == 2


def test_a_value_that_is_not_known_is_never_remembered() -> None:
    assert len(validate(text_of("estate: !vault x\n"), "config")) == 1
    assert marks() == []


def test_old_marks_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(validation, "MARKS", 3)
    for number in range(1, 6):
        validate(text_of(f"jobs: {number}\n"), "config")
    assert len(marks()) == 3


@pytest.mark.parametrize("cache", ["/proc/nowhere", "relative/path"])
def test_a_cache_that_cannot_be_used_is_no_error(monkeypatch: pytest.MonkeyPatch, cache: str) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", cache)
    assert validate(text_of(MINIMAL), "config") == []
    assert not Path("relative").exists()


def test_without_a_home_nothing_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", "/")
    assert validate(text_of(MINIMAL), "config") == []


def test_the_second_time_costs_no_import_of_jsonschema() -> None:
    Path("bulkhead.yaml").write_text(MINIMAL, "utf-8")
    script = (
        "import sys\nfrom scanner.validation import read_valid\nread_valid('bulkhead.yaml', 'config')\n"
        "print('jsonschema' in sys.modules)"
    )
    root = str(Path(validation.__file__).parents[1])
    runs = [
        subprocess.run(
            [sys.executable, "-c", script],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONPATH": root},
        ).stdout.strip()
        for _ in range(2)
    ]
    assert runs == ["True", "False"]


def test_read_valid_gives_the_text_or_the_faults() -> None:
    Path("a.yaml").write_text(MINIMAL)
    Path("b.yaml").write_text("{")
    assert isinstance(read_valid("a.yaml", "config"), Text)
    found = read_valid("b.yaml", "config")
    assert isinstance(found, list)
    assert found[0].file == "b.yaml"


def test_long_and_unprintable_values_are_shown_safely() -> None:
    found = validate(text_of(json.dumps({"unknown": "\x1b[31m" + "x" * 100})), "config")
    assert found[0].message.startswith("unknown: '?[31mxxx")
    assert "…' is no choice: one of ignore, warn, fail" in found[0].message


@pytest.mark.parametrize("name", sorted(validation.SCHEMAS))
def test_schemas_can_be_had_by_name(name: str) -> None:
    assert schema(name)["$id"] == f"urn:bulkhead:{name}:v1"
