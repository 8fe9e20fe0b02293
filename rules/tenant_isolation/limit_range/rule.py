from collections.abc import Iterator
from typing import Any

from scanner import Inventory, Resource
from scanner.model.path import Path
from scanner.model.resource import Fault
from scanner.model.tenancy import Standing
from scanner.views import found, mapping

AT = ("metadata", "name")
DEFAULTS = ("default", "defaultRequest")


def check(resource: Resource, inventory: Inventory) -> Iterator[Fault]:
    ranges = inventory.of_type("core/LimitRange", resource.cluster, resource.name)
    shared = resource.tenancy.hosting == "multi-tenant"
    undeclared = resource.tenancy.standing is Standing.UNDECLARED
    lacking = [(limits, *_lacks(limits)) for limits in ranges]
    if any(not lacks or (not shared and not undeclared and lacks == ["max"]) for _, _, lacks in lacking):
        return
    if any(path[:1] == ("spec",) for limits in ranges for path in limits.unknowns):
        yield resource.unknown("a LimitRange that may give containers their defaults is not known", AT)
    elif any(lacks == ["max"] for _, _, lacks in lacking) and not shared:
        yield resource.unknown("whether its LimitRange must have max depends on the hosting: no estate was given", AT)
    else:
        wanted = "default, defaultRequest and max" if shared else "default and defaultRequest"
        yield resource.fail(
            f"namespace '{resource.name}' has no LimitRange that gives containers {wanted} for cpu and memory",
            AT,
            related=[(limits, at, f"this one gives no {' and no '.join(lacks)}") for limits, at, lacks in lacking],
        )


def _lacks(limits: Resource) -> tuple[Path, list[str]]:
    """What the entry for containers does not give for cpu and memory, and where it stands."""
    for at, entry in found(limits, "spec.limits[*]"):
        if mapping(entry).get("type") == "Container":
            given = _given(mapping(entry))
            return at, [name for name in (*DEFAULTS, "max") if not {"cpu", "memory"} <= given[name]]
    return ("spec", "limits"), [*DEFAULTS, "max"]


def _given(entry: Any) -> dict[str, set[str]]:
    """Amounts by field, with what the API server fills in."""
    fields = {
        name: {key for key, value in mapping(entry.get(name)).items() if value is not None}
        for name in (*DEFAULTS, "max", "min")
    }
    fields["default"] |= fields["max"]
    fields["defaultRequest"] |= fields["default"] | fields["min"]
    return fields
