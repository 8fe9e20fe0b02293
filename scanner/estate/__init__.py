"""The Estate: what should be true, declared in ``estate.yaml``.

Names load on first use: the consistency rules and the loader are not needed to evaluate a Rule.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scanner.estate.effective import Effective
    from scanner.estate.estate import Estate, estate_of
    from scanner.estate.fault import Inconsistency
    from scanner.estate.load import load_estate
    from scanner.estate.resolve import NamespaceName
    from scanner.estate.validate import consistency

_EXPORTS = {
    "Effective": "scanner.estate.effective",
    "Estate": "scanner.estate.estate",
    "Inconsistency": "scanner.estate.fault",
    "NamespaceName": "scanner.estate.resolve",
    "consistency": "scanner.estate.validate",
    "estate_of": "scanner.estate.estate",
    "load_estate": "scanner.estate.load",
}

__all__ = [
    "Effective",
    "Estate",
    "Inconsistency",
    "NamespaceName",
    "consistency",
    "estate_of",
    "load_estate",
]


def __getattr__(name: str) -> Any:
    """Load an exported name on first use (PEP 562)."""
    module = _EXPORTS.get(name)
    if module is None:
        raise AttributeError(f"module 'scanner.estate' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(module), name)
    globals()[name] = value
    return value
