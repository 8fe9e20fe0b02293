"""Which comments are exemptions, and what each stands at."""

from pathlib import Path

import pytest

from scanner.model.path import format_path
from scanner.sources.terraform.comments import comments
from scanner.sources.terraform.roots import Configured, RootSettings
from tests.sources.terraform.tree import account, only, source, write

EXEMPT = 'bulkhead:exempt ACME-001 owner=x reason="because"'


@pytest.mark.parametrize(
    "text",
    [
        account("a", f'  access_tier = "# {EXEMPT}"'),
        account("a", '  access_tier = "${"x"} # bulkhead:exempt ACME-001"'),
        account("a", "  access_tier = <<-E", f"    # {EXEMPT}", "  E"),
    ],
)
def test_a_string_is_no_comment(tmp_path: Path, text: str) -> None:
    content, _ = only(source(tmp_path, {"main.tf": text}))
    assert (content.exemptions, content.notes) == ((), ())


def stands_at(root: Path, text: str) -> list[tuple[int, str, str] | None]:
    """Return line, block and path for every comment; None for one that stands at nothing."""
    write(root, {"main.tf": text})
    (file,) = Configured(str(root), RootSettings(text, str(root), str(root))).files_with_exemptions()
    return [
        (line, " ".join((target.block.type, *target.block.labels)), format_path(target.path)) if target else None
        for line, _, _, target in comments(file)
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"# {EXEMPT}\n" + 'resource "a" "b" {}', [(1, "resource a b", "")]),
        ('resource "a" "b" { ' + f"# {EXEMPT}\n" + "}", [(1, "resource a b", "")]),
        (f"locals {{\n  # {EXEMPT}\n  x = 1\n}}", [(2, "locals", "x")]),
        (f"locals {{\n  x = 1 // {EXEMPT}\n}}", [(2, "locals", "x")]),
        (f"locals {{\n  x = {{\n    y = [ # {EXEMPT}\n      1,\n    ]\n  }}\n}}", [(3, "locals", "x.y")]),
        (
            f"locals {{\n  x = [\n    # {EXEMPT}\n    1,\n    2, # {EXEMPT}\n  ]\n}}",
            [(3, "locals", "x[0]"), (5, "locals", "x[1]")],
        ),
        (
            f'resource "a" "b" {{\n  c {{\n    d = 1\n  }}\n  c {{ # {EXEMPT}\n    d = 1 # {EXEMPT}\n  }}\n}}',
            [(5, "resource a b", "c[1]"), (6, "resource a b", "c[1].d")],
        ),
        (
            f'resource "a" "b" {{\n  # {EXEMPT}\n  dynamic "c" {{\n    for_each = []\n    content {{\n'
            f"      d = 1 # {EXEMPT}\n    }}\n  }}\n}}",
            [(2, "resource a b", "c"), (6, "resource a b", "c.d")],
        ),
        (f"# {EXEMPT}", [None]),
        (f'resource "a" "b" {{\n  c = 1\n  # {EXEMPT}\n}}\n', [None]),
        (f"locals {{\r\n  x = 1 # {EXEMPT}\r\n}}\r\n", [(2, "locals", "x")]),
    ],
)
def test_where_a_comment_stands(tmp_path: Path, text: str, found: list[tuple[int, str, str] | None]) -> None:
    assert stands_at(tmp_path, text) == found
