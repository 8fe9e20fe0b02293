"""A Module: what the files of one folder declare, overrides applied, before any value is known.

Its expressions are compiled when they are first needed, and then serve every instance of the module.
"""

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from scanner.sources.terraform.configuration.overrides import apply_overrides, file_of, is_override
from scanner.sources.terraform.configuration.result import Fault
from scanner.sources.terraform.evaluation import Compiled, Program, compile_body, compile_expression
from scanner.sources.terraform.syntax import nodes

if TYPE_CHECKING:
    from scanner.sources.terraform.configuration.tree import Tree

_RESOURCE_META = frozenset(("count", "for_each", "provider", "depends_on", "lifecycle", "connection", "provisioner"))
_CALL_META = frozenset(("source", "version", "count", "for_each", "providers", "depends_on", "lifecycle"))
_PREFIX = {"resource": "", "data": "data.", "ephemeral": "ephemeral."}
_MODE = {"resource": "managed", "data": "data", "ephemeral": "ephemeral"}


class SourceFile(NamedTuple):
    """One file, parsed."""

    name: str
    """As reports print it."""
    body: nodes.Body | None
    """None where nothing of it could be read."""
    faults: tuple[Fault, ...]


class Declaration:
    """A block and the file it stands in."""

    def __init__(self, file: str, block: nodes.Block) -> None:
        self.file = file
        self.block = block

    def attribute(self, name: str) -> nodes.Attribute | None:
        """Return one of the attributes of the block."""
        return self.block.body.attributes.get(name)

    def compiled(self, name: str) -> Compiled | None:
        """Return one of the attributes compiled, or None where it is not written."""
        written = self.attribute(name)
        return None if written is None else compile_expression(written.value)


class Repeated(Declaration):
    """A block that ``count`` or ``for_each`` may repeat."""

    skipped: frozenset[str] = frozenset()
    """Attributes and blocks that are not part of its program."""

    @cached_property
    def count(self) -> Compiled | None:
        """How many instances there are."""
        return self.compiled("count")

    @cached_property
    def for_each(self) -> Compiled | None:
        """What there is an instance for."""
        return self.compiled("for_each")

    @cached_property
    def program(self) -> Program:
        """The body without the arguments that are Terraform's own."""
        return compile_body(self.block.body, self.skipped)


class Resource(Repeated):
    """A ``resource``, ``data`` or ``ephemeral`` block."""

    skipped = _RESOURCE_META

    def __init__(self, file: str, block: nodes.Block) -> None:
        super().__init__(file, block)
        self.mode = _MODE[block.type]
        self.type, self.name = block.labels
        self.key = f"{_PREFIX[block.type]}{self.type}.{self.name}"
        """``azurerm_subnet.web`` or ``data.azurerm_subnet.web``: how references name it."""


class ModuleCall(Repeated):
    """A ``module`` block."""

    skipped = _CALL_META

    def __init__(self, file: str, block: nodes.Block) -> None:
        super().__init__(file, block)
        self.name = block.labels[0]

    @cached_property
    def source(self) -> Compiled | None:
        """Where its module is; OpenTofu lets it refer to variables."""
        return self.compiled("source")

    @cached_property
    def arguments(self) -> dict[str, Compiled]:
        """What the call sets, by variable."""
        return {argument.name: argument.compiled for argument in self.program.attributes}


class Local(NamedTuple):
    """One local value."""

    file: str
    node: nodes.Attribute
    compiled: Compiled


class Output(Declaration):
    """An ``output`` block."""

    @cached_property
    def value(self) -> Compiled | None:
        """What it is worth."""
        return self.compiled("value")

    @cached_property
    def sensitive(self) -> bool:
        """Whether its value must not be shown."""
        return is_set(self.block, "sensitive") or is_set(self.block, "ephemeral")


class Variable(Declaration):
    """A ``variable`` block."""

    @cached_property
    def sensitive(self) -> bool:
        """Whether its value must not be shown."""
        return is_set(self.block, "sensitive") or is_set(self.block, "ephemeral")

    @cached_property
    def nullable(self) -> bool:
        """Whether null is a value of it; otherwise null means the default."""
        written = self.attribute("nullable")
        return written is None or not (isinstance(written.value, nodes.Literal) and written.value.value is False)


def is_set(block: nodes.Block, name: str) -> bool:
    """Whether an attribute of ``block`` is literally true."""
    written = block.body.attributes.get(name)
    return written is not None and isinstance(written.value, nodes.Literal) and written.value.value in (True, "true")


class Module:
    """One folder of configuration files."""

    def __init__(
        self, folder: str, name: str, files: tuple[SourceFile, ...], faults: Iterable[Fault], tree: "Tree"
    ) -> None:
        self.folder = folder
        """Its real path."""
        self.name = name
        """Its path as reports print it."""
        self.files = files
        self.tree = tree
        self.variables: dict[str, Variable] = {}
        self.locals: dict[str, Local] = {}
        self.resources: dict[str, Resource] = {}
        """By :attr:`Resource.key`."""
        self.calls: dict[str, ModuleCall] = {}
        self.outputs: dict[str, Output] = {}
        self.providers: list[Declaration] = []
        self.settings: list[Declaration] = []
        """``terraform`` blocks."""
        self.faults: list[Fault] = [*faults, *(fault for file in files for fault in file.faults)]
        for file in files:
            if file.body is not None and not is_override(file.name):
                self._declare(file.name, file.body)
        for file in files:
            if file.body is not None and is_override(file.name):
                apply_overrides(self, file.name, file.body)

    def fault(self, file: str, node: nodes.Node, message: str) -> None:
        """Note a fault of the module itself."""
        self.faults.append(Fault(file, self.tree.region(file, node), message))

    def declare_local(self, file: str, node: nodes.Attribute) -> None:
        """Set a local value."""
        self.locals[node.name] = Local(file, node, compile_expression(node.value))

    def _declare(self, file: str, body: nodes.Body) -> None:
        for attribute in body.attributes.values():
            message = f"cannot read attribute {attribute.name}: only blocks are expected here"
            self.fault(file, attribute, message)
        for block in body.blocks:
            labels = _LABELS.get(block.type)
            if labels is None:
                self.fault(file, block, f"cannot read block {block.type}: Terraform has no such block")
            elif len(block.labels) != labels and block.type not in _LOOSE:
                self.fault(
                    file, block, f"cannot read block {block.type}: it takes {labels} labels, not {len(block.labels)}"
                )
            else:
                self.add(file, block)

    def add(self, file: str, block: nodes.Block) -> None:
        """Declare what ``block`` declares."""
        kind = block.type
        if kind in _PREFIX:
            resource = Resource(file, block)
            self._put(self.resources, resource.key, resource, resource.key)
        elif kind == "variable":
            self._put(self.variables, block.labels[0], Variable(file, block), f"variable {block.labels[0]}")
        elif kind == "output":
            self._put(self.outputs, block.labels[0], Output(file, block), f"output {block.labels[0]}")
        elif kind == "module":
            self._put(self.calls, block.labels[0], ModuleCall(file, block), f"module call {block.labels[0]}")
        elif kind == "locals":
            self._add_locals(file, block)
        elif kind == "provider":
            self.providers.append(Declaration(file, block))
        elif kind == "terraform":
            self.settings.append(Declaration(file, block))
        elif kind == "check":
            for below in block.body.blocks:
                if below.type == "data" and len(below.labels) == 2:
                    self.add(file, below)

    def _put(self, table: dict[str, Any], key: str, declaration: Declaration, noun: str) -> None:
        earlier = table.get(key)
        if earlier is None:
            table[key] = declaration
            return
        line = self.tree.region(earlier.file, earlier.block).line
        self.fault(
            declaration.file,
            declaration.block,
            f"cannot declare {noun}: it is declared already, at {earlier.file}:{line}",
        )

    def _add_locals(self, file: str, block: nodes.Block) -> None:
        for node in block.body.attributes.values():
            earlier = self.locals.get(node.name)
            if earlier is not None:
                line = self.tree.region(earlier.file, earlier.node).line
                message = f"cannot declare local.{node.name}: it is declared already, at {earlier.file}:{line}"
                self.fault(file, node, message)
            else:
                self.declare_local(file, node)


_LABELS = {
    "resource": 2,
    "data": 2,
    "ephemeral": 2,
    "variable": 1,
    "output": 1,
    "module": 1,
    "provider": 1,
    "check": 1,
    "locals": 0,
    "terraform": 0,
    "moved": 0,
    "import": 0,
    "removed": 0,
}
"""Block types and how many labels each has."""
_LOOSE = frozenset(("moved", "import", "removed"))

__all__ = [
    "Declaration",
    "Local",
    "Module",
    "ModuleCall",
    "Output",
    "Repeated",
    "Resource",
    "SourceFile",
    "Variable",
    "file_of",
    "is_set",
]
