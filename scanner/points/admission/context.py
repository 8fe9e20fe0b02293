"""What a review may look up: the cluster's other objects, and how far they can be trusted just now."""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, NamedTuple, Protocol

from scanner.engine.selection import Selection
from scanner.inventory import NAMESPACE, Inventory

if TYPE_CHECKING:
    from scanner.estate import Estate

_NONE: Mapping[str, str] = {}


class Moment(NamedTuple):
    """The Inventory at the time of one review."""

    inventory: Inventory
    """Resources reduced to what Rules look up, tenancy resolved."""
    missing: Mapping[str, str] = _NONE
    """Type → why its Resources cannot be trusted to be all there are, and as they are; empty where they can."""


class Context(Protocol):
    """Where lookups of Rules are answered from."""

    def moment(self, namespace: str) -> Moment:
        """Return what is known now; never waits.

        ``namespace`` is that of the object under review (empty: none): whose it is has to be known.
        """

    def wanted(self, types: Collection[str], namespace: str) -> tuple[str, ...]:
        """Return which of ``types`` have to be read from the cluster before they can be trusted."""

    def fetch(self, wanted: Collection[str], namespace: str, budget_s: float) -> str:
        """Read what is wanted from the cluster within ``budget_s`` seconds; returns ``read`` or ``failed``.

        It waits, and may be called from any thread. What could not be read is missing from then on.
        """

    def why_not_ready(self) -> str:
        """Return what is still to be read before reviews can be answered; empty where nothing is."""

    def ages_s(self) -> Mapping[str, float]:
        """Return the seconds since each type was last known to be up to date."""

    def stop(self) -> None:
        """End what reads in the background."""


class FixedContext:
    """An Inventory that does not change: a dump, or none at all."""

    def __init__(self, inventory: Inventory, missing: Mapping[str, str] = _NONE) -> None:
        self._moment = Moment(inventory, missing)

    def moment(self, namespace: str) -> Moment:
        """Return the same every time."""
        return self._moment

    def wanted(self, types: Collection[str], namespace: str) -> tuple[str, ...]:
        """There is nowhere to read from."""
        return ()

    def fetch(self, wanted: Collection[str], namespace: str, budget_s: float) -> str:
        """There is nowhere to read from."""
        return "failed"

    def why_not_ready(self) -> str:
        """It is ready."""
        return ""

    def ages_s(self) -> Mapping[str, float]:
        """A dump has no age of its own."""
        return {}

    def stop(self) -> None:
        """Nothing reads in the background."""


def no_context(selection: Selection) -> FixedContext:
    """Return the context where there is neither a cluster nor a dump: what Rules look up is missing.

    Labels of Namespaces are taken to be absent, as in a scan of a single file.
    """
    reason = "the cluster's other objects are not known; name a cluster (--context) or a dump (--inventory)"
    types = {type_ for rule in selection.rules.values() if "inventory" in rule.needs for type_ in rule.looks_up}
    return FixedContext(Inventory(), dict.fromkeys(sorted(types - {NAMESPACE}), reason))


def looked_up(selection: Selection, estate: "Estate | None") -> Mapping[str, tuple[str, ...]]:
    """Return what has to be known to judge each type: the types its wide Rules look up; with an Estate, Namespaces."""
    owners = (NAMESPACE,) if estate is not None else ()
    return {
        type_: tuple(sorted({*owners, *(found for rule in asked.wide for found in rule.looks_up)}))
        for type_, asked in selection.by_type.items()
    }
