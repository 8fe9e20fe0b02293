from collections.abc import Iterator

from scanner import Inventory, Resource
from scanner.model.resource import Fault
from scanner.views import missing_default_deny


def check(resource: Resource, inventory: Inventory) -> Iterator[Fault]:
    yield from missing_default_deny(resource, inventory.of_type, "Ingress")
