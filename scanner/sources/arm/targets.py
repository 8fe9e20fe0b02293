"""Where a deployment goes, and the ids of what it makes there.

What is not known before deployment is in braces: ``{subscription}``, ``{resourceGroup}``. The configuration can say
what they are.
"""

from dataclasses import dataclass, replace
from typing import Any, Final

from scanner.model.unknown import Unknown
from scanner.sources.arm.values import Token, braced, text_of

NOT_KNOWN: Final = "it is not known before the deployment"

RESOURCE_GROUP: Final = "resourceGroup"
SUBSCRIPTION: Final = "subscription"
MANAGEMENT_GROUP: Final = "managementGroup"
TENANT: Final = "tenant"

_MAX_SEGMENT: Final = 400
_MAX_PARTS: Final = 8
_GROUPS: Final = "/providers/Microsoft.Management/managementGroups/"


@dataclass(frozen=True, slots=True)
class Target:
    """The scope of a deployment. Each text is a value, or in braces where it is not known."""

    kind: str = RESOURCE_GROUP
    """``resourceGroup``, ``subscription``, ``managementGroup`` or ``tenant``."""
    tenant: str = "{tenant}"
    """Id of the tenant."""
    management_group: str = "{managementGroup}"
    """Name of the management group."""
    subscription: str = "{subscription}"
    """Id of the subscription."""
    resource_group: str = "{resourceGroup}"
    """Name of the resource group."""
    location: str = "{location}"
    """Region of the resource group."""

    @property
    def id(self) -> str:
        """The id of the scope; empty for the tenant."""
        if self.kind == RESOURCE_GROUP:
            return f"/subscriptions/{self.subscription}/resourceGroups/{self.resource_group}"
        if self.kind == SUBSCRIPTION:
            return f"/subscriptions/{self.subscription}"
        return f"{_GROUPS}{self.management_group}" if self.kind == MANAGEMENT_GROUP else ""

    def of_kind(self, kind: str) -> "Target":
        """Return the scope of that kind around or inside this one."""
        return self if kind == self.kind or not kind else replace(self, kind=kind)

    def moved(self, identifier: str) -> "Target":
        """Return the scope with that id, as far as the id says."""
        parts = identifier.strip("/").split("/")
        lowered = [part.lower() for part in parts]
        if not identifier.strip("/"):
            return replace(self, kind=TENANT)
        if lowered[0] == "subscriptions" and len(parts) > 1:
            same = parts[1] == self.subscription
            if len(parts) > 3 and lowered[2] == "resourcegroups":
                location = self.location if same and parts[3] == self.resource_group else "{location}"
                return replace(
                    self, kind=RESOURCE_GROUP, subscription=parts[1], resource_group=parts[3], location=location
                )
            return replace(self, kind=SUBSCRIPTION, subscription=parts[1])
        if "managementgroups" in lowered[:-1]:
            return replace(self, kind=MANAGEMENT_GROUP, management_group=parts[lowered.index("managementgroups") + 1])
        return replace(self, kind=RESOURCE_GROUP, subscription="{subscription}", resource_group="{resourceGroup}")


ANYWHERE: Final = Target()
"""A resource group of which nothing is known."""


def value_of(text: str, what: str, why: Unknown | None = None) -> Any:
    """Return ``text`` as a value: a Token where a part of it is not known."""
    if "{" not in text:
        return text
    if why is not None:
        return why.derived(text) if isinstance(why, Token) else Token(text, why.reason, why.origin)
    return Token(text, f"{what}: {NOT_KNOWN}", what)


def resource_id(base: str, full_type: str, names: list[str]) -> str:
    """Return the id of a resource: ``base`` is the id of what it is in, or of what it extends.

    ``names`` has one segment for each segment of the type after the namespace.
    """
    namespace, *kinds = full_type.split("/")
    lowered = full_type.lower()
    if lowered == "microsoft.resources/resourcegroups" and base.lower().startswith("/subscriptions/"):
        return f"/{'/'.join(base.split('/')[1:3])}/resourceGroups/{names[-1]}"
    if lowered == "microsoft.management/managementgroups":
        return f"{_GROUPS}{names[-1]}"
    if lowered == "microsoft.resources/subscriptions":
        return f"/subscriptions/{names[-1]}"
    steps = "/".join(f"{kind}/{name}" for kind, name in zip(kinds, names, strict=False))
    return f"{base}/providers/{namespace}/{steps}"


def segment(text: str) -> str:
    """Return ``text`` as a segment of an id: never empty, and of bounded length."""
    return text if 0 < len(text) <= _MAX_SEGMENT else braced(text or "empty")


def names_of(value: Any, count: int) -> list[str]:
    """Return the ``count`` segments of a name; where it cannot be split they are numbered."""
    text = text_of(value)
    parts = [segment(part) for part in text.split("/", count + _MAX_PARTS)]
    if len(parts) == count or count < 1:
        return parts
    if len(parts) == 1 and isinstance(value, Unknown):
        inside = text.replace("{", "").replace("}", "")
        return [f"{{{inside}[{index}]}}" for index in range(count)]
    return [*parts[: count - 1], "|".join(parts[count - 1 :])] if len(parts) > count else parts
