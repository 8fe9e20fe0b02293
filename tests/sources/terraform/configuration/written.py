"""Configurations that tests write, and what they evaluate to."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scanner.sources.terraform.configuration import Evaluated, Tree, evaluate_root
from scanner.sources.terraform.instance import Instance


def write(folder: Path, files: Mapping[str, str]) -> Path:
    """Write `files` below `folder`."""
    for name, text in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")
    return folder


def evaluate(folder: Path, files: Mapping[str, str] | str, root: str = ".", **options: Any) -> Evaluated:
    """Write `files` (a text is `main.tf`) and evaluate the module in `root`; file names are relative to `folder`."""
    write(folder, {"main.tf": files} if isinstance(files, str) else files)
    return evaluate_root(Tree(str(folder), str(folder)), str(folder / root), **options)


def by_address(evaluated: Evaluated) -> dict[str, Instance]:
    """Return the Instances of resources and data, by address."""
    return {item.address: item for item in evaluated.instances if item.mode != "settings"}


def attributes(evaluated: Evaluated) -> dict[str, Mapping[str, Any]]:
    """Return the attributes of resources and data, by address."""
    return {address: item.attributes for address, item in by_address(evaluated).items()}


def messages(evaluated: Evaluated) -> list[str]:
    """Return the faults as `file:line:column message`."""
    return [f"{item.file}:{_place(item.region)} {item.message}" for item in evaluated.faults]


def noted(evaluated: Evaluated) -> list[str]:
    """Return the notes as `file:line:column message`."""
    return [f"{item.file}:{_place(item.region)} {item.message}" for item in evaluated.notes]


def _place(region: Any) -> str:
    return f"{region.line}:{region.column}" if region else "-"
