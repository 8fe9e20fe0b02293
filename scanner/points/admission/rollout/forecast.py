"""What is in the cluster already and would be denied if it were made today.

A stored object is held only to what a change of it introduces. But the Pods of a Deployment are made anew at its next
roll-out, so whatever would be denied as new is what breaks first.
"""

from collections.abc import Iterable
from typing import NamedTuple

from scanner.model.resource import Resource
from scanner.points.admission.decision import Decided
from scanner.points.admission.policy import Action
from scanner.points.admission.request import CREATE, AdmissionRequest
from scanner.points.admission.reviewer import Reviewer

_BUDGET_S = 60.0


class Foreseen(NamedTuple):
    """One object that would be denied."""

    resource: str
    """Key."""
    title: str
    denied: tuple[Decided, ...]


def foresee(reviewer: Reviewer, resources: Iterable[Resource]) -> tuple[int, tuple[Foreseen, ...]]:
    """Return how many of ``resources`` were asked about, and those that would be denied as new, by key.

    What a controller has made is left out: its controller is what has to change.
    """
    asked, found = 0, []
    for resource in resources:
        concerned = reviewer.selection.of(resource.type)
        if not (concerned.local or concerned.wide) or _is_controlled(resource):
            continue
        asked += 1
        decision = reviewer.decide(_request(resource), _BUDGET_S)
        denied = decision.of(Action.DENY)
        if denied:
            found.append(Foreseen(resource.key, decision.title, denied))
    return asked, tuple(sorted(found))


def _is_controlled(resource: Resource) -> bool:
    owners = resource.value("metadata", "ownerReferences", default=())
    return isinstance(owners, list) and any(isinstance(owner, dict) and owner.get("controller") for owner in owners)


def _request(resource: Resource) -> AdmissionRequest:
    return AdmissionRequest(
        uid="simulated",
        operation=CREATE,
        type=resource.type,
        api_version=str(resource.attributes.get("apiVersion", "v1")),
        resource=resource.kind.lower(),
        subresource="",
        asked_as="",
        namespace=resource.namespace,
        name=resource.name,
        object=resource.attributes,
        old=None,
        dry_run=True,
        user="",
        groups=(),
    )
