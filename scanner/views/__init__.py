"""Views: ideas that span types, as plain functions over one Resource.

Every item knows its attribute path, so that a Finding points at the right line. Rules import these; Rego rules get Pods
and containers as ``input.views``. Names load on first use: a scan pays for the views of the rules that it runs.
"""

from typing import TYPE_CHECKING, Any

from scanner.views.pods import ContainerView, PodView, containers, pod
from scanner.views.selectors import selects

if TYPE_CHECKING:
    from scanner.views.bindings import SubjectView, holder_of, subjects
    from scanner.views.cron import longest_gap_s
    from scanner.views.default_deny import missing_default_deny
    from scanner.views.go_durations import parse_go_duration
    from scanner.views.namespaces import NAME_LABEL, owner_of, tenancy_of
    from scanner.views.quantities import parse_quantity
    from scanner.views.routes import (
        ClaimView,
        HostView,
        ReferenceView,
        claims,
        hosts,
        references,
        unreadable,
    )
    from scanner.views.shapes import found, label_selector, listed, mapping, sequence, text, texts
    from scanner.views.tags import tag, why_untagged

__all__ = [
    "NAME_LABEL",
    "ClaimView",
    "ContainerView",
    "HostView",
    "PodView",
    "ReferenceView",
    "SubjectView",
    "claims",
    "containers",
    "found",
    "holder_of",
    "hosts",
    "label_selector",
    "listed",
    "longest_gap_s",
    "mapping",
    "missing_default_deny",
    "owner_of",
    "parse_go_duration",
    "parse_quantity",
    "pod",
    "references",
    "selects",
    "sequence",
    "subjects",
    "tag",
    "tenancy_of",
    "text",
    "texts",
    "unreadable",
    "why_untagged",
]

_MODULES = {
    "tags": ("tag", "why_untagged"),
    "cron": ("longest_gap_s",),
    "go_durations": ("parse_go_duration",),
    "default_deny": ("missing_default_deny",),
    "namespaces": ("NAME_LABEL", "owner_of", "tenancy_of"),
    "quantities": ("parse_quantity",),
    "routes": ("HostView", "ReferenceView", "ClaimView", "claims", "hosts", "references", "unreadable"),
    "shapes": ("found", "label_selector", "listed", "mapping", "sequence", "text", "texts"),
    "bindings": ("SubjectView", "holder_of", "subjects"),
}


def __getattr__(name: str) -> Any:
    """Load an exported name on first use (PEP 562)."""
    for module, names in _MODULES.items():
        if name in names:
            from importlib import import_module

            value = getattr(import_module(f"{__name__}.{module}"), name)
            globals()[name] = value
            return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
