"""Bulkhead: policy as code and compliance for multi-tenant estates.

This is the public API, name by name. Names load on first use, so that ``import scanner`` (and with it
``bulkhead --version``) pays for nothing else.
"""

from typing import Any

__version__ = "0.3.0"

_EXPORTS = {
    "Estate": "scanner.estate",
    "Exemption": "scanner.model.exemption",
    "Finding": "scanner.model.finding",
    "Inventory": "scanner.inventory",
    "Location": "scanner.model.location",
    "Path": "scanner.model.path",
    "Report": "scanner.report",
    "Resource": "scanner.model.resource",
    "Rule": "scanner.model.rule",
    "Severity": "scanner.model.severity",
    "Tenancy": "scanner.model.tenancy",
    "Unknown": "scanner.model.unknown",
    "Verdict": "scanner.model.verdict",
    "scan": "scanner.scan",
}

__all__ = ["__version__", *sorted(_EXPORTS)]


def __getattr__(name: str) -> Any:
    """Load an exported name on first use (PEP 562)."""
    module = _EXPORTS.get(name)
    if module is None:
        raise AttributeError(f"module 'scanner' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(module), name)
    globals()[name] = value
    return value
