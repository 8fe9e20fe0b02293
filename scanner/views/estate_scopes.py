"""The scopes of Azure as the Estate names them: ``sub-erp-prod``, ``sub-erp-prod/rg-erp-*``, ``acrerpprd01``, ids."""

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

from scanner.views import azure_ids


def is_allowed(scope: str, patterns: Iterable[str], subscription: str = "") -> bool:
    """Return whether one of ``patterns`` names the id ``scope``.

    ``subscription`` is the name of the subscription it is in, empty where that is not declared. Case does not count,
    and a glob in one segment stays in that segment.
    """
    texts = [text.lower() for text in _texts(scope, subscription)]
    return any(_fits(text, pattern.lower()) for text in texts for pattern in patterns)


def _texts(scope: str, subscription: str) -> Iterator[str]:
    """Every way to name ``scope``."""
    yield scope
    parsed = azure_ids.parse(scope)
    if parsed is None:
        return
    for start in {subscription, parsed.subscription} - {""}:
        if not parsed.group:
            if not parsed.type:
                yield start
        elif not parsed.type:
            yield f"{start}/{parsed.group}"
        else:
            yield f"{start}/{parsed.group}/{'/'.join(parsed.names)}"
    if parsed.type:
        yield parsed.names[-1]


def _fits(text: str, pattern: str) -> bool:
    segments, wanted = text.strip("/").split("/"), pattern.strip("/").split("/")
    return len(segments) == len(wanted) and all(map(fnmatchcase, segments, wanted))
