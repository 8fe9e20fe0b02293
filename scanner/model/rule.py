"""What a Rule says about itself: the front matter and body of its ``rule.md``."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from scanner.model.path import Path
from scanner.model.severity import Severity


class Scope(StrEnum):
    """Which Resources of its types a Rule concerns, by their standing in the Estate."""

    ANY = "any"
    """All of them."""
    TENANT = "tenant"
    """Those of a tenant. Platform and cluster-wide ones are ``skip``, unmapped ones ``unknown``.
    Without an Estate every namespaced one outside the ``kube-*`` namespaces counts as a tenant's."""
    NOT_PLATFORM = "not-platform"
    """All but those in the platform's namespaces."""


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One Rule: metadata, and where its code and text are. The code is loaded by its pack, on demand."""

    id: str
    title: str
    severity: Severity
    language: str
    """``python`` or ``rego``."""
    pack: str
    """Name of the Pack it came from."""
    folder: str
    """Folder of ``rule.md``, absolute."""
    applies_to: tuple[str, ...]
    """Resource types, named groups (``workloads``) already expanded."""
    reads: tuple[Path, ...]
    """Attribute paths the check reads of its own Resource; ``views.…`` paths go through a view."""
    looks_up: Mapping[str, tuple[Path, ...]]
    """Types it reads from the Inventory, and the attribute paths it reads of them."""
    needs: frozenset[str]
    """Of ``inventory``, ``estate``, ``live`` and ``clock``: context without which it cannot decide."""
    scope: Scope
    points: tuple[str, ...]
    """Enforcement points where it can run: ``gate``, ``admission``, ``audit``."""
    controls: Mapping[str, tuple[str, ...]]
    """Benchmark name → control ids."""
    equivalents: Mapping[str, tuple[str, ...]]
    """Peer name → ids of its nearest rules, for people who migrate."""
    since: str
    fix: str
    """One-line fix hint: the first sentence of *How to fix*."""
    local: frozenset[str] = frozenset()
    """Types that it decides by the Resource alone, whatever it needs for others."""
    wants: frozenset[str] = frozenset()
    """Of ``estate``: context that it decides by where there is any, and can do without."""

    placed: frozenset[str] = frozenset()
    """Types that it decides by the Resource and the Estate, whatever else it looks up for others: where it is known
    whose a Resource is when it is read, it is asked then, and nothing of it has to be kept."""
    looks_for: frozenset[str] = frozenset()
    """Those types of :attr:`looks_up` without which it fails: finding one is what it passes by."""
    weighs: tuple[Path, ...] = ()
    """Attribute paths that matter in some cases only: an Unknown there is handed to the check, which is to say unknown
    where it decides. Python only."""

    @property
    def looks_at(self) -> tuple[Path, ...]:
        """Every attribute path of its own Resource that the check may look at."""
        return self.reads + self.weighs

    @property
    def concern(self) -> str:
        """The concern it belongs to: the name of its pack folder, such as ``tenant_isolation``."""
        return self.pack.rpartition("/")[2]
