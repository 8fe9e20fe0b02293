"""An accepted Finding: scope, reason, owner, ticket, expiry."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from scanner.model.path import Path


def current_day() -> date:
    """Return the day that it is in UTC.

    Wherever a machine is: else what a laptop accepts until midnight would be denied by a cluster on the other side of
    the world, or the other way round.
    """
    return datetime.now(UTC).date()


@dataclass(frozen=True, slots=True)
class Exemption:
    """Who accepted which Finding, why, and until when."""

    id: str
    """Stable name for reports: the ``id`` of the file entry, or ``inline:<file>:<line>``."""
    rules: tuple[str, ...]
    """Rule ids or globs (``ISO-*``)."""
    reason: str
    source: str
    """``file`` or ``inline``; SARIF's ``external`` and ``inSource``."""
    file: str
    """File it was read from, as reports print it."""
    line: int
    selector: Mapping[str, str] = field(default_factory=dict)
    """Globs on ``cluster``, ``namespace``, ``kind``, ``name``, ``tenant``, ``type`` and ``labels.<key>``;
    ``attributes`` are paths, with commas between them.
    Empty for inline ones."""
    owner: str = ""
    ticket: str = ""
    approved_by: str = ""
    expires: date | None = None
    """Last day on which it holds, in UTC."""
    resource: str = ""
    """Inline ones: key of the one Resource it stands in."""
    path: Path = ()
    """Inline ones: the attribute path it covers, with all below it."""

    def expired(self, today: date) -> bool:
        """Whether it no longer holds on ``today``."""
        return self.expires is not None and today > self.expires
