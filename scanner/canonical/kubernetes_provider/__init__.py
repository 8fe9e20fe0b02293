"""Terraform's Kubernetes providers: ``kubernetes_*`` resources, raw manifests and Helm releases, in the API's shape.

Blocks become objects, repeated blocks become the API's lists, snake case becomes camel case; what does not follow from
those three is data in :mod:`scanner.canonical.kubernetes_provider.kinds` and ``.names``.
"""

from scanner.canonical.kubernetes_provider.helm import helm_release
from scanner.canonical.kubernetes_provider.manifests import manifest_objects
from scanner.canonical.kubernetes_provider.objects import translate_object

__all__ = ["helm_release", "manifest_objects", "translate_object"]
