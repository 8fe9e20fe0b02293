"""Histories as a team writes them: a repository of the fixtures, and random edits whose effect is known beforehand.

Every edit says which (Rule, name) pairs it introduces and fixes, of the few Rules in TELLING; what is moved, renamed or
reordered introduces and fixes nothing at all, of any Rule.
"""

import os
import random
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, TypeAlias

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
WORKLOAD_RULES = ("ISO-028", "ISO-029")
ACCOUNT_RULES = ("ENC-001", "NET-006")
TELLING = frozenset((*WORKLOAD_RULES, *ACCOUNT_RULES))

_WORKLOAD = """apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}, namespace: {namespace}}}
spec:
  selector: {{matchLabels: {{app: {name}}}}}
  template:
    metadata: {{labels: {{app: {name}}}}}
    spec:
      hostNetwork: true
      containers:
        - name: side
          image: registry.example.net/side:1
        - name: main
          image: registry.example.net/main:1
          securityContext: {{privileged: true}}
"""
_ACCOUNT = """
resource "azurerm_storage_account" "{label}" {{
  for_each                   = toset([{names}])
  name                       = each.key
  resource_group_name        = {group}
  location                   = "westeurope"
  account_tier               = "Standard"
  account_replication_type   = "GRS"
  enable_https_traffic_only  = false
}}
"""
_MODULE_CALL = """
module "{label}" {{
  source = "{source}"
  group  = azurerm_resource_group.this.name
}}
"""

Pair: TypeAlias = tuple[str, str]


class Expected(NamedTuple):
    """What an edit does to the Findings."""

    edit: str
    introduced: frozenset[Pair] = frozenset()
    fixed: frozenset[Pair] = frozenset()


def git(folder: Path, *arguments: str, mail: str = "dev@example.net") -> str:
    """Run git in `folder`, as somebody."""
    who = {f"GIT_{role}_{key}": mail for role in ("AUTHOR", "COMMITTER") for key in ("NAME", "EMAIL")}
    command = ["git", "-c", "gc.auto=0", "-C", str(folder), *arguments]
    run = subprocess.run(command, check=True, capture_output=True, text=True, env={**os.environ, **who})
    return run.stdout.strip()


def repository(folder: Path, fixture: str = "erp-hosting-broken") -> Path:
    """Make a repository of a fixture, its first commit on `main`."""
    shutil.copytree(FIXTURES / fixture, folder)
    git(folder, "init", "-q", "-b", "main")
    commit(folder)
    return folder


def commit(folder: Path, mail: str = "dev@example.net") -> None:
    """Commit everything."""
    git(folder, "add", "-A", "-f")
    git(folder, "commit", "-q", "--allow-empty", "-m", "an edit", mail=mail)


class Team:
    """Edits a repository at random, always in the same way for one seed."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self._random = random.Random(seed)
        self._count = 0
        self._workloads: dict[str, Path] = {}
        self._accounts: dict[str, tuple[Path, list[str]]] = {}
        self._edits: tuple[Callable[[], Expected | None], ...] = (
            self._rename_manifest, self._move_manifest, self._reorder_documents, self._reorder_containers,
            self._add_workload, self._add_workload, self._remove_workload, self._rename_root, self._rename_call,
            self._rename_file, self._reorder_blocks, self._add_account, self._add_account, self._grow_account,
            self._shrink_account, self._rename_block, self._move_into_module, self._remove_account,
        )  # fmt: skip

    def edit(self) -> Expected:
        """Make one edit and commit it; returns what it does."""
        while True:
            expected = self._random.choice(self._edits)()
            if expected is not None:
                commit(self.folder)
                return expected

    def _next(self) -> int:
        self._count += 1
        return self._count

    def _choice(self, pattern: str, besides: str = "bulkhead:exempt") -> Path:
        paths = sorted(path for path in self.folder.glob(pattern) if besides not in path.read_text())
        return self._random.choice(paths)

    # manifests

    def _rename_manifest(self) -> Expected:
        path = self._choice("clusters/*/*/**/*.yaml")
        self._move(path, path.with_name(f"renamed-{self._next()}.yaml"))
        return Expected("rename manifest")

    def _move_manifest(self) -> Expected:
        path = self._choice("clusters/*/*/**/*.yaml")
        cluster = self.folder / "clusters" / path.relative_to(self.folder).parts[1]
        self._move(path, cluster / f"moved-{self._next()}" / "here" / path.name)
        return Expected("move manifest")

    def _reorder_documents(self) -> Expected:
        path = self._choice("clusters/*/*/**/*.yaml")
        documents = path.read_text().strip().split("\n---\n")
        self._random.shuffle(documents)
        path.write_text("\n---\n".join(documents) + "\n")
        return Expected("reorder documents")

    def _reorder_containers(self) -> Expected | None:
        if not self._workloads:
            return None
        path = self._workloads[self._random.choice(sorted(self._workloads))]
        head, *containers = path.read_text().split("        - name: ")
        path.write_text("        - name: ".join([head, *reversed(containers)]))
        return Expected("reorder containers")

    def _add_workload(self) -> Expected:
        name = f"added-{self._next()}"
        path = self._choice("clusters/*/tenants/*-prd/*.yaml")
        namespace = f"erp-{path.parent.name}"
        self._workloads[name] = path.with_name(f"{name}.yaml")
        self._workloads[name].write_text(_WORKLOAD.format(name=name, namespace=namespace))
        return Expected("add workload", introduced=_pairs(WORKLOAD_RULES, [name]))

    def _remove_workload(self) -> Expected | None:
        if not self._workloads:
            return None
        name = self._random.choice(sorted(self._workloads))
        self._workloads.pop(name).unlink()
        return Expected("remove workload", fixed=_pairs(WORKLOAD_RULES, [name]))

    # Terraform

    def _roots(self) -> list[Path]:
        return sorted(path for path in (self.folder / "terraform" / "live").iterdir() if path.is_dir())

    def _rename_root(self) -> Expected:
        root = self._random.choice(self._roots())
        target = root.with_name(f"root{self._next()}")
        settings = self.folder / "bulkhead.yaml"
        settings.write_text(re.sub(rf"live/{root.name}\b", f"live/{target.name}", settings.read_text()))
        self._move(root, target)
        return Expected("rename root")

    def _rename_call(self) -> Expected | None:
        calls = [
            (path.parent, label)
            for root in self._roots()
            for path in sorted(root.glob("*.tf"))
            for label in re.findall(r'^module "(\w+)"', path.read_text(), re.MULTILINE)
        ]
        folder, label = self._random.choice(calls)
        new = f"call{self._next()}"
        for path in folder.glob("*.tf"):
            text = path.read_text().replace(f'module "{label}"', f'module "{new}"')
            path.write_text(re.sub(rf"\bmodule\.{label}\b", f"module.{new}", text))
        return Expected("rename module call")

    def _rename_file(self) -> Expected:
        path = self._choice("terraform/*/*/*.tf")
        self._move(path, path.with_name(f"file{self._next()}.tf"))
        return Expected("rename file")

    def _reorder_blocks(self) -> Expected:
        path = self._choice("terraform/*/*/*.tf")
        blocks = [
            block for block in re.split(r"\n(?=^[a-z]+ (?:\"|\{))", path.read_text(), flags=re.MULTILINE) if block
        ]
        self._random.shuffle(blocks)
        path.write_text("\n".join(blocks))
        return Expected("reorder blocks")

    def _add_account(self) -> Expected:
        number = self._next()
        label, names = f"added{number}", [f"stadded{number}a", f"stadded{number}b"]
        root = next(root for root in self._roots() if 'azurerm_storage_account" "reports' in _text(root))
        path = root / f"{label}.tf"
        self._accounts[label] = (path, names)
        self._write_account(label)
        return Expected("add account", introduced=_pairs(ACCOUNT_RULES, names))

    def _grow_account(self) -> Expected | None:
        label = self._account()
        if label is None:
            return None
        name = f"stadded{self._next()}c"
        self._accounts[label][1].append(name)
        self._write_account(label)
        return Expected("one instance more", introduced=_pairs(ACCOUNT_RULES, [name]))

    def _shrink_account(self) -> Expected | None:
        label = self._account()
        if label is None or len(self._accounts[label][1]) < 2:
            return None
        name = self._accounts[label][1].pop(0)
        self._write_account(label)
        return Expected("one instance less", fixed=_pairs(ACCOUNT_RULES, [name]))

    def _rename_block(self) -> Expected | None:
        label = self._account()
        if label is None:
            return None
        new = f"label{self._next()}"
        path, names = self._accounts.pop(label)
        self._accounts[new] = (path, names)
        self._write_account(new)
        return Expected("rename block")

    def _move_into_module(self) -> Expected | None:
        label = self._account()
        if label is None:
            return None
        path, names = self._accounts.pop(label)
        module = self.folder / "terraform" / "modules" / f"module{self._next()}"
        module.mkdir()
        text = 'variable "group" { type = string }\n' + _account("this", names, "var.group")
        (module / "main.tf").write_text(text)
        path.write_text(_MODULE_CALL.format(label=label, source=os.path.relpath(module, path.parent)))
        return Expected("refactor into module")

    def _remove_account(self) -> Expected | None:
        label = self._account()
        if label is None:
            return None
        path, names = self._accounts.pop(label)
        path.unlink()
        return Expected("remove account", fixed=_pairs(ACCOUNT_RULES, names))

    def _account(self) -> str | None:
        return self._random.choice(sorted(self._accounts)) if self._accounts else None

    def _write_account(self, label: str) -> None:
        path, names = self._accounts[label]
        path.write_text(_account(label, names, "azurerm_resource_group.this.name"))

    def _move(self, old: Path, new: Path) -> None:
        new.parent.mkdir(parents=True, exist_ok=True)
        old.rename(new)
        for known in (self._workloads, self._accounts):
            for name, value in known.items():
                path = value[0] if isinstance(value, tuple) else value
                if path == old or old in path.parents:
                    moved = new / path.relative_to(old) if path != old else new
                    known[name] = (moved, value[1]) if isinstance(value, tuple) else moved


def _account(label: str, names: list[str], group: str) -> str:
    return _ACCOUNT.format(label=label, names=", ".join(f'"{name}"' for name in names), group=group)


def _text(folder: Path) -> str:
    return "".join(path.read_text() for path in sorted(folder.glob("*.tf")))


def _pairs(rules: tuple[str, ...], names: list[str]) -> frozenset[Pair]:
    return frozenset((rule, name) for rule in rules for name in names)
