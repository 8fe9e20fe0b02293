"""Which Exemptions cover a Finding.

Sets of Exemptions are ints: bit *n* is the *n*-th Exemption. For every facet a selector may name (cluster, namespace
and so on) there is an index of its globs; a Finding is covered by those that every facet admits. That costs a few
lookups per Finding, however many Exemptions there are.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import reduce
from operator import or_

from scanner.exemptions.attributes import AttributePattern
from scanner.exemptions.globs import GlobIndex
from scanner.model.exemption import Exemption
from scanner.model.finding import Finding
from scanner.model.path import covers
from scanner.model.types import is_azure

FACETS = ("cluster", "namespace", "kind", "type", "name", "tenant", "environment")
"""What a selector may name beside ``labels.<key>``."""
LABELS = "labels."
ATTRIBUTES = "attributes"
"""Names attributes of the Resource: of its Findings only those about them are covered."""
_NAMESPACE_TYPE = "core/Namespace"
_NONE = "-"

LabelsOf = Callable[[str], Mapping[str, str]]
"""Key of a Resource → its labels."""


class Matcher:
    """Finds the Exemptions that cover a Finding; built once per run."""

    def __init__(self, exemptions: Sequence[Exemption], labels_of: LabelsOf) -> None:
        self._exemptions = exemptions
        self._labels_of = labels_of
        self._rules = GlobIndex((1 << n, glob.upper()) for n, one in enumerate(exemptions) for glob in one.rules)
        selecting = [(1 << n, one.selector) for n, one in enumerate(exemptions) if not one.resource]
        names = {name for _, selector in selecting for name in selector}
        self._facets = [_Facet(name, selecting) for name in FACETS if name in names]
        self._labels = [_Facet(name, selecting) for name in sorted(names) if name.startswith(LABELS)]
        self._attributes = {
            bit: tuple(map(AttributePattern, selector[ATTRIBUTES].split(",")))
            for bit, selector in selecting
            if ATTRIBUTES in selector
        }
        self._about = _bits(iter(self._attributes))
        understood = (*FACETS, ATTRIBUTES, *(facet.name for facet in self._labels))
        self._selecting = _bits(
            bit for bit, selector in selecting if selector and all(key in understood for key in selector)
        )
        self._inline: dict[str, list[tuple[int, Exemption]]] = {}
        for n, one in enumerate(exemptions):
            if one.resource:
                self._inline.setdefault(one.resource, []).append((1 << n, one))
        self._by_resource: dict[str, int] = {}

    def covering(self, finding: Finding) -> int:
        """Return the set of Exemptions that cover ``finding``."""
        bits = self._by_resource.get(finding.resource)
        if bits is None:
            bits = self._by_resource[finding.resource] = self._selected(finding)
        for bit, exemption in self._inline.get(finding.resource, ()):
            if covers(exemption.path, finding.path):
                bits |= bit
        bits = bits & self._rules.matching(finding.rule.upper()) if bits else 0
        return self._about_attribute(finding, bits) if bits & self._about else bits

    def first(self, covering: int) -> Exemption:
        """Return the first Exemption of a set that is not empty."""
        return self._exemptions[(covering & -covering).bit_length() - 1]

    def members(self, covering: int) -> Iterator[Exemption]:
        """Yield the Exemptions of a set, in order."""
        for n, exemption in enumerate(self._exemptions):
            if covering >> n & 1:
                yield exemption

    def _about_attribute(self, finding: Finding, bits: int) -> int:
        """Return ``bits`` without the Exemptions that are for other attributes than the one of ``finding``."""
        fold = is_azure(finding.type)
        for bit, patterns in self._attributes.items():
            if bits & bit and not any(one.covers(finding.tag, fold=fold) for one in patterns):
                bits &= ~bit
        return bits

    def _selected(self, finding: Finding) -> int:
        """Exemptions whose selector matches the Resource of ``finding``."""
        bits = self._selecting
        values = facet_values(finding) if bits else {}
        for facet in self._facets:
            bits &= facet.admitting(values[facet.name])
        if bits and any(bits & facet.constrained for facet in self._labels):
            labels = self._labels_of(finding.resource)
            for facet in self._labels:
                value = labels.get(facet.name.removeprefix(LABELS))
                bits &= facet.admitting((value,) if isinstance(value, str) else ())
        return bits


def facet_values(finding: Finding) -> dict[str, tuple[str, ...]]:
    """Return what each facet of a Finding's Resource is; empty where it has none, so that not even ``*`` matches.

    A Namespace is taken to be in itself, and a tenant goes by id and by name. What Terraform declares goes by its
    address: its key is made of folders.
    """
    kind = finding.type.rpartition("/")[2]
    declared = (_NONE, _NONE, finding.address)
    cluster, namespace, name = declared if finding.address else _identity(finding.resource)
    tenancy = finding.tenancy
    texts = {
        "cluster": (cluster,),
        "namespace": (name if finding.type == _NAMESPACE_TYPE else namespace,),
        "kind": (kind,),
        "type": (finding.type,),
        "name": (name,),
        "tenant": (tenancy.tenant, tenancy.tenant_name),
        "environment": (tenancy.environment,),
    }
    return {facet: tuple(text for text in found if text and text != _NONE) for facet, found in texts.items()}


def _identity(key: str) -> tuple[str, str, str]:
    """Cluster, namespace and name in a Resource's key; an Azure resource id begins with ``/`` and has only a name."""
    parts = key.split("/", 4)
    if key.startswith("/") or len(parts) < 5:
        return _NONE, _NONE, key.rpartition("/")[2]
    return parts[0], parts[3], parts[4]


class _Facet:
    """The selectors that constrain one facet, and those that do not."""

    def __init__(self, name: str, selecting: Sequence[tuple[int, Mapping[str, str]]]) -> None:
        self.name = name
        constraints = [(bit, selector[name]) for bit, selector in selecting if name in selector]
        self.constrained = _bits(bit for bit, _ in constraints)
        self._free = _bits(bit for bit, selector in selecting if name not in selector)
        self._globs = GlobIndex((bit, glob) for bit, globs in constraints for glob in globs.split(","))

    def admitting(self, values: Sequence[str]) -> int:
        """Return the Exemptions that admit any of ``values``."""
        return reduce(or_, map(self._globs.matching, values), self._free)


def _bits(bits: Iterator[int]) -> int:
    return reduce(or_, bits, 0)
