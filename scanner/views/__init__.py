"""Views: ideas that span types, as plain functions over one Resource.

Every item knows its attribute path, so that a Finding points at the right line. Rules import these; Rego rules get the
same items as ``input.views``.
"""

from scanner.views.pods import ContainerView, PodView, containers, pod
from scanner.views.selectors import selects

__all__ = ["ContainerView", "PodView", "containers", "pod", "selects"]
