"""One failing or unknown verdict, with everything a person needs to act on it."""

from dataclasses import dataclass, replace

from scanner.model.exemption import Exemption
from scanner.model.location import Location
from scanner.model.path import Path
from scanner.model.severity import Severity
from scanner.model.tenancy import UNDECLARED, Tenancy
from scanner.model.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Related:
    """The other Resource in a cross-resource Finding."""

    resource: str
    """Key of that Resource."""
    message: str
    """Its part in the matter, a few words: "this NetworkPolicy admits it"."""
    location: Location


@dataclass(frozen=True, slots=True)
class Finding:
    """One (Rule, Resource, place) that fails or is unknown."""

    rule: str
    """Rule id."""
    severity: Severity
    verdict: Verdict
    """``fail``, ``unknown`` or ``error``."""
    resource: str
    """Key of the Resource."""
    type: str
    """Type of the Resource."""
    message: str
    """One sentence: the fact and the expectation. No line numbers, list indexes or secrets."""
    location: Location
    tag: str = ""
    """Tells apart several Findings of one Rule on one Resource; survives reordering of lists."""
    fingerprint: str = ""
    """Hash of rule id, resource key and tag: 32 hexadecimal digits."""
    tenancy: Tenancy = UNDECLARED
    related: tuple[Related, ...] = ()
    exemption: Exemption | None = None

    @property
    def path(self) -> Path:
        """Attribute path the Finding points at."""
        return self.location.path

    def with_exemption(self, exemption: Exemption) -> "Finding":
        """Return this Finding as accepted by ``exemption``."""
        return replace(self, exemption=exemption)
