"""Configurations written into a folder, and what the Source makes of them."""

import pickle
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from textwrap import dedent
from typing import Any

from scanner.model.location import Placed
from scanner.model.resource import Resource
from scanner.packs.loader import load_packs
from scanner.report import Report
from scanner.scan import Options, scan
from scanner.sources.interface import Locator, Page, PageContent, Source
from scanner.sources.terraform.source import TerraformChoices, TerraformSource
from scanner.sources.walk import Found
from tests.packs.test_loader import write_pack

TODAY = date(2026, 11, 21)
ACCOUNT = "Microsoft.Storage/storageAccounts"
CODE = """
def check(resource):
    tls = resource.value("properties", "minimumTlsVersion")
    if tls != "TLS1_2":
        message = f"minimumTlsVersion is '{tls}'; at least TLS1_2 is required"
        yield resource.fail(message, "properties.minimumTlsVersion")
"""
MODULE = """
    variable "name" {}
    variable "tls" {}
    resource "azurerm_storage_account" "this" {
      name                     = "st${var.name}"
      resource_group_name      = "rg"
      location                 = "westeurope"
      account_tier             = "Standard"
      account_replication_type = "LRS"
      min_tls_version          = var.tls
    }
"""


def account(name: str, *lines: str, tls: str = '"TLS1_0"') -> str:
    """Return a storage account; ``lines`` come before its last attribute."""
    return "\n".join(
        [
            f'resource "azurerm_storage_account" "{name}" {{',
            f'  name                     = "st{name}"',
            '  resource_group_name      = "rg"',
            '  location                 = "westeurope"',
            '  account_tier             = "Standard"',
            '  account_replication_type = "LRS"',
            *lines,
            f"  min_tls_version          = {tls}",
            "}",
            "",
        ]
    )


def write(root: Path, files: Mapping[str, str]) -> None:
    """Write ``files`` (name → content, indentation removed) below ``root``."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(content), "utf-8")


def found(root: Path) -> list[Found]:
    """Return all files below ``root`` as a walk finds them."""
    files = sorted(path for path in root.rglob("*") if path.is_file())
    return [Found(path.relative_to(root).as_posix(), str(path), path.stat().st_size) for path in files]


def source(
    root: Path, files: Mapping[str, str], requested: Sequence[str] | None = None, **choices: Any
) -> TerraformSource:
    """Return the Source of ``files`` written below ``root``."""
    write(root, files)
    return TerraformSource(found(root), base=str(root), choices=TerraformChoices(**choices), requested=requested)


def read(of: Source) -> dict[str, tuple[PageContent, Locator]]:
    """Return content and locator of every page by name, each page sent to another process and back first."""
    pages: list[Page] = [pickle.loads(pickle.dumps(page)) for page in of.pages()]
    return {page.name: (page.read(), page.locator()) for page in pages}


def only(of: Source) -> tuple[PageContent, Locator]:
    """Return content and locator of the one page there is."""
    (content,) = read(of).values()
    return content


def accounts(content: PageContent) -> dict[str, Resource]:
    """Return the storage accounts by address."""
    return {one.origin.address: one for one in content.resources if one.type == ACCOUNT}


def placed(locator: Locator, resource: Resource, *path: str | int) -> Placed:
    """Return the place of an attribute."""
    place = locator(resource.origin, path)
    assert isinstance(place, Placed)
    return place


def judged(tmp_path: Path, *sources: Source, code: str = CODE, wide: bool = False, **options: Any) -> Report:
    """Return the Report of a run of one rule, ACME-001, about the TLS version of storage accounts."""
    folder = write_pack(tmp_path / "packs", code=code)
    manifest = folder / "one" / "rule.md"
    text = manifest.read_text()
    start, end = text.index("applies_to"), text.index("points:")
    front = f"applies_to: [{ACCOUNT}]\nreads: [properties.minimumTlsVersion]\n"
    front += f"needs: [inventory]\nlooks_up: {{{ACCOUNT}: [properties.minimumTlsVersion]}}\n" if wide else ""
    manifest.write_text(text[:start] + front + text[end:])
    packs = load_packs([str(folder)])
    return scan(sources, packs, packs[0].rules, options=Options(today=TODAY, **{"jobs": 1, **options}))
