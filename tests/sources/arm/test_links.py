from pathlib import Path
from typing import Any

import pytest

from scanner.documents import DEFAULT_LIMITS
from scanner.sources.arm.links import TreeLinks
from scanner.sources.arm.program import Missing, Program
from scanner.sources.arm.values import Token

TEMPLATE = '{"contentVersion": "1.0.0.0", "resources": []}'
BASE = Token("{base}", "it is not known")


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("nested/x.json", "a/nested/x.json"),
        ("./nested/x.json", "a/nested/x.json"),
        ("../a/nested/x.json", "a/nested/x.json"),
        (Token("{base}/nested/x.json", "?"), "a/nested/x.json"),
        (Token("{base}nested/x.json{token}", "?"), "a/nested/x.json"),
        (Token("https://x.org/{version}/nested/x.json", "?"), "a/nested/x.json"),
        ("https://x.org/repo/a/nested/x.json#f", "a/nested/x.json"),
        ("nested\\x.json", "a/nested/x.json"),
        ("x.json", None),
        ("https://x.org/y.json", None),
        (Token("{base}", "?"), None),
        ("file:///nowhere/x.json", None),
        ("../../outside.json", None),
        ("", None),
    ],
)
def test_finds_files_of_the_tree(tmp_path: Path, value: Any, found: str | None) -> None:
    root = tmp_path / "root"
    (root / "a" / "nested").mkdir(parents=True)
    (root / "a" / "nested" / "x.json").write_text(TEMPLATE)
    (tmp_path / "outside.json").write_text(TEMPLATE)
    links = TreeLinks(str(root), str(root), DEFAULT_LIMITS)

    program = links.template({"relativePath": "x"}, "a/main.json", value)

    if found is None:
        assert isinstance(program, Missing)
    else:
        assert isinstance(program, Program)
        assert program.file == found
        assert not program.inline


def test_a_file_is_read_once(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text(TEMPLATE)
    links = TreeLinks(str(tmp_path), str(tmp_path), DEFAULT_LIMITS)
    first = links.template({"relativePath": "x.json"}, "main.json", "x.json")
    path.write_text("broken")

    second = links.template({"relativePath": "x.json"}, "main.json", "x.json")

    assert isinstance(first, Program)
    assert isinstance(second, Program)


def test_a_linked_file_that_is_too_large_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text(TEMPLATE)
    links = TreeLinks(str(tmp_path), str(tmp_path), DEFAULT_LIMITS._replace(max_bytes=10))

    found = links.template({"relativePath": "x.json"}, "main.json", "x.json")

    assert isinstance(found, Missing)
    assert found.reason.startswith("cannot read the linked file 'x.json': the file is larger than")


@pytest.mark.parametrize(
    ("link", "reason"),
    [
        ({"uri": "https://x.org/p.json"}, "the linked parameters file 'https://x.org/p.json' is outside of the tree"),
        ({"relativePath": "x.json"}, "the linked file 'x.json' is no parameters file"),
    ],
)
def test_linked_parameters_that_are_none_are_told(tmp_path: Path, link: dict[str, Any], reason: str) -> None:
    (tmp_path / "x.json").write_text(TEMPLATE)

    found = TreeLinks(str(tmp_path), str(tmp_path), DEFAULT_LIMITS).parameters(link, "main.json")

    assert isinstance(found, Missing)
    assert found.reason == reason
