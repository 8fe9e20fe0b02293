"""One evaluation of one root: what its module instances share, and what went wrong."""

import json
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from scanner.model.unknown import Unknown
from scanner.sources.terraform.configuration.module import Module, ModuleCall, Repeated, SourceFile, Variable
from scanner.sources.terraform.configuration.overrides import file_of
from scanner.sources.terraform.configuration.repetition import SYMBOLIC_KEY, Repetition
from scanner.sources.terraform.configuration.result import Fault, Limits
from scanner.sources.terraform.configuration.tree import Tree
from scanner.sources.terraform.configuration.variables import Given, constraint_of, default_of
from scanner.sources.terraform.configuration.weight import Weights
from scanner.sources.terraform.evaluation import Budget
from scanner.sources.terraform.syntax import nodes
from scanner.sources.terraform.values.constraints import Constraint

if TYPE_CHECKING:
    from scanner.sources.terraform.configuration.module_instance import ModuleInstance

_MANIFEST = os.path.join(".terraform", "modules", "modules.json")
_LOCAL = ("./", "../", ".\\", "..\\")


class Session:
    """The shared state of one evaluation."""

    def __init__(self, tree: Tree, root: Module, workspace: str, limits: Limits) -> None:
        self.tree = tree
        self.root = root
        self.limits = limits
        self.given: dict[str, Given] = {}
        """Of the root's variables."""
        self.budget = Budget(limits.elements)
        self.weights = Weights()
        self.files: set[str] = set()
        self.modules: dict[str, Module] = {root.folder: root}
        """Every module that was instantiated, by folder, in the order they were met."""
        self._faults: dict[tuple[str, int, int, str], None] = {}
        self._notes: dict[tuple[str, int, int, str], None] = {}
        self._loose: dict[Fault, None] = {}
        self._terraform = {"workspace": workspace, "applying": Unknown("it differs between plan and apply")}
        self._context: Any = None
        self._instances = 0
        self._module_instances = 0
        self._manifest: dict[str, str] | None = None
        self._checked: dict[str, tuple[str, str]] = {}
        self._paths: dict[str, dict[str, Any]] = {}
        self._constraints: dict[Variable, Constraint] = {}
        self._defaults: dict[Variable, Any] = {}

    def fault(self, file: str, node: nodes.Node, message: str) -> None:
        """Note a fault, once however often it is met."""
        self._faults[file, node.start, node.end, message] = None

    def note(self, file: str, node: nodes.Node, message: str) -> None:
        """Note something that is no fault."""
        self._notes[file, node.start, node.end, message] = None

    def fault_of_file(self, file: str, message: str) -> None:
        """Note a fault that has no place in a file."""
        self._loose[Fault(file, None, message)] = None

    def faults(self) -> tuple[Fault, ...]:
        """Return the faults met so far, those of the modules' files among them, in order."""
        static = [fault for module in self.modules.values() for fault in module.faults]
        return _in_order([*static, *self._loose, *self._placed(self._faults)])

    def notes(self) -> tuple[Fault, ...]:
        """Return the notes made so far, in order."""
        return _in_order(self._placed(self._notes))

    def _placed(self, found: dict[tuple[str, int, int, str], None]) -> list[Fault]:
        return [Fault(file, self.tree.span(file, start, end), message) for file, start, end, message in found]

    def constraint(self, variable: Variable) -> Constraint:
        """Return what a variable accepts."""
        constraint = self._constraints.get(variable)
        if constraint is None:
            constraint = self._constraints[variable] = constraint_of(self, variable)
        return constraint

    def default(self, variable: Variable) -> Any:
        """Return the default of a variable in its type."""
        if variable not in self._defaults:
            self._defaults[variable] = default_of(self, variable)
        return self._defaults[variable]

    def read_var_file(self, path: str) -> SourceFile:
        """Return a variable file; its faults are noted."""
        file = self.tree.read_file(path)
        self.files.add(file.name)
        for fault in file.faults:
            self._loose[fault] = None
        return file

    def surroundings(self, module: Module) -> tuple[dict[str, Any], dict[str, Any], Any]:
        """Return what ``path`` and ``terraform`` are in a module, and the context of its function calls."""
        from pathlib import Path

        from scanner.sources.terraform.configuration.rendering import renderer
        from scanner.sources.terraform.functions.context import Context

        paths = self._paths.get(module.folder)
        if paths is None:
            relative = os.path.relpath(module.folder, self.root.folder).replace(os.sep, "/")
            paths = {"module": relative, "root": ".", "cwd": Unknown("it depends on where Terraform runs")}
            self._paths[module.folder] = paths
        if self._context is None:
            top, folder = Path(self.tree.top), Path(self.root.folder)
            self._context = Context(top, folder, renderer(Context(top, folder)))
        return paths, self._terraform, self._context

    def granted(self, block: Repeated, items: Sequence[Repetition]) -> Sequence[Repetition]:
        """Return ``items`` while the root has room for them; then one symbolic instance."""
        self._instances += len(items)
        if self._instances <= self.limits.instances:
            return items
        return self._refused(block, f"the configuration has more than {self.limits.instances} resource instances")

    def has_room(self, block: Repeated, address: str) -> bool:
        """Whether the resources of one more module instance can be made; where not, that is a fault of its call."""
        if self._instances <= self.limits.instances:
            return True
        message = f"the configuration has more than {self.limits.instances} resource instances"
        self.fault(
            block.file, block.block, f"cannot evaluate all of {address.rpartition('[')[0] or address}: {message}"
        )
        return False

    def granted_modules(self, block: Repeated, items: Sequence[Repetition]) -> Sequence[Repetition]:
        """Return ``items`` while the root has room for them; then one symbolic instance."""
        self._module_instances += len(items)
        if self._module_instances <= self.limits.module_instances:
            return items
        return self._refused(block, f"the configuration has more than {self.limits.module_instances} module instances")

    def _refused(self, block: Repeated, reason: str) -> Sequence[Repetition]:
        self.note(block.file, block.block, f"one instance stands for all: {reason}")
        return (Repetition(SYMBOLIC_KEY, None, Unknown(reason), Unknown(reason), Unknown(reason)),)

    def find_module(self, caller: "ModuleInstance", block: ModuleCall, source: Any) -> tuple[Module | None, str]:
        """Return the module that ``block`` calls, or None and why its outputs are not known."""
        what = f"module.{block.name}"
        written = block.attribute("source")
        if written is None:
            self.fault(block.file, block.block, f"cannot call {what}: it has no source")
            return None, f"{what} has no source"
        if type(source) is not str:
            cause = source.reason if isinstance(source, Unknown) else "it is no text"
            self.note(file_of(written, block.file), written, f"{what} was not read: its source is not known: {cause}")
            return None, f"{what} was not read: its source is not known: {cause}"
        folder = self._folder(caller, block, source)
        if not folder:
            reason = f'{what} was not read: "{source}" is not in the tree'
            self.note(file_of(written, block.file), written, reason)
            return None, reason
        cause = self._obstacle(caller, folder, source)
        if cause:
            self.fault(file_of(written, block.file), written, f"cannot call {what}: {cause}")
            return None, f"{what} cannot be called: {cause}"
        module = self.tree.module(folder)
        self.modules.setdefault(module.folder, module)
        return module, ""

    def _folder(self, caller: "ModuleInstance", block: ModuleCall, source: str) -> str:
        """Return the folder that holds a module, empty where it was never downloaded."""
        if source.startswith(_LOCAL) or source in (".", "..") or os.path.isabs(source):
            return os.path.normpath(os.path.join(caller.module.folder, source))
        steps = [block.name]
        instance: ModuleInstance = caller
        while instance.call is not None:
            steps.append(instance.call.block.name)
            instance = instance.call.parent
        folder = self._downloaded().get(".".join(reversed(steps)), "")
        return folder if folder and self.tree.holds(folder) and self.tree.is_module(folder) else ""

    def _obstacle(self, caller: "ModuleInstance", folder: str, source: str) -> str:
        """Return why a folder cannot be called as a module; empty where it can."""
        real, cause = self._checked.get(folder) or self._check(folder)
        if cause:
            return cause.format(source)
        chain = [caller.module]
        instance = caller
        while instance.call is not None:
            instance = instance.call.parent
            chain.append(instance.module)
        if any(module.folder == real for module in chain):
            start = next(index for index, module in enumerate(chain) if module.folder == real)
            names = [module.name for module in chain[start::-1]]
            return f"the module calls itself: {' → '.join((*names, names[0]))}"
        return ""

    def _check(self, folder: str) -> tuple[str, str]:
        """Return the real path of a folder, and a template of why it is no module."""
        cause = ""
        if not self.tree.holds(folder):
            cause = '"{}" leads outside of the scanned folder'
        elif not os.path.isdir(folder):
            cause = 'the folder "{}" does not exist'
        elif not self.tree.is_module(folder):
            cause = 'the folder "{}" holds no configuration'
        self._checked[folder] = self.tree.real(folder), cause
        return self._checked[folder]

    def _downloaded(self) -> dict[str, str]:
        """Return the folders of the modules that ``terraform init`` has fetched, by call path."""
        if self._manifest is None:
            self._manifest = {}
            path = os.path.join(self.root.folder, _MANIFEST)
            if os.path.isfile(path) and self.tree.holds(path):
                self._manifest = self._read_manifest(path)
        return self._manifest

    def _read_manifest(self, path: str) -> dict[str, str]:
        try:
            with open(path, encoding="utf-8") as file:
                entries = json.load(file)["Modules"]
            return {entry["Key"]: os.path.join(self.root.folder, entry["Dir"]) for entry in entries if entry["Key"]}
        except (OSError, ValueError, KeyError, TypeError):
            self.fault_of_file(self.tree.name(path), "cannot read the list of downloaded modules: it is damaged")
            return {}


def _in_order(faults: Sequence[Fault]) -> tuple[Fault, ...]:
    unique = dict.fromkeys(faults)
    return tuple(sorted(unique, key=lambda fault: (fault.file, fault.region or (0, 0, 0, 0), fault.message)))
