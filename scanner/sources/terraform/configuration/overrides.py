"""Override files: ``override.tf`` and ``*_override.tf`` change blocks that other files declare.

Attributes replace attributes of the same name; nested blocks replace all blocks of their type. What comes from an
override file keeps the name of that file, so that places and faults are right.
Source: Terraform documentation, "Override Files".
"""

from typing import TYPE_CHECKING

from scanner.sources.terraform.syntax import nodes

if TYPE_CHECKING:
    from scanner.sources.terraform.configuration.module import Module

_ENDINGS = (".tf", ".tf.json", ".tofu", ".tofu.json")
_TABLES = {
    "resource": "resources",
    "data": "resources",
    "ephemeral": "resources",
    "variable": "variables",
    "output": "outputs",
    "module": "calls",
}


class ForeignAttribute(nodes.Attribute):
    """An attribute that stands in another file than its block."""

    __slots__ = ("file",)

    def __init__(self, node: nodes.Attribute, file: str) -> None:
        super().__init__(node.name, node.value, node.start, node.end)
        self.file = file


class ForeignBlock(nodes.Block):
    """A nested block that stands in another file than the block around it."""

    __slots__ = ("file",)

    def __init__(self, node: nodes.Block, file: str) -> None:
        attributes: dict[str, nodes.Attribute] = {
            name: ForeignAttribute(item, file) for name, item in node.body.attributes.items()
        }
        blocks: list[nodes.Block] = [ForeignBlock(block, file) for block in node.body.blocks]
        body = nodes.Body(attributes, blocks, node.body.start, node.body.end)
        super().__init__(node.type, node.labels, body, node.header_end, node.start, node.end)
        self.file = file


def file_of(node: nodes.Node, file: str) -> str:
    """Return the file of an attribute or nested block whose block stands in ``file``."""
    return node.file if isinstance(node, ForeignAttribute | ForeignBlock) else file


def is_override(file: str) -> bool:
    """Whether a file is one by its name."""
    name = file.rsplit("/", 1)[-1]
    for ending in sorted(_ENDINGS, key=len, reverse=True):
        if name.endswith(ending):
            stem = name.removesuffix(ending)
            return stem == "override" or stem.endswith("_override")
    return False


def apply_overrides(module: "Module", file: str, body: nodes.Body) -> None:
    """Change what ``module`` declares by the blocks of an override file."""
    for block in body.blocks:
        if block.type == "locals":
            for attribute in block.body.attributes.values():
                module.declare_local(file, attribute)
        elif block.type in _TABLES:
            _override_declared(module, file, block)
        elif block.type == "terraform":
            _override_settings(module, file, block)
        elif block.type == "provider":
            _override_provider(module, file, block)


def _override_declared(module: "Module", file: str, block: nodes.Block) -> None:
    key = ".".join(block.labels)
    if block.type in ("data", "ephemeral"):
        key = f"{block.type}.{key}"
    declared = getattr(module, _TABLES[block.type]).get(key)
    if declared is None:
        noun = key if _TABLES[block.type] == "resources" else f"{block.type} {key}"
        module.fault(file, block, f"cannot override {noun}: no other file declares it")
    else:
        declared.block = _merged(declared.block, block, file)


def _override_settings(module: "Module", file: str, block: nodes.Block) -> None:
    if module.settings:
        module.settings[0].block = _merged(module.settings[0].block, block, file)
    else:
        module.add(file, block)


def _override_provider(module: "Module", file: str, block: nodes.Block) -> None:
    for declared in module.providers:
        if declared.block.labels == block.labels and _alias(declared.block) == _alias(block):
            declared.block = _merged(declared.block, block, file)
            return
    module.add(file, block)


def _alias(block: nodes.Block) -> object:
    written = block.body.attributes.get("alias")
    return written.value.value if written is not None and isinstance(written.value, nodes.Literal) else None


def _merged(base: nodes.Block, override: nodes.Block, file: str) -> nodes.Block:
    attributes = dict(base.body.attributes)
    for name, node in override.body.attributes.items():
        attributes[name] = ForeignAttribute(node, file)
    if "count" in override.body.attributes:
        attributes.pop("for_each", None)
    if "for_each" in override.body.attributes:
        attributes.pop("count", None)
    replaced = {_type(block) for block in override.body.blocks}
    if base.type == "terraform" and replaced & {"backend", "cloud"}:
        replaced |= {"backend", "cloud"}
    kept = [block for block in base.body.blocks if _type(block) not in replaced]
    merged = kept + [ForeignBlock(block, file) for block in override.body.blocks]
    body = nodes.Body(attributes, merged, base.body.start, base.body.end)
    return nodes.Block(base.type, base.labels, body, base.header_end, base.start, base.end)


def _type(block: nodes.Block) -> str:
    """Return the type of a nested block; a dynamic one counts as what it gives."""
    return block.labels[0] if block.type == "dynamic" and block.labels else block.type
