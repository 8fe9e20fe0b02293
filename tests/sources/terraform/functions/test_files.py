"""File functions: like Terraform's inside of the tree, Unknown outside of it."""

from pathlib import Path
from typing import Any

import pytest

from scanner.sources.terraform import functions
from scanner.sources.terraform.functions.context import Context
from scanner.sources.terraform.values import Sensitive, Unknown
from tests.sources.terraform.functions.test_against_terraform import disagreement, expression
from tests.tools.terraform_console import evaluate

FILES = {
    "a.txt": "hello\n",
    "empty": "",
    "é.txt": "ü",
    "dir/b.txt": "b",
    "dir/c.yaml": "c: 1",
    "dir/.hidden": "h",
    "dir/sub/d.txt": "d",
    "dir/sub/deep/e.txt": "e",
    "dir/[x].txt": "x",
    "policies/one.json": "{}",
    "policies/two.json": "{}",
}
PATHS = ("a.txt", "./a.txt", "dir/../a.txt", "nosuch", "dir", "", "dir/b.txt", "empty", "é.txt", None, 5)
PATTERNS = (
    "*",
    "**",
    "**/*.txt",
    "*.txt",
    "*.{txt,yaml}",
    "[a-b].txt",
    "[!a].txt",
    "?.txt",
    "sub/*",
    "**/e.txt",
    "**/deep/*",
    "nosuch/*",
    "",
    "*/",
    "s*/*",
    "[^b].txt",
    "{b,c}.*",
    "**/**/*.txt",
    "\\[x\\].txt",
    ".*",
    "sub/**",
    "**.txt",
    "./*.txt",
    "b.txt",
    "[",
    "{a",
)
READERS = (
    "file",
    "filebase64",
    "filebase64sha256",
    "filebase64sha512",
    "filemd5",
    "filesha1",
    "filesha256",
    "filesha512",
)


@pytest.fixture
def context(tmp_path: Path) -> Context:
    for name, text in FILES.items():
        target = tmp_path / "tree" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")
    (tmp_path / "secret.txt").write_text("outside", "utf-8")
    return Context(
        tmp_path / "tree", tmp_path / "tree", lambda text, variables, file: f"{text}{sorted(variables)}{file}"
    )


@pytest.mark.slow
def test_files_are_read_as_terraform_reads_them(context: Context) -> None:
    calls: list[tuple[str, tuple[Any, ...]]] = [(name, (path,)) for name in (*READERS, "fileexists") for path in PATHS]
    calls += [("fileset", (folder, pattern)) for folder in ("dir", "./policies", "dir/sub/..") for pattern in PATTERNS]
    calls += [
        ("fileset", ("nosuch", "*")),
        ("fileset", ("a.txt", "*")),
        ("fileset", (None, "*")),
        ("fileset", (".", None)),
    ]
    answers = evaluate([expression(*call) for call in calls], files=FILES)
    found = {
        expression(*call): problem
        for call, answer in zip(calls, answers, strict=True)
        if (problem := disagreement(*call, answer, context))
    }
    assert found == {}


@pytest.mark.parametrize("name", [*READERS, "fileexists"])
@pytest.mark.parametrize("path", ["../secret.txt", "/etc/passwd", "~/x", "dir/../../secret.txt"])
def test_nothing_outside_of_the_tree_is_read(name: str, path: str, context: Context) -> None:
    result = functions.call(name, [path], context)
    assert isinstance(result, Unknown)
    assert "outside" in result.reason or "home" in result.reason


def test_a_link_out_of_the_tree_is_not_followed(context: Context) -> None:
    (context.root / "link.txt").symlink_to(context.root.parent / "secret.txt")
    assert isinstance(functions.call("file", ["link.txt"], context), Unknown)
    assert isinstance(functions.call("fileset", ["..", "*"], context), Unknown)
    assert isinstance(functions.call("fileset", [".", "../*"], context), Unknown)


def test_paths_are_relative_to_the_root_module(context: Context) -> None:
    inner = Context(context.root, context.root / "dir")
    assert functions.call("file", ["b.txt"], inner) == "b"
    assert functions.call("file", ["../a.txt"], inner) == "hello\n"
    assert functions.call("abspath", ["../a.txt"], inner) == (context.root / "a.txt").as_posix()


def test_a_missing_file_is_refused_with_its_name(context: Context) -> None:
    with pytest.raises(functions.FunctionError, match='no file exists at "nosuch"'):
        functions.call("file", ["nosuch"], context)
    with pytest.raises(functions.FunctionError, match="is a directory, not a file"):
        functions.call("filemd5", ["dir"], context)


def test_bytes_that_are_no_text_are_refused(context: Context) -> None:
    (context.root / "binary").write_bytes(b"\xff\xfe")
    with pytest.raises(functions.FunctionError, match="not valid UTF-8"):
        functions.call("file", ["binary"], context)
    assert functions.call("filebase64", ["binary"], context) == "//4="


def test_the_home_folder_is_not_asked_for(context: Context) -> None:
    assert functions.call("pathexpand", ["~/x"], context) == Unknown(
        "pathexpand() asks for the home folder, which is not read"
    )


def test_templates_are_rendered_by_the_evaluator(context: Context) -> None:
    assert functions.call("templatefile", ["a.txt", {"x": 1}], context) == "hello\n['x']a.txt"
    assert functions.call("templatestring", ["t", {"x": 1}], context) == "t['x']"
    assert isinstance(functions.call("templatefile", ["a.txt", Sensitive({"x": 1})], context), Sensitive)
    assert functions.call("templatefile", ["a.txt", Unknown("not known", "var.x")], context) == Unknown(
        "var.x is not known"
    )
    for variables, message in (("x", "must be a map"), ({"a b": 1}, "invalid template variable name")):
        with pytest.raises(functions.FunctionError, match=message):
            functions.call("templatefile", ["a.txt", variables], context)
