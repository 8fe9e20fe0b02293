"""What ``module.x`` is worth: the outputs of the module's instances, taken one by one."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from scanner.model.unknown import Unknown
from scanner.sources.terraform.values import ValueFault, hide


class ModuleOutputs(NamedTuple):
    """The outputs of one instance of a module."""

    declared: Mapping[str, bool]
    """Name → whether it is sensitive."""
    values: Mapping[str, Any]


class CallValue:
    """The value of one ``module`` block."""

    __slots__ = ("_address", "_instances", "_kind", "_reason")

    def __init__(self, address: str, kind: str, instances: Mapping[Any, ModuleOutputs], reason: str = "") -> None:
        self._address = address
        self._kind = kind
        """``single``, ``count``, ``each``, ``symbolic``; ``absent`` where the module was not read."""
        self._instances = instances
        self._reason = reason
        """Why there are no outputs, or no known instances."""

    def whole(self) -> Any:
        """Return an object of outputs, or one such for each instance."""
        if self._kind in ("absent", "symbolic"):
            return Unknown(self._reason, self._address + ("[*]" if self._kind == "symbolic" else ""))
        objects = {
            key: {name: _taken(outputs, name) for name in outputs.declared} for key, outputs in self._instances.items()
        }
        if self._kind == "single":
            return objects[None]
        return tuple(objects.values()) if self._kind == "count" else objects

    def output(self, key: Any, name: str) -> Any:
        """Return one output; raises ValueFault where there is no such instance or output."""
        if self._kind == "absent":
            step = "" if key is None else f'["{key}"]' if isinstance(key, str) else f"[{key}]"
            return Unknown(self._reason, f"{self._address}{step}.{name}")
        if self._kind == "symbolic":
            return self._symbolic(name)
        if self._kind != "single" and key is None:
            raise ValueFault(f"{self._address} has several instances; one of them has to be named")
        if self._kind == "single" and key is not None:
            raise ValueFault(f"{self._address} is a single object: it has no element {key}")
        if key not in self._instances:
            raise ValueFault(f"{self._address} has no instance {key}")
        outputs = self._instances[key]
        if name not in outputs.declared:
            raise ValueFault(f"{self._address} has no output {name}")
        return _taken(outputs, name)

    def _symbolic(self, name: str) -> Any:
        """Return what all instances have in common: where an unknown output would come from."""
        for outputs in self._instances.values():
            if name not in outputs.declared:
                raise ValueFault(f"{self._address} has no output {name}")
            value = _taken(outputs, name)
            if type(value) is Unknown and value.origin:
                return value
        return Unknown(self._reason, f"{self._address}[*].{name}")


def _taken(outputs: ModuleOutputs, name: str) -> Any:
    value = outputs.values[name]
    return hide(value) if outputs.declared[name] else value
