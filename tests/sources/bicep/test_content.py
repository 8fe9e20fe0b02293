# ruff: noqa: E501  # a case is one line
import base64
from pathlib import Path
from typing import Any

import pytest

from scanner.sources.bicep.content import ContentError, NotEvaluatedError, load
from scanner.sources.bicep.files import Tree

_JSON = '{"a": {"b": [10, {"c d": 2}]}, "n": null}'


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    folder = tmp_path / "tree"
    (folder / "files").mkdir(parents=True)
    (folder / "text.txt").write_bytes(b"one\r\ntwo")
    (folder / "data.json").write_text(_JSON)
    (folder / "data.yaml").write_text("a:\n  b: [10]\n")
    (folder / "broken.json").write_text("{")
    (folder / "latin.txt").write_bytes("é".encode("latin-1"))
    (folder / "marked.txt").write_bytes("é".encode("utf-16"))
    (folder / "big.txt").write_text("x" * 131_073)
    (folder / "files" / "b.txt").write_text("")
    (folder / "files" / "a.md").write_text("")
    (tmp_path / "outside.txt").write_text("secret")
    (folder / "link.txt").symlink_to(tmp_path / "outside.txt")
    return Tree(str(folder))


@pytest.mark.parametrize(
    ("name", "arguments", "value"),
    [
        ("loadTextContent", ["text.txt"], "one\r\ntwo"),
        ("loadTextContent", ["./files/../text.txt"], "one\r\ntwo"),
        ("loadTextContent", ["latin.txt", "iso-8859-1"], "é"),
        ("loadTextContent", ["marked.txt"], "é"),
        ("loadFileAsBase64", ["text.txt"], base64.b64encode(b"one\r\ntwo").decode()),
        ("loadJsonContent", ["data.json"], {"a": {"b": [10, {"c d": 2}]}, "n": None}),
        ("loadJsonContent", ["data.json", "$"], {"a": {"b": [10, {"c d": 2}]}, "n": None}),
        ("loadJsonContent", ["data.json", ".a.b[0]"], 10),
        ("loadJsonContent", ["data.json", "$.a.b[1]['c d']"], 2),
        ("loadJsonContent", ["data.json", "n"], None),
        ("loadYamlContent", ["data.yaml"], {"a": {"b": [10]}}),
        ("loadYamlContent", ["data.yaml", ".a.b"], [10]),
        (
            "loadDirectoryFileInfo",
            ["files", "*.txt"],
            [{"relativePath": "files/b.txt", "baseName": "b.txt", "extension": ".txt"}],
        ),
    ],
)
def test_what_is_loaded(tree: Tree, name: str, arguments: list[Any], value: Any) -> None:
    assert load(name, tree, "main.bicep", arguments) == value


@pytest.mark.parametrize(
    ("name", "arguments", "reason"),
    [
        ("loadTextContent", [None], "the arguments of loadTextContent() must be text that is written down"),
        ("loadTextContent", [""], "the path is empty"),
        ("loadTextContent", ["/etc/passwd"], "the path is absolute; it must be relative to the file"),
        ("loadTextContent", ["a\\b"], r"the path has '\' in it; folders are separated by '/'"),
        ("loadTextContent", ["a:b"], "the path holds the character ':'"),
        ("loadTextContent", ["a."], "the path ends with '.'"),
        ("loadTextContent", ["none.txt"], "'none.txt': cannot open the file: no such file or directory"),
        ("loadTextContent", ["files"], "'files': cannot read the file: it is a folder"),
        ("loadTextContent", ["link.txt"], "'link.txt': cannot read the file: its link leads out of the tree"),
        ("loadTextContent", ["big.txt"], "'big.txt' has more than 131072 characters"),
        ("loadFileAsBase64", ["big.txt"], "'big.txt': the file is larger than 0.09375 MiB"),
        ("loadTextContent", ["text.txt", "koi8-r"], "the encoding 'koi8-r' is not one of us-ascii, iso-8859-1, utf-8, utf-16, utf-16BE"),
        ("loadJsonContent", ["data.json", ".x"], "the JSONPath '.x' leads to nothing"),
        ("loadJsonContent", ["data.json", ".a.b[9]"], "the JSONPath '.a.b[9]' leads to nothing"),
        ("loadJsonContent", ["data.json", "."], "the JSONPath '.' is not valid"),
        ("loadDirectoryFileInfo", ["none"], "'none' is not a folder"),
    ],
)  # fmt: skip
def test_what_is_refused(tree: Tree, name: str, arguments: list[Any], reason: str) -> None:
    with pytest.raises(ContentError) as error:
        load(name, tree, "main.bicep", arguments)
    assert str(error.value) == reason


def test_json_that_is_broken(tree: Tree) -> None:
    with pytest.raises(ContentError, match="the file is not valid JSON"):
        load("loadJsonContent", tree, "main.bicep", ["broken.json"])


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("loadTextContent", ["../outside.txt"]),
        ("loadDirectoryFileInfo", ["../.."]),
        ("loadJsonContent", ["data.json", "$..b"]),
        ("loadJsonContent", ["data.json", "$.a.b[*]"]),
    ],
)
def test_what_is_not_evaluated(tree: Tree, name: str, arguments: list[Any]) -> None:
    with pytest.raises(NotEvaluatedError):
        load(name, tree, "main.bicep", arguments)
