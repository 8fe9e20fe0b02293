"""A webhook as it is registered: read from a manifest or from a cluster, and what it matches."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from scanner.points.admission.registration import Delivery

KIND = "ValidatingWebhookConfiguration"
TYPE = f"admissionregistration.k8s.io/{KIND}"
_DOMAIN = ".admission.bulkhead.dev"


class Hook(NamedTuple):
    """One webhook of one registration."""

    registration: str
    """Name of its ValidatingWebhookConfiguration."""
    name: str
    spec: Mapping[str, Any]
    annotations: Mapping[str, Any]

    @property
    def blocks(self) -> bool:
        """Whether requests fail where it does not answer (``Fail`` is the default of v1)."""
        return str(self.spec.get("failurePolicy", "Fail")) == "Fail"

    def matches(self, wanted: Delivery) -> bool:
        """Whether the API server sends this for review, whatever the namespace and the object."""
        return any(_matches(rule, wanted) for rule in _mappings(self.spec.get("rules")))

    def left_out(self) -> tuple[str, ...]:
        """Return the namespaces that are left out by the name that the API server gives them."""
        found: list[str] = []
        for expression in self.expressions("namespaceSelector"):
            values = expression.get("values")
            is_name = expression.get("key") == "kubernetes.io/metadata.name"
            if is_name and expression.get("operator") == "NotIn" and isinstance(values, list):
                found += [str(value) for value in values]
        return tuple(found)

    def expressions(self, selector: str) -> Iterator[Mapping[str, Any]]:
        """Yield the requirements of ``namespaceSelector`` or ``objectSelector``; ``matchLabels`` as expressions."""
        found = self.spec.get(selector)
        if not isinstance(found, dict):
            return
        labels = found.get("matchLabels")
        for key, value in labels.items() if isinstance(labels, dict) else ():
            yield {"key": key, "operator": "In", "values": [value]}
        yield from _mappings(found.get("matchExpressions"))


def hooks_in(objects: Iterable[Mapping[str, Any]], *, all_of_them: bool = False) -> tuple[Hook, ...]:
    """Return our webhooks in registrations among ``objects``; with ``all_of_them`` those of others too."""
    found: list[Hook] = []
    for value in objects:
        if value.get("kind") != KIND:
            continue
        metadata = value.get("metadata")
        metadata = metadata if isinstance(metadata, dict) else {}
        annotations = metadata.get("annotations")
        for spec in _mappings(value.get("webhooks")):
            name = str(spec.get("name", ""))
            if all_of_them or name.endswith(_DOMAIN):
                labels = annotations if isinstance(annotations, dict) else {}
                found.append(Hook(str(metadata.get("name", "")), name, spec, labels))
    return tuple(found)


def _matches(rule: Mapping[str, Any], wanted: Delivery) -> bool:
    """Source: k8s.io/apiserver ``pkg/admission/plugin/webhook/predicates/rules``."""
    resource, _, subresource = wanted.resource.partition("/")
    return (
        _has(rule.get("apiGroups"), wanted.group)
        and _has(rule.get("operations"), wanted.operation)
        and any(_covers(str(one), resource, subresource) for one in rule.get("resources") or ())
    )


def _covers(pattern: str, resource: str, subresource: str) -> bool:
    wanted_resource, _, wanted_subresource = pattern.partition("/")
    return wanted_resource in ("*", resource) and (wanted_subresource in ("*", subresource))


def _has(values: Any, wanted: str) -> bool:
    return isinstance(values, list) and ("*" in values or wanted in values)


def _mappings(value: Any) -> Iterator[Mapping[str, Any]]:
    return (one for one in value if isinstance(one, dict)) if isinstance(value, list) else iter(())
