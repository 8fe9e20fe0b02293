"""One failing or unknown verdict, with everything a person needs to act on it."""

from dataclasses import dataclass, replace
from typing import NamedTuple

from scanner.model.exemption import Exemption
from scanner.model.location import Location
from scanner.model.path import Path
from scanner.model.severity import Severity
from scanner.model.tenancy import UNDECLARED, Tenancy
from scanner.model.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that plays a part in a Finding: another Resource, or one that the deciding value came through."""

    resource: str
    """Key of that Resource; empty for a place of the same one, such as the call of the module it stands in."""
    message: str
    """Its part in the matter, a few words: "this NetworkPolicy admits it", "var.tls is set here"."""
    location: Location


class Difference(NamedTuple):
    """What a Finding of drift is about: the two sides, and what would bring them together. No secrets."""

    attribute: str
    """Path of the attribute, elements by their names; empty where it is the whole Resource."""
    declared: str
    """As text, of objects and lists as JSON on several lines; empty where nothing is declared."""
    live: str
    """Likewise."""
    standing: str = ""
    """Where it stands between what is declared, applied and live; empty where that is not known."""
    cause: str = ""
    """Who wrote it last; empty where that is not known."""
    remedy: str = ""
    """What a person may run to restore what is declared, commands between backticks."""
    method: str = ""
    """How the object of a cluster was compared: ``dry run``, or ``approximate``; empty for all else."""


class Occurrence(NamedTuple):
    """One of the Resources that a Finding is about, where one declaration stands for several."""

    resource: str
    """Key of the Resource."""
    address: str
    """Its declared address: ``module.tenant["a"].azurerm_storage_account.this``."""
    fingerprint: str
    """Hash of rule id, resource key and tag: of this one alone."""
    tenancy: Tenancy
    content: str = ""
    """As :attr:`Finding.content`, of this one alone."""


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
    """Hash of rule id, resource key and tag, 32 hexadecimal digits; of several occurrences, of what they share."""
    tenancy: Tenancy = UNDECLARED
    related: tuple[Related, ...] = ()
    exemption: Exemption | None = None
    address: str = ""
    """Declared address of the Resource, where its input language has one (Terraform)."""
    declared: str = ""
    """See :attr:`scanner.model.location.Origin.declared`."""
    occurrences: tuple[Occurrence, ...] = ()
    """All Resources it is about, sorted by address, where they are several instances of one declaration; the Finding's
    own ``resource`` is the first of them."""
    difference: Difference | None = None
    """What drifted, where it is about drift."""
    content: str = ""
    """Digest of what it is about in substance: Rule, type and name of the Resource, and what the Rule reads of it.
    The same where a Resource was only moved; of several occurrences, that of the first."""

    @property
    def path(self) -> Path:
        """Attribute path the Finding points at."""
        return self.location.path

    @property
    def tenants(self) -> tuple[str | None, ...]:
        """Ids of the tenants it concerns, each once; None stands for Resources that are no tenant's."""
        if not self.occurrences:
            return (self.tenancy.tenant,)
        return tuple(dict.fromkeys(occurrence.tenancy.tenant for occurrence in self.occurrences))

    def with_exemption(self, exemption: Exemption) -> "Finding":
        """Return this Finding as accepted by ``exemption``."""
        return replace(self, exemption=exemption)
