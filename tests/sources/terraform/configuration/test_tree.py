"""Which files make a module, and what becomes of those that cannot be read."""

import os
from pathlib import Path

import pytest

from scanner.sources.terraform.configuration import Limits, Tree, evaluate_root
from tests.sources.terraform.configuration.written import attributes, evaluate, messages, write


def test_a_file_of_opentofu_stands_in_for_the_one_of_terraform(tmp_path: Path) -> None:
    found = evaluate(
        tmp_path,
        {
            "a.tf": 'resource "a_b" "terraform" {}',
            "a.tofu": 'resource "a_b" "tofu" {}',
            "b.tf.json": '{"resource": {"a_b": {"json": {}}}}',
            "b.tofu.json": '{"resource": {"a_b": {"tofujson": {}}}}',
            "c.tf": 'resource "a_b" "other" {}',
            ".hidden.tf": 'resource "a_b" "hidden" {}',
            "backup.tf~": 'resource "a_b" "backup" {}',
            "#lock.tf#": 'resource "a_b" "lock" {}',
        },
    )
    assert sorted(attributes(found)) == ["a_b.other", "a_b.tofu", "a_b.tofujson"]
    assert found.files == ("a.tofu", "b.tofu.json", "c.tf")


def test_a_broken_file_hides_no_other(tmp_path: Path) -> None:
    found = evaluate(
        tmp_path,
        {
            "a.tf": 'resource "a_b" "a" { name = }\nresource "a_b" "after" {}\n',
            "b.tf": 'resource "a_b" "b" {}',
            "c.tf.json": "{",
            "d.tf": b"\xff\xfe\x00".decode("latin-1"),
        },
    )
    assert {"a_b.after", "a_b.b"} <= set(attributes(found))
    assert sorted({text.split(":")[0] for text in messages(found)}) == ["a.tf", "c.tf.json", "d.tf"]
    assert messages(found)[0].startswith("a.tf:1:29 cannot parse the file: expected")


def test_a_file_that_leads_outside_or_is_too_large_is_not_opened(tmp_path: Path) -> None:
    write(tmp_path, {"secret.tf": 'resource "a_b" "secret" {}', "top/large.tf": "# " + "x" * 200, "top/ok.tf": ""})
    top = tmp_path / "top"
    os.symlink(tmp_path / "secret.tf", top / "link.tf")
    found = evaluate_root(Tree(str(top), str(top), limits=Limits(file_bytes=100)), str(top))
    assert attributes(found) == {}
    assert messages(found) == [
        "large.tf:- the file is larger than 9.53674e-05 MiB",
        "link.tf:- cannot read the file: it is a link to outside the scanned folder",
    ]


def test_content_that_stands_in_for_a_file_is_read_instead(tmp_path: Path) -> None:
    write(tmp_path, {"a.tf": 'resource "a_b" "old" {}'})
    replaced = {os.path.realpath(tmp_path / "a.tf"): b'resource "a_b" "new" {}', str(tmp_path / "n.tf"): b""}
    tree = Tree(str(tmp_path), str(tmp_path), replaced)
    found = evaluate_root(tree, str(tmp_path))
    assert list(attributes(found)) == ["a_b.new"]
    assert found.files == ("a.tf", "n.tf")
    assert tree.text("a.tf") == 'resource "a_b" "new" {}'


def test_names_are_relative_to_the_base(tmp_path: Path) -> None:
    write(tmp_path, {"live/a.tf": ""})
    tree = Tree(str(tmp_path), str(tmp_path / "live"))
    assert tree.name(str(tmp_path / "live")) == "."
    assert tree.name(str(tmp_path / "live" / "a.tf")) == "a.tf"
    assert tree.name(str(tmp_path / "other.tf")) == str(tmp_path / "other.tf")


def test_a_module_is_parsed_once_however_often_it_is_called(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = "".join(f'module "m{number}" {{ source = "./m" }}\n' for number in range(37))
    write(tmp_path, {"main.tf": calls, "m/main.tf": 'resource "a_b" "x" {}'})
    tree = Tree(str(tmp_path), str(tmp_path))
    read: list[str] = []
    original = tree.read_file
    monkeypatch.setattr(tree, "read_file", lambda path: read.append(tree.name(path)) or original(path))
    assert len(attributes(evaluate_root(tree, str(tmp_path)))) == 37
    assert read == ["main.tf", "m/main.tf"]


def test_a_folder_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    found = evaluate_root(Tree(str(tmp_path), str(tmp_path)), str(tmp_path / "gone"))
    assert messages(found) == ["gone:- cannot read the module folder: no such file or directory"]
