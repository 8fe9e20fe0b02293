"""A Resource: one thing a control plane manages, in that control plane's own shape."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from scanner.model.location import Origin
from scanner.model.path import Path, parse_path, value_at
from scanner.model.tenancy import UNDECLARED, Tenancy
from scanner.model.verdict import Verdict


class Fault(NamedTuple):
    """What a check objects to; the engine makes the Finding of it."""

    message: str
    at: Path
    verdict: Verdict = Verdict.FAIL
    related: "tuple[tuple[Resource, Path, str], ...]" = ()
    """Other Resources that play a part: (Resource, path in it, its part in a few words)."""


@dataclass(frozen=True, slots=True)
class Resource:
    """One thing a control plane manages. Rules get it frozen: they read, and yield what they object to."""

    key: str
    """Stable identity: ``cluster/group/kind/namespace/name``, each part ``-`` where there is none; of Azure the
    lower-cased resource id, and before creation the address in the source."""
    type: str
    """``apps/Deployment``, ``core/Pod``, ``traefik.io/IngressRoute``: group and kind, no version;
    ``Microsoft.Storage/storageAccounts/blobServices``."""
    attributes: Mapping[str, Any]
    """What the Kubernetes API or ARM would hold: nested dicts and lists; may hold ``Unknown`` values."""
    origin: Origin
    cluster: str = ""
    """Name of the cluster as the Estate has it; empty where it is not known."""
    namespace: str = ""
    """Empty for cluster-scoped Resources, and for namespaced ones that name none."""
    name: str = ""
    tenancy: Tenancy = UNDECLARED
    unknowns: tuple[Path, ...] = ()
    """Paths of all ``Unknown`` values in the attributes; nearly always empty, which saves the engine a search."""

    @property
    def kind(self) -> str:
        """The type without its group: ``Deployment``."""
        return self.type.rpartition("/")[2]

    @property
    def labels(self) -> Mapping[str, str]:
        """Kubernetes labels, or Azure tags; empty where there are none or they are no mapping."""
        metadata = self.attributes.get("metadata")
        labels = metadata.get("labels") if isinstance(metadata, dict) else self.attributes.get("tags")
        return labels if isinstance(labels, dict) else {}

    @property
    def title(self) -> str:
        """How messages name it: ``Deployment shop/web``."""
        return f"{self.kind} {self.namespace}/{self.name}" if self.namespace else f"{self.kind} {self.name}"

    def value(self, *path: str | int, default: Any = None) -> Any:
        """Return the value at ``path``, or ``default`` where a step is missing."""
        return value_at(self.attributes, path, default)

    def fail(self, message: str, at: Path | str = (), related: "Iterable[tuple[Resource, Path, str]]" = ()) -> Fault:
        """Return the objection that this Resource fails; ``at`` is the deciding attribute path."""
        return Fault(message, parse_path(at) if isinstance(at, str) else at, Verdict.FAIL, tuple(related))

    def unknown(self, message: str, at: Path | str = ()) -> Fault:
        """Return the statement that nothing can be said of this Resource; ``message`` states the cause."""
        return Fault(message, parse_path(at) if isinstance(at, str) else at, Verdict.UNKNOWN)

    def skip(self, reason: str) -> Fault:
        """Return the statement that the Rule does not concern this Resource, and why."""
        return Fault(reason, (), Verdict.SKIP)

    def resolved(self, tenancy: Tenancy) -> "Resource":
        """Return this Resource with its tenancy."""
        return self._but(self.attributes, tenancy)

    def reduced(self, attributes: Mapping[str, Any]) -> "Resource":
        """Return this Resource with ``attributes``, a part of its own."""
        return self._but(attributes, self.tenancy)

    def __reduce__(self) -> tuple[Callable[..., "Resource"], tuple[Any, ...]]:
        # what dataclasses do with slots costs five times as much, and an audit sends and keeps Resources by the million
        return Resource, (
            self.key,
            self.type,
            self.attributes,
            self.origin,
            self.cluster,
            self.namespace,
            self.name,
            self.tenancy,
            self.unknowns,
        )

    def _but(self, attributes: Mapping[str, Any], tenancy: Tenancy) -> "Resource":
        # dataclasses.replace is four times as slow, and every Resource of a run comes through here twice
        return Resource(
            self.key,
            self.type,
            attributes,
            self.origin,
            self.cluster,
            self.namespace,
            self.name,
            tenancy,
            self.unknowns,
        )
