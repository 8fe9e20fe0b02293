"""Whose the words of a Report are, where the Report itself does not name every Resource there is.

An audit remembers a Resource without Findings as a number. What a tenant reads must not name it all the same where it
is somebody else's. So every page leaves digests of the names on it, and those are compared with the words of the
Report at the end: memory grows with what is said, not with the estate.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from typing import TYPE_CHECKING, TypeAlias

from scanner.model.finding import Finding
from scanner.model.judged import Judged
from scanner.report import Report
from scanner.report.names import Names, words_in

if TYPE_CHECKING:
    from scanner.estate import Estate

_SIZE = 8
"""Bytes of a digest. Two names that share one only cost a word that need not have been withheld."""

Digests: TypeAlias = tuple[tuple[str | None, bytes], ...]
"""(Id of a tenant, None for nobody's; digests of the names in the keys of its Resources, one after the other)."""


def digests_of(judged: Iterable[Judged]) -> Digests:
    """Return the digests of the names on a page, each once for every tenant that has it."""
    names: defaultdict[str | None, set[str]] = defaultdict(set)
    for one in judged:
        names[one.tenancy.tenant].update(one.key.lower().split("/"))
    return tuple((tenant, b"".join(sorted(map(_digest, found)))) for tenant, found in names.items())


def names_in(report: Report, estate: "Estate", pages: Iterable[Digests]) -> Names:
    """Return whose the words of ``report`` are: as the Estate, its Findings and ``pages`` know."""
    names = Names.of(estate)
    names.add_findings(report.findings)
    said = {_digest(word): word for text in _texts(report) for word in words_in(text)}
    for page in pages:
        for tenant, digests in page:
            for start in range(0, len(digests), _SIZE):
                word = said.get(digests[start : start + _SIZE])
                if word is not None:
                    names.add_resource(word, tenant)
    return names


def _digest(name: str) -> bytes:
    return blake2b(name.encode("utf-8", "backslashreplace"), digest_size=_SIZE).digest()


def _texts(report: Report) -> Iterator[str]:
    """Yield every text of ``report`` that a tenant may get to read."""
    for finding in report.findings:
        yield from _texts_of(finding)
        yield from finding.difference or ()
    for moments in report.timelines.values():
        yield from (moment.what for moment in moments)
    for entry in report.ledger:
        yield from (entry.input, entry.reason)


def _texts_of(finding: Finding) -> Iterator[str]:
    yield from (finding.message, finding.tag)
    places = [finding.location]
    for related in finding.related:
        yield related.message
        places.append(related.location)
    for place in places:
        yield place.file
        yield from (step for step in place.path if isinstance(step, str))
    if (accepted := finding.exemption) is not None:
        yield from (accepted.id, accepted.reason, accepted.file)
        yield from (accepted.owner, accepted.ticket, accepted.approved_by)
