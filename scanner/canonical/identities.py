"""Names and ids of Terraform's instances, and what a reference to one of their attributes means.

An id is composed before the resource exists; what is not known is a segment in braces, and the same unknown gives the
same text, so that ids compare. The evaluator hands on one and the same ``Unknown`` object wherever one value goes, so
object identity tells that two segments are equal although neither is known.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from scanner.canonical.instance import Instance
from scanner.canonical.templates import ROLE
from scanner.canonical.type_map import Parent, TypeMap, type_map
from scanner.model.unknown import Unknown
from scanner.views import azure_ids

SUBSCRIPTION = "{subscription}"
_MOST_STEPS = 50
"""References from one id to the next that are followed; nothing in Azure is nested that deep."""
RESOURCE_GROUP_TYPE = "Microsoft.Resources/resourceGroups"


class Identity(NamedTuple):
    """Who an instance is in ARM."""

    name: str
    """All segments."""
    id: str
    parent: Unknown | None
    """Why the parent (or the target of an extension) is not known; None where the id says it."""
    real: bool
    """Whether the provider gave the id: the resource exists."""


class Pointed(NamedTuple):
    """What an instance points at: its parent, or what it changes."""

    id: str
    """In braces what is not known."""
    unknown: Unknown | None
    """Why it is not known which; None where the id says it."""


class Identities:
    """All instances of one root, by address; identities are composed when they are first asked for."""

    def __init__(self, instances: Iterable[Instance]) -> None:
        self._by_address: dict[str, Instance] = {}
        self._known: dict[str, Identity | None] = {}
        self._texts: dict[int, tuple[Unknown, str]] = {}  # holds the object, so that its id() stays its own
        self._by_name: dict[tuple[str, str], list[Instance]] | None = None
        self._roles: dict[str, Instance] | None = None
        self._meanings: dict[str, Any] = {}
        self._depth = 0
        self._subscriptions: dict[str, str] = {}
        for instance in instances:
            if instance.type == "provider" and instance.address.startswith("provider."):
                self._state_subscription(instance)
            self._by_address[instance.address] = instance
            name = instance.attributes.get("name")
            if isinstance(name, Unknown) and not name.origin:
                self._texts.setdefault(id(name), (name, _braced(instance.address)))

    def of(self, instance: Instance) -> Identity | None:
        """Return the identity of an instance; None where its type has no ARM object of its own."""
        address = instance.address
        if address in self._known:
            return self._known[address]
        if self._depth == _MOST_STEPS:
            return None
        self._known[address] = None  # a reference back to itself finds nothing
        self._depth += 1
        found = self._compose(instance)
        self._depth -= 1
        self._known[address] = found
        return found

    def resolve(self, unknown: Unknown) -> Any:
        """Return what a reference means: an id, or an exported attribute's text; else ``unknown`` itself."""
        origin = unknown.origin
        if not origin or ("." not in origin and not origin.startswith(ROLE)):
            return unknown
        if origin not in self._meanings:
            self._meanings[origin] = self._meaning(origin)
        meaning = self._meanings[origin]
        return unknown if meaning is None else meaning

    def stand(self, unknown: Unknown, address: str, attribute: str) -> str:
        """Return the text in braces for an Unknown that ``attribute`` of ``address`` holds."""
        if unknown.origin:
            return _braced(unknown.origin)
        return self._texts.setdefault(id(unknown), (unknown, _braced(f"{address}.{attribute}")))[1]

    def subscription(self, instance: Instance) -> str:
        """Return the segment of the subscription: what the provider configuration says, else one of its own."""
        alias = instance.meta.get("provider_alias")
        stated = self._subscriptions.get(str(alias or ""))
        if stated is not None:
            return stated
        return f"{{subscription of {_plain(str(alias))}}}" if alias else SUBSCRIPTION

    def _state_subscription(self, provider: Instance) -> None:
        """Keep what a provider configuration of the root says of its subscription."""
        stated = provider.attributes.get("subscription_id")
        if provider.name == "azurerm" and isinstance(stated, str) and stated:
            self._subscriptions[str(provider.attributes.get("alias") or "")] = stated

    def _meaning(self, origin: str) -> Any:
        if origin.startswith(ROLE):
            return self._custom_role(origin.removeprefix(ROLE).lower())
        reference, below_id, rest = origin.partition(".id/")
        if below_id:
            outer = self.resolve(Unknown("known after apply", f"{reference}.id"))
            return None if isinstance(outer, Unknown) else f"{outer}/{rest}"
        address, _, attribute = origin.rpartition(".")
        instance = self._by_address.get(address)
        if instance is None or not attribute:
            return None
        table = type_map(instance.type, instance.provider_major)
        templates = {} if table is None else table.data if instance.mode == "data" else table.exports
        if attribute in templates:
            template, attributes = templates[attribute], instance.attributes
            if "id" in template.names() and attributes.get("id") is None:
                own = self.of(instance)
                attributes = {**attributes, "id": own.id if own is not None else None}
            return template.fill(attributes, self.resolve, lambda unknown, name: self.stand(unknown, address, name))
        identity = self.of(instance) if attribute == "id" else None
        return identity.id if identity is not None else self._meaning_of_scope(instance, attribute)

    def _meaning_of_scope(self, instance: Instance, attribute: str) -> str | None:
        """Return what an attribute of a scope means that is no resource: a subscription, a management group."""
        if instance.type == "azurerm_management_group" and attribute == "id":
            name = instance.attributes.get("name", Unknown("its name is not stated"))
            text = self.stand(name, instance.address, "name") if isinstance(name, Unknown) else str(name)
            return f"/providers/Microsoft.Management/managementGroups/{text}"
        if instance.mode == "data" and instance.type in ("azurerm_subscription", "azurerm_client_config"):
            stated = instance.attributes.get("subscription_id")
            text = stated if isinstance(stated, str) else self.subscription(instance)
            if attribute == "id" and instance.type == "azurerm_subscription":
                return f"/subscriptions/{text}"
            return text if attribute == "subscription_id" else None
        return None

    def _custom_role(self, name: str) -> str | None:
        """Return the last segment of the id of the role that this root defines under ``name``."""
        if self._roles is None:
            self._roles = {
                str(instance.attributes.get("name")).lower(): instance
                for instance in self._by_address.values()
                if instance.type == "azurerm_role_definition" and instance.mode == "managed"
            }
        defined = self._roles.get(name)
        identity = self.of(defined) if defined is not None else None
        return identity.name if identity is not None else None

    def azapi(self, instance: Instance, type_: str) -> Identity:
        """Return the identity of an azapi resource of an ARM type: in, below or on what ``parent_id`` names."""
        attributes, address = instance.attributes, instance.address
        real = real_id(attributes.get("id"), type_)
        if real is not None:
            return real
        name = attributes.get("name")
        if isinstance(name, Unknown):
            name = self.stand(name, address, "name")
        segment = _braced(address) if name is None else str(name)
        parent = attributes.get("parent_id")
        if isinstance(parent, Unknown):
            parent = self.resolve(parent)
        elif parent is None:
            parent = Unknown("parent_id is not stated")
        if isinstance(parent, Unknown):
            return Identity(*_under(self.stand(parent, address, "parent_id"), type_, segment), parent, False)
        return Identity(*_under(str(parent).rstrip("/"), type_, segment), None, False)

    def _compose(self, instance: Instance) -> Identity | None:
        if instance.type == "azapi_resource":
            type_ = instance.attributes.get("type")
            return self.azapi(instance, type_.partition("@")[0]) if isinstance(type_, str) else None
        table = type_map(instance.type, instance.provider_major)
        if table is None or not table.arm_type or table.patch is not None:
            return None
        real = real_id(instance.attributes.get("id"), table.arm_type)
        if real is not None:
            return real

        def stand(unknown: Unknown, attribute: str) -> str:
            return self.stand(unknown, instance.address, attribute)

        name = table.name.fill(instance.attributes, self.resolve, stand)
        if name is None:
            if instance.mode == "data":
                return None
            name = _braced(instance.address)
        if table.parents:
            return self._below(instance, table, name)
        if table.scope is not None:
            return self._beside(instance, table, name)
        return self._at_level(instance, table, name)

    def _at_level(self, instance: Instance, table: TypeMap, name: str) -> Identity | None:
        subscription = f"/subscriptions/{self.subscription(instance)}"
        if table.arm_type == RESOURCE_GROUP_TYPE:
            return Identity(name, f"{subscription}/resourceGroups/{name}", None, False)
        if table.stands_at == "tenant":
            scope = ""
        elif table.stands_at == "subscription":
            scope = subscription
        else:
            group = self.group(instance)
            if group is None:
                return None
            scope = group
        return Identity(name, f"{scope}/providers/{table.arm_type}/{name}", None, False)

    def group(self, instance: Instance) -> str | None:
        """Return the id of the resource group that an instance names; None where it names none."""
        group = instance.attributes.get("resource_group_name")
        if group is None:
            if instance.mode == "data":
                return None
            text = _braced(f"{instance.address}.resource_group_name")
        elif isinstance(group, Unknown):
            text = self.stand(group, instance.address, "resource_group_name")
        else:
            text = str(group)
        return f"/subscriptions/{self.subscription(instance)}/resourceGroups/{text}"

    def _beside(self, instance: Instance, table: TypeMap, name: str) -> Identity | None:
        """Identity of an extension resource."""
        assert table.scope is not None
        scope = table.scope.fill(instance.attributes, self.resolve)
        if scope is None:
            scope = Unknown("its scope is not stated")
        text = self.stand(scope, instance.address, "scope") if isinstance(scope, Unknown) else str(scope).rstrip("/")
        parent = scope if isinstance(scope, Unknown) else None
        return Identity(name, f"{text}/providers/{table.arm_type}/{name}", parent, False)

    def _below(self, instance: Instance, table: TypeMap, name: str) -> Identity | None:
        """Identity of a child resource."""
        outer, _, segment = table.arm_type.rpartition("/")
        found = self.pointed(instance, table.parents, outer)
        if found is None:
            if instance.mode == "data":
                return None
            found = Pointed(_braced(f"parent of {instance.address}"), Unknown("its parent is not stated"))
        return Identity(f"{_names(found.id)}/{name}", f"{found.id}/{segment}/{name}", found.unknown, False)

    def pointed(self, instance: Instance, ways: tuple[Parent, ...], type_: str) -> Pointed | None:
        """Return the resource of ``type_`` that an instance points at; None where it says nothing of it."""
        attributes, address = instance.attributes, instance.address

        def stand(unknown: Unknown, attribute: str) -> str:
            return self.stand(unknown, address, attribute)

        for way in ways:
            template = way.id or way.name
            assert template is not None
            if not template.present(attributes):
                continue
            text = str(template.fill(attributes, self.resolve, stand))
            under = way.under.fill(attributes, self.resolve, stand) or ""
            if way.id is None:
                above = type_.split("/")
                above = above[: len(above) - len(azure_ids.split(under)) // 2]
                return Pointed(self._named(instance, "/".join(above), text) + under, None)
            value = way.id.fill(attributes, self.resolve)
            return Pointed(text.rstrip("/") + under, value if isinstance(value, Unknown) else None)
        return None

    def _named(self, instance: Instance, type_: str, name: str) -> str:
        """Return the id of a resource that is given by name: in the group of ``instance``, or the one that is known."""
        if instance.attributes.get("resource_group_name") is not None:
            group = self.group(instance) or ""
        else:
            known = self._namesakes().get((type_.lower(), name.lower()), [])
            identity = self.of(known[0]) if len(known) == 1 else None
            if identity is not None:
                return identity.id
            lost = f"{{resource group of {_plain(name)}}}"
            group = f"/subscriptions/{self.subscription(instance)}/resourceGroups/{lost}"
        return f"{group}/providers/{type_}/{name}"

    def _namesakes(self) -> dict[tuple[str, str], list[Instance]]:
        """Return (ARM type, name) → instances, for those that stand in a group."""
        if self._by_name is None:
            self._by_name = {}
            for instance in self._by_address.values():
                table = type_map(instance.type, instance.provider_major)
                if table is None or table.parents or table.scope is not None or table.patch is not None:
                    continue
                identity = self.of(instance)
                if identity is not None:
                    key = (table.arm_type.lower(), identity.name.lower())
                    self._by_name.setdefault(key, []).append(instance)
        return self._by_name


def real_id(value: Any, arm_type: str) -> Identity | None:
    """Return the identity that an id given by the provider says; None where it is none of ``arm_type``."""
    if value.__class__ is not str:
        return None
    parsed = azure_ids.parse(value)
    if parsed is None:
        return None
    type_ = RESOURCE_GROUP_TYPE if parsed.level is azure_ids.Level.RESOURCE_GROUP else parsed.type
    if type_.lower() != arm_type.lower():
        return None
    return Identity("/".join(parsed.names), value, None, True)


def _names(text: str) -> str:
    parsed = azure_ids.parse(text)
    if parsed is not None and parsed.type:
        return "/".join(parsed.names)
    return text if text.startswith("{") else text.rstrip("/").rpartition("/")[2]


def _plain(text: str) -> str:
    return text.replace("{", "(").replace("}", ")")


def _braced(text: str) -> str:
    return f"{{{_plain(text)}}}"


def _under(parent: str, type_: str, name: str) -> tuple[str, str]:
    """Return (name with all segments, id) of a resource of ``type_`` in, below or on ``parent``."""
    if type_.lower() == RESOURCE_GROUP_TYPE.lower():
        return name, f"{parent}/resourceGroups/{name}"
    parsed = azure_ids.parse(parent)
    outer, _, last = type_.rpartition("/")
    if parsed.type.lower() == outer.lower() if parsed else outer.count("/") > 0:
        names = "/".join(parsed.names) if parsed else parent
        return f"{names}/{name}", f"{parent}/{last}/{name}"
    return name, f"{parent}/providers/{type_}/{name}"
