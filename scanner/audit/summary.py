"""What is left of a page once it has been judged for an audit: numbers, findings, what the second phase looks at."""

from collections import defaultdict
from collections.abc import Container, Iterator, Mapping
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

from scanner.audit.kept_row import KeptRow, key_of, row_of
from scanner.audit.names import Digests, digests_of
from scanner.engine.pages import PageVerdicts
from scanner.engine.wide import WideVerdicts
from scanner.model.verdict import Verdict, verdict_of_code
from scanner.report import Counted
from scanner.views import azure_ids

KEY_BYTES = 16
"""Size of the digest that stands for a Resource's key."""
_HOME_BYTES = 4

Alike = tuple[tuple[str, ...], bytes]
"""Ids of Rules, and one Verdict code for each: Resources that got the same verdicts."""


class Number(NamedTuple):
    """Resources that got the same verdicts, as numbers."""

    resources: int
    sum: int
    """Sum of the digests of their keys: the same in whatever order, and on whatever pages, they were read."""


class Summary(NamedTuple):
    """One page's outcome, small enough to be sent back and kept."""

    verdicts: PageVerdicts
    """Its ``judged`` and ``retained`` are empty."""
    groups: Mapping[Alike, tuple[bytes, ...]]
    """Digests of the keys of the Resources that got the same verdicts."""
    scopes: frozenset[str] = frozenset()
    """Clusters by name and subscriptions by id, lower case, that Resources were read of."""
    names: Digests = ()
    kept: tuple[KeptRow, ...] = ()
    """What the second phase will look at."""

    def keys(self) -> Iterator[bytes]:
        """Yield the digest of every Resource's key."""
        for digests in self.groups.values():
            yield from digests

    def without(self, repeated: Container[bytes]) -> "Summary":
        """Return this Summary without the Resources that another page has given already."""
        groups = {
            alike: tuple(digest for digest in digests if digest not in repeated)
            for alike, digests in self.groups.items()
        }
        verdicts = self.verdicts
        return Summary(
            verdicts._replace(
                findings=tuple(one for one in verdicts.findings if digest_of(one.resource) not in repeated),
                failures=tuple(one for one in verdicts.failures if digest_of(one.resource) not in repeated),
            ),
            groups,
            self.scopes,
            self.names,
            tuple(row for row in self.kept if digest_of(key_of(row)) not in repeated),
        )

    def numbers(self) -> dict[Alike, Number]:
        """Return the groups as numbers: what is kept of them."""
        return {alike: Number(len(digests), sum(map(_number, digests))) for alike, digests in self.groups.items()}


def digest_of(key: str) -> bytes:
    """Return what stands for the key of a Resource.

    It begins with where the Resource is, so that what is on one page is side by side in an index over millions.
    """
    home = "/".join(key.split("/", 3)[:3])
    return _home(home) + blake2b(key.encode("utf-8", "backslashreplace"), digest_size=KEY_BYTES - _HOME_BYTES).digest()


@lru_cache(1_024)
def _home(home: str) -> bytes:
    """Return what stands for a subscription, or for a kind in a cluster."""
    return blake2b(home.encode("utf-8", "backslashreplace"), digest_size=_HOME_BYTES).digest()


def summary_of_page(verdicts: PageVerdicts) -> Summary:
    """Return what is left of a page of the first phase; a Resource that it has twice counts once."""
    groups: defaultdict[Alike, list[bytes]] = defaultdict(list)
    seen: set[bytes] = set()
    scopes: set[str] = set()
    for judged in verdicts.judged:
        scopes.add(judged.cluster or azure_ids.subscription_guid(judged.key))
        digest = digest_of(judged.key)
        if digest not in seen:
            seen.add(digest)
            groups[(judged.rules, judged.codes)].append(digest)
    named = {alike: tuple(found) for alike, found in groups.items()}
    names = digests_of(verdicts.judged)
    kept = tuple(map(row_of, verdicts.retained))
    return Summary(verdicts._replace(judged=(), retained=()), named, frozenset(scopes - {""}), names, kept)


def summary_of_wide(wide: WideVerdicts) -> Summary:
    """Return what is left of a stretch of the second phase."""
    groups: defaultdict[Alike, list[bytes]] = defaultdict(list)
    for verdict in wide.verdicts:
        groups[(verdict.rules, verdict.codes)].append(digest_of(verdict.resource.key))
    verdicts = PageVerdicts((), wide.findings, wide.failures, (), wide.labels, (), (), ())
    return Summary(verdicts, {alike: tuple(found) for alike, found in groups.items()})


class Tally:
    """Adds up the numbers of all pages."""

    def __init__(self) -> None:
        self._numbers: dict[Alike, Number] = {}

    def add(self, numbers: Mapping[Alike, Number]) -> None:
        """Add the numbers of a page."""
        for alike, number in numbers.items():
            before = self._numbers.get(alike, Number(0, 0))
            self._numbers[alike] = Number(before.resources + number.resources, before.sum + number.sum)

    def counted(self, resources: int) -> Counted:
        """Return all verdicts as numbers; ``resources`` were judged."""
        verdicts: defaultdict[str, dict[Verdict, int]] = defaultdict(dict)
        sums: defaultdict[str, int] = defaultdict(int)
        for (rules, codes), number in sorted(self._numbers.items()):
            for rule, code in zip(rules, codes, strict=True):
                verdict = verdict_of_code(code)
                verdicts[rule][verdict] = verdicts[rule].get(verdict, 0) + number.resources
                if verdict is Verdict.PASS:
                    sums[rule] += number.sum
        return Counted(resources, dict(sorted(verdicts.items())), _evidence(sums))


def _evidence(sums: Mapping[str, int]) -> dict[str, str]:
    return {rule: blake2b(f"{rule}\0{total}".encode(), digest_size=32).hexdigest() for rule, total in sums.items()}


def _number(digest: bytes) -> int:
    return int.from_bytes(digest, "big")
