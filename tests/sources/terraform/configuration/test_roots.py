"""Root modules of a tree: the folders no other one calls."""

from pathlib import Path

from scanner.sources.terraform.configuration import Tree, find_roots
from tests.sources.terraform.configuration.written import write

EMPTY = 'output "x" { value = 1 }'


def roots(folder: Path, files: dict[str, str]) -> list[str]:
    write(folder, files)
    tree = Tree(str(folder), str(folder))
    folders = {str((folder / name).parent) for name in files}
    return [tree.name(found) for found in find_roots(tree, folders)]


def test_called_folders_are_no_roots(tmp_path: Path) -> None:
    found = roots(
        tmp_path,
        {
            "live/dev/main.tf": 'module "a" { source = "../../modules/a" }',
            "live/prod/main.tf": 'module "a" { source = "../../modules/a/" }\nmodule "r" { source = "x/y/z" }',
            "modules/a/main.tf": 'module "b" { source = "./b" }',
            "modules/a/b/main.tf": EMPTY,
            "modules/unused/main.tf": EMPTY,
        },
    )
    assert found == ["live/dev", "live/prod", "modules/unused"]


def test_folders_in_a_circle_have_one_root(tmp_path: Path) -> None:
    found = roots(
        tmp_path,
        {
            "a/main.tf": 'module "b" { source = "../b" }',
            "b/main.tf": 'module "a" { source = "../a" }\nmodule "c" { source = "../c" }',
            "c/main.tf": EMPTY,
            "self/main.tf": 'module "s" { source = "./" }',
        },
    )
    assert found == ["a", "self"]
