"""Rewrites a configuration so that the real Terraform can plan it without any provider.

Every resource and data block becomes a `terraform_data` whose `input` is an object of its arguments and nested blocks;
`dynamic` becomes a `for` expression. A reference to an argument that is written becomes one to that part of the input,
any other attribute becomes the id, which is known only after apply. What Terraform plans for the inputs is then what it
makes of the expressions, the repetition and the module calls of the original.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from scanner.model.unknown import Unknown
from scanner.sources.terraform.syntax import nodes, parse_file

OWN_ARGUMENTS = ("count", "for_each")
NOT_ARGUMENTS = ("provider", "depends_on")
NOT_BLOCKS = ("lifecycle", "timeouts", "provisioner", "connection")
KEPT = ("variable", "locals", "output", "module")

_REFERENCE = re.compile(r"(?<![\w.])(data\.)?(azurerm_\w+)\.(\w+)((?:\[[^\[\]]*\])*)(?:\.(\w+))?")


def rewrite(source: Path, target: Path) -> None:
    """Write the configuration below `source` to `target`, folder by folder; other files are copied."""
    for folder in sorted({path.parent for path in source.rglob("*") if path.is_file()}):
        there = target / folder.relative_to(source)
        there.mkdir(parents=True, exist_ok=True)
        files = {path: path.read_text("utf-8") for path in sorted(folder.iterdir()) if path.is_file()}
        module = _Module([text for path, text in files.items() if path.suffix == ".tf"])
        for path, text in files.items():
            (there / path.name).write_text(module.rewritten(text) if path.suffix == ".tf" else text, "utf-8")


def address(original: str) -> str:
    """Return the address that the instance at `original` has after the rewriting."""
    return re.sub(r"(azurerm_\w+)\.(\w+)(?=(?:\[[^\[\]]*\])?\Z)", r"terraform_data.\1__\2", original)


class _Module:
    """One folder: which arguments each of its resources has decides what a reference to it becomes."""

    def __init__(self, texts: list[str]) -> None:
        blocks = [block for text in texts for block in parse_file(text).body.blocks]
        self._written: Mapping[str, frozenset[str]] = {
            _name(block): frozenset(block.body.attributes) for block in blocks if block.type in ("resource", "data")
        }

    def rewritten(self, text: str) -> str:
        """Return a file of the module."""
        parts = []
        for block in parse_file(text).body.blocks:
            if block.type in KEPT:
                parts.append(self._referring(text[block.start : block.end]))
            elif block.type in ("resource", "data"):
                parts.append(self._resource(text, block))
        return "\n".join(parts) + "\n"

    def _resource(self, text: str, block: nodes.Block) -> str:
        own = "".join(
            f"  {name} = {self._expression(text, block.body.attributes[name].value)}\n"
            for name in OWN_ARGUMENTS
            if name in block.body.attributes
        )
        written = self._object(text, block.body, OWN_ARGUMENTS)
        repeated = block.body.attributes.get("for_each")
        if repeated is not None and _REFERENCE.fullmatch(text[repeated.value.start : repeated.value.end]):
            written = re.sub(r"\beach\.value\.", "each.value.input.", written)
        return f'resource "terraform_data" "{_name(block)}" {{\n{own}  input = {written}\n}}\n'

    def _object(self, text: str, body: nodes.Body, without: tuple[str, ...] = ()) -> str:
        items = [
            f"{name} = {self._expression(text, node.value)}\n"
            for name, node in body.attributes.items()
            if name not in (*without, *NOT_ARGUMENTS)
        ]
        lists: dict[str, list[str]] = {}
        for block in body.blocks:
            if block.type == "dynamic":
                lists.setdefault(block.labels[0], []).append(self._dynamic(text, block))
            elif block.type not in NOT_BLOCKS:
                lists.setdefault(block.type, []).append(f"[{self._object(text, block.body)}]")
        items += [f"{name} = concat({', '.join(parts)})\n" for name, parts in lists.items()]
        return "{\n" + "".join(items) + "}"

    def _dynamic(self, text: str, block: nodes.Block) -> str:
        attributes = block.body.attributes
        iterator = block.labels[0]
        if "iterator" in attributes:
            iterator = text[attributes["iterator"].value.start : attributes["iterator"].value.end]
        (content,) = [inner for inner in block.body.blocks if inner.type == "content"]
        each = self._expression(text, attributes["for_each"].value)
        pairs = f"[for each_key, each_value in {each} : {{ key = each_key, value = each_value }}]"
        return f"[for {iterator} in {pairs} : {self._object(text, content.body)}]"

    def _expression(self, text: str, node: nodes.Node) -> str:
        return f"({self._referring(text[node.start : node.end])})"

    def _referring(self, text: str) -> str:
        return _REFERENCE.sub(self._reference, text)

    def _reference(self, match: re.Match[str]) -> str:
        data, type_, name, index, attribute = match.groups()
        target = f"{'data__' if data else ''}{type_}__{name}"
        if not attribute:
            return f"terraform_data.{target}{index}"
        written = self._written.get(target, frozenset())
        return f"terraform_data.{target}{index}.{f'input.{attribute}' if attribute in written else 'id'}"


def _name(block: nodes.Block) -> str:
    return f"{'data__' if block.type == 'data' else ''}{block.labels[0]}__{block.labels[1]}"


def differences(ours: object, after: object, unknown: object, path: str = "") -> Iterator[str]:
    """Yield where a value of ours is not what Terraform plans; `unknown` marks what it does not know either."""
    if unknown is True or isinstance(ours, Unknown):
        if not (unknown is True and isinstance(ours, Unknown)):
            yield f"{path}: {ours!r}, but Terraform has {'an unknown' if unknown is True else repr(after)}"
    elif isinstance(ours, dict) and isinstance(after, dict):
        marks = unknown if isinstance(unknown, dict) else {}
        for key in sorted(ours.keys() | after.keys() | marks.keys()):
            missing = key not in ours
            value = [] if missing and after.get(key) == [] else ours.get(key)
            yield from differences(value, after.get(key), marks.get(key), f"{path}.{key}")
    elif isinstance(ours, list) and isinstance(after, list) and len(ours) == len(after):
        marks_of = unknown if isinstance(unknown, list) else []
        for index, (one, other) in enumerate(zip(ours, after, strict=True)):
            mark = marks_of[index] if index < len(marks_of) else None
            yield from differences(one, other, mark, f"{path}[{index}]")
    elif ours != after or isinstance(ours, bool) != isinstance(after, bool):
        yield f"{path}: {ours!r}, but Terraform has {after!r}"
