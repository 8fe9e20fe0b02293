"""Which Exemptions nothing needs: only where everything was looked at that they could be for.

A scan of a part of a repository, or with a part of the rules, says nothing of what it did not look at.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from scanner.model.exemption import Exemption


@dataclass(frozen=True, slots=True)
class Sight:
    """What a run has looked at."""

    rules: Collection[str]
    """Ids of all Rules there are."""
    asked: Collection[str]
    """Ids of those that were asked in this run."""
    is_whole: Callable[[str], bool] = lambda file: True
    """Whether everything was read that a file of Exemptions, as reports print it, could be for."""

    def would_show(self, exemption: Exemption) -> bool:
        """Whether this run would have found whatever ``exemption`` is for.

        A comment is for the Resource it stands in, which was read with it.
        """
        meant = {rule for rule in self.rules if any(fnmatchcase(rule, glob.upper()) for glob in exemption.rules)}
        if not meant or not meant.issubset(self.asked):
            return False
        return bool(exemption.resource) or self.is_whole(exemption.file)


def divided(exemptions: Iterable[Exemption], sight: Sight) -> tuple[tuple[Exemption, ...], tuple[Exemption, ...]]:
    """Return those of ``exemptions``, which cover no Finding, that are unused, and those that nobody can say it of."""
    unused: list[Exemption] = []
    unseen: list[Exemption] = []
    for exemption in exemptions:
        (unused if sight.would_show(exemption) else unseen).append(exemption)
    return tuple(unused), tuple(unseen)
