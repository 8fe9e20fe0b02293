"""Exemptions that the Estate itself declares."""

from typing import TYPE_CHECKING

from scanner.exemptions.files import alternatives
from scanner.model.exemption import Exemption

if TYPE_CHECKING:
    from scanner.estate import Estate


def items_of_estate(estate: "Estate") -> tuple[Exemption, ...]:
    """Return the Estate's exemptions; those that last longer than the Estate permits are left out.

    Their rules may be ordinary Rules too: the scope selects Resources by tenant, environment, cluster and namespace.
    The consistency rules of the Estate tell of those that were left out.
    """
    longest = estate.exemptions.max_days
    found = []
    for index, item in enumerate(estate.exemptions.items):
        if (item.expires - item.approved).days > longest:
            continue
        place = estate.place(("exemptions", "items", index))
        found.append(
            Exemption(
                id=item.id,
                rules=item.rules,
                reason=item.reason,
                source="file",
                file=place.file,
                line=place.line or 1,
                selector={key: alternatives(values) for key, values in item.scope.items()},
                owner=item.owner,
                ticket=item.ticket,
                approved_by=item.approver,
                expires=item.expires,
            )
        )
    return tuple(found)
