"""Finds which Resources and attributes the exemptions in Terraform files cover.

Where they stand is found by :mod:`scanner.sources.terraform.comments`. What one covers in Terraform's words is looked
up in the Resources that came out of it, so it holds for every instance of its block, in the configuration and in a plan
of it. Above a ``module`` block it covers everything that the call brings.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple, Protocol, TypeAlias

from scanner.model.exemption import Exemption
from scanner.model.ledger import LedgerEntry, State
from scanner.model.path import Path
from scanner.model.resource import Resource
from scanner.sources.inline import InlineExemption, Malformed, parse_inline
from scanner.sources.terraform.comments import MARK, File, Target, comments
from scanner.sources.terraform.instance import Instance
from scanner.sources.terraform.syntax import nodes

COVERS_NOTHING = "an inline exemption covers nothing"
"""Begins what is said of one that stands at nothing; see :mod:`scanner.report.inputs`."""
_MOST_EXEMPTIONS = 100_000
"""Of one page, each for one attribute of one Resource."""

_RESOURCE_BLOCKS = {"resource": "managed", "data": "data"}
_MODULE_OF = re.compile(
    r'(.*?)(?:\.|\A)(?:data\.)?[^.\[\]]+\.[^.\[\]]+(?:\[(?:"(?:[^"\\]|\\.)*"|\d+|\*)\])?\Z', re.DOTALL
)

_DEPTH = 100
"""Values nested deeper are looked at as a whole."""


_Shape: TypeAlias = tuple[Any, ...]


class Origins(Protocol):
    """Where Resources come from."""

    def instances(self, key: str) -> Sequence[Instance]:
        """Return the Instances that wrote the Resource with this key, its own first."""

    def written(self, key: str, path: Path) -> tuple[Instance | None, Path]:
        """Return who wrote an attribute of it, and its path in Terraform's notation."""


class Inline(NamedTuple):
    """What stands in the files of one page."""

    exemptions: tuple[Exemption, ...]
    notes: tuple[LedgerEntry, ...]


NO_INLINE = Inline((), ())


def find_exemptions(files: Iterable[File], resources: Sequence[Resource], origins: Origins) -> Inline:
    """Return the exemptions in ``files``, in the order of files and lines."""
    exemptions: list[Exemption] = []
    notes: list[LedgerEntry] = []
    for file in files:
        if MARK not in file.text:
            continue
        cover = _Cover(file, resources, origins)
        for line, column, text, target in comments(file):
            parsed = parse_inline(text)
            if isinstance(parsed, Malformed):
                reason = f"cannot read inline exemption: {parsed.reason}"
                notes.append(LedgerEntry(file.name, State.SCANNED, reason, line, column + parsed.offset))
                continue
            covered = list(cover.covered(target)) if target is not None else []
            if len(exemptions) + len(covered) > _MOST_EXEMPTIONS:
                reason = "there are too many inline exemptions; those from here on do not hold"
                notes.append(LedgerEntry(file.name, State.SCANNED, reason, line, column))
                return Inline(tuple(exemptions), tuple(notes))
            if not covered:
                reason = f"{COVERS_NOTHING}: no resource starts there, or none came out of it"
                notes.append(LedgerEntry(file.name, State.SCANNED, reason, line, column))
            exemptions.extend(_exemption(parsed, file.name, line, key, path) for key, path in covered)
    return Inline(tuple(exemptions), tuple(notes))


def _exemption(parsed: InlineExemption, file: str, line: int, key: str, path: Path) -> Exemption:
    return Exemption(
        id=f"inline:{file}:{line}",
        source="inline",
        file=file,
        line=line,
        resource=key,
        path=path,
        **parsed._asdict(),
    )


class _Cover:
    """Finds what came out of the blocks of one file."""

    def __init__(self, file: File, resources: Sequence[Resource], origins: Origins) -> None:
        self._file = file
        self._resources = resources
        self._origins = origins
        self._by_block: defaultdict[tuple[str, str, str], dict[str, Resource]] = defaultdict(dict)
        self._modules = {""} if file.is_root else set()
        self._shapes: dict[str, _Shape] = {}
        self._covered: dict[tuple[int, Path, _Shape], Sequence[Path]] = {}
        for resource in resources:
            for instance in origins.instances(resource.key):
                if instance.file == file.name:
                    self._by_block[(instance.mode, instance.type, instance.name)][resource.key] = resource
                    self._modules.add(_module(instance.address))

    def covered(self, target: Target) -> Iterator[tuple[str, Path]]:
        """Yield key and path of everything that ``target`` covers; of a path all that is below it is covered too."""
        if target.block.type == "module":
            yield from self._of_call(target)
            return
        blocks = [block for block in self._by_block if self._is_block(block, target.block)]
        for key, resource in {key: one for block in blocks for key, one in self._by_block[block].items()}.items():
            for path in self._alike(resource, target):
                yield key, path

    def _of_call(self, target: Target) -> Iterator[tuple[str, Path]]:
        """Everything below a module call; an argument of a call is no attribute of anything."""
        if target.path or not target.block.labels:
            return
        starts = tuple(f"{module}.module.{target.block.labels[0]}".removeprefix(".") for module in self._modules)
        for resource in self._resources:
            if any(_is_below(resource.origin.address, start) for start in starts):
                yield resource.key, ()

    def _alike(self, resource: Resource, target: Target) -> Sequence[Path]:
        """Return the outermost paths of a Resource that are covered; the same for all that look the same."""
        shape = self._shapes.get(resource.key)
        if shape is None:
            shape = self._shapes[resource.key] = self._shape(resource)
        found = self._covered.get((id(target.block), target.path, shape))
        if found is None:
            if not target.path and self._is_written(resource.key, (), target):
                found = [()]
            else:
                found = self._paths(resource.key, resource.attributes, (), target)[1]
            self._covered[(id(target.block), target.path, shape)] = found
        return found

    def _shape(self, resource: Resource) -> _Shape:
        """Return what decides which attribute writes which: who wrote it, what of that is set, and what came out."""
        sources = tuple(map(_outline, self._origins.instances(resource.key)))
        return resource.type, sources, tuple(_leaves(resource.attributes))

    def _paths(self, key: str, value: Any, path: Path, target: Target) -> tuple[bool, list[Path]]:
        """Return whether all of ``value`` is covered, and the outermost paths in it that are."""
        below = _below(value) if len(path) < _DEPTH else []
        if not below:
            covered = self._is_written(key, path, target)
            return covered, [path] if covered else []
        found = [self._paths(key, item, (*path, step), target) for step, item in below]
        if all(covered for covered, _ in found) and self._is_written(key, path, target):
            return True, [path]
        return False, [inner for _, paths in found for inner in paths]

    def _is_written(self, key: str, path: Path, target: Target) -> bool:
        """Whether ``path`` of a Resource was written by the block of ``target``, at its path or below."""
        instance, written = self._origins.written(key, path)
        if instance is None or instance.file != self._file.name:
            return False
        if not self._is_block((instance.mode, instance.type, instance.name), target.block):
            return False
        rest = target.path[len(written) :]
        return written[: len(target.path)] == target.path[: len(written)] and all(isinstance(one, int) for one in rest)

    def _is_block(self, found: tuple[str, str, str], block: nodes.Block) -> bool:
        mode, type_, name = found
        if block.type in _RESOURCE_BLOCKS:
            return mode == _RESOURCE_BLOCKS[block.type] and (type_, name) == block.labels
        return mode == "settings" and type_ == block.type and (not block.labels or name.startswith(block.labels[0]))


def _outline(instance: Instance) -> tuple[Any, ...]:
    """Return who an Instance is an instance of, and which attributes it sets."""
    there = tuple(name for name, value in instance.attributes.items() if value is not None)
    return instance.file, instance.mode, instance.type, instance.name, there


def _leaves(attributes: Any) -> Iterator[Path]:
    """Yield the path of everything that is neither a dict nor a list, or is empty."""
    pending: list[tuple[Path, Any]] = [((), attributes)]
    while pending:
        path, value = pending.pop()
        below = _below(value)
        if below:
            pending.extend(((*path, step), item) for step, item in below)
        else:
            yield path


def _below(value: Any) -> list[tuple[str | int, Any]]:
    if isinstance(value, dict):
        return list(value.items())
    return list(enumerate(value)) if isinstance(value, list) else []


def _is_below(address: str, call: str) -> bool:
    return address.startswith(call) and address[len(call) : len(call) + 1] in (".", "[")


def _module(address: str) -> str:
    """Return the module instance that an address stands in."""
    match = _MODULE_OF.match(address)
    return match[1] if match else ""
