"""What a plan or state says of providers: their local name, and the major version that a constraint allows."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

_CLAUSE = re.compile(r"\s*(~>|>=|<=|!=|=|>|<)?\s*v?(\d+)(?:\.(\d+))?(?:\.(\d+))?[^,]*\Z")
_IN_STATE = re.compile(r'provider(?:\.|\["?)([^"\]]+)')
_MAJORS = range(21)


class Providers:
    """The provider configurations of a plan."""

    def __init__(self, configuration: Mapping[str, Any]) -> None:
        found = configuration.get("provider_config")
        self._configured: Mapping[str, Any] = found if isinstance(found, dict) else {}
        self._by_name: dict[str, str] = {}
        for one in self._configured.values():
            if isinstance(one, dict) and isinstance(one.get("version_constraint"), str):
                for name in (one.get("full_name"), one.get("name")):
                    if isinstance(name, str):
                        self._by_name.setdefault(name, one["version_constraint"])

    def major(self, key: str, provider: str) -> int | None:
        """Return the major version for a resource that uses the configuration ``key`` of ``provider`` (full name)."""
        configured = self._configured.get(key)
        constraint = configured.get("version_constraint") if isinstance(configured, dict) else None
        if not isinstance(constraint, str):
            constraint = self._by_name.get(provider) or self._by_name.get(local_name(provider), "")
        return allowed_major(constraint)


@lru_cache(1000)
def local_name(provider: str) -> str:
    """Return ``azurerm`` for ``registry.terraform.io/hashicorp/azurerm`` and ``provider["…/azurerm"].alias``."""
    match = _IN_STATE.search(provider)
    return (match[1] if match else provider).rpartition("/")[2].partition(".")[0]


@lru_cache(100)
def allowed_major(constraint: str) -> int | None:
    """Return the one major version that a constraint such as ``~> 3.0, != 3.1`` allows; None where there are more."""
    clauses = [_CLAUSE.match(clause) for clause in constraint.split(",")]
    if not constraint.strip() or None in clauses:
        return None
    allowed = [major for major in _MAJORS if all(clause and _admits(clause, major) for clause in clauses)]
    return allowed[0] if len(allowed) == 1 else None


def _admits(clause: re.Match[str], major: int) -> bool:
    """Whether any version with this major satisfies a clause."""
    operator, *digits = clause.groups()
    wanted = int(digits[0])
    lowest = all(digit is None or not int(digit) for digit in digits[1:])
    if operator in (None, "=", "~>"):
        return major == wanted
    if operator == "<":
        return major < wanted or (major == wanted and not lowest)
    return {"!=": True, ">=": major >= wanted, ">": major >= wanted, "<=": major <= wanted}[operator]
