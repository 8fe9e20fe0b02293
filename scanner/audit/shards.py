"""The share of one Pod where several share an audit: one cluster each, and one of them Azure.

Rules look across the objects of one cluster, and across all of Azure; so these are what can be read apart.
"""

import re
from collections.abc import Sequence

from scanner.errors import UsageError

_SHARD = re.compile(r"(\d{1,4})/(\d{1,4})", re.ASCII)


def share(text: str, clusters: Sequence[str], azure: Sequence[str]) -> tuple[str, ...]:
    """Return which of ``clusters`` and of the scopes of ``azure`` the share ``I/N`` reads; ``I`` counts from 0.

    Whatever ``N`` is, every cluster is in exactly one share, and all of ``azure`` is in one, the last that has
    anything. Empty where there are more shares than things to read. Raises UsageError.
    """
    match = _SHARD.fullmatch(text)
    index, number = (int(match[1]), int(match[2])) if match else (0, 0)
    if index >= number:
        raise UsageError(f"cannot read share '{text}'", hint="write --shard I/N, I from 0 to N-1, such as --shard 0/3")
    parts: list[tuple[str, ...]] = [(cluster,) for cluster in clusters]
    if azure:
        parts.append(tuple(azure))
    return tuple(name for part in parts[index::number] for name in part)
