"""What an expression gets that names a resource or a nested deployment: a Token that knows some of its members."""

from typing import TYPE_CHECKING, Any

from scanner.sources.arm.functions.function import find_key
from scanner.sources.arm.scoped import ANSWERED
from scanner.sources.arm.targets import value_of
from scanner.sources.arm.values import EvaluationError, Token, braced

if TYPE_CHECKING:
    from scanner.sources.arm.instance import ModuleInstance, ResourceInstance


def _service(text: str, what: str) -> tuple[str, str, str]:
    return braced(text), f"{what}: {ANSWERED}", what[:200]


class ResourceReference(Token):
    """A resource as a whole: what its declaration says, and ``properties``, which the service answers."""

    __slots__ = ("instance",)

    def __init__(self, instance: "ResourceInstance") -> None:
        label = instance.label
        super().__init__(*_service(label, f"reference({label})"))
        self.instance = instance

    def member(self, key: Any) -> Any:
        """Return a member of the resource."""
        instance = self.instance
        if not isinstance(key, str):
            return super().member(key)
        lowered = key.lower()
        if lowered in ("id", "resourceid"):
            return instance.id_value
        if lowered == "name":
            return instance.name_value
        if lowered == "type":
            return instance.type
        if lowered == "apiversion":
            return instance.api_version
        if lowered == "properties":
            return PropertiesReference(instance)
        if instance.declaration.existing:
            return super().member(key)
        found = find_key(instance.body, key)
        if found is None:
            return super().member(key)
        value = instance.body[found]
        if lowered == "identity" and isinstance(value, dict):
            answers = {name: self.derived(braced(f"{self.text}.identity.{name}")) for name in _IDENTITY}
            return {**value, **answers}
        return value

    def referenced(self, *, whole: bool) -> Any:
        """Return what ``reference()`` returns for it."""
        return self if whole else PropertiesReference(self.instance)


_IDENTITY = ("principalId", "tenantId")


class PropertiesReference(Token):
    """The properties of a resource as the service answers them: only the ids of what is declared in it are known."""

    __slots__ = ("instance",)

    def __init__(self, instance: "ResourceInstance") -> None:
        label = instance.label
        super().__init__(*_service(f"{label}.properties", f"reference({label})"))
        self.instance = instance

    def member(self, key: Any) -> Any:
        """Return a member of the properties."""
        answer = super().member(key)
        if not isinstance(key, str) or self.instance.declaration.existing:
            return answer
        properties = self.instance.body.get("properties")
        found = find_key(properties, key) if isinstance(properties, dict) else None
        items = properties[found] if isinstance(properties, dict) and found is not None else None
        return PartsReference(answer, self.instance, key, items) if isinstance(items, list) else answer

    def referenced(self, *, whole: bool) -> Any:
        """Return itself."""
        return self


class PartsReference(Token):
    """An array in the properties of a resource, whose members may be resources inside of it (subnets)."""

    __slots__ = ("instance", "items", "key")

    def __init__(self, answer: Token, instance: "ResourceInstance", key: str, items: list[Any]) -> None:
        super().__init__(answer.text, answer.reason, answer.origin)
        self.instance = instance
        self.key = key
        self.items = items

    def member(self, key: Any) -> Any:
        """Return one of them: its name and id are known."""
        answer = super().member(key)
        if not isinstance(key, int) or not 0 <= key < len(self.items):
            return answer
        item = self.items[key]
        name = item.get("name") if isinstance(item, dict) else None
        return PartReference(answer, self.instance, self.key, name) if isinstance(name, str) else answer


class PartReference(Token):
    """One resource inside of the properties of another."""

    __slots__ = ("_id", "name")

    def __init__(self, answer: Token, instance: "ResourceInstance", key: str, name: str) -> None:
        super().__init__(answer.text, answer.reason, answer.origin)
        self.name = name
        self._id = f"{instance.id}/{key}/{name}"

    def member(self, key: Any) -> Any:
        """Return a member of it."""
        if key == "id":
            return value_of(self._id, "reference()")
        return self.name if key == "name" else super().member(key)


class ModuleReference(Token):
    """A nested deployment. ``.outputs.x`` is the value in Bicep, and its type and value in ARM."""

    __slots__ = ("module", "wrapped")

    def __init__(self, module: "ModuleInstance", *, wrapped: bool) -> None:
        super().__init__(*_service(module.label, f"reference({module.label})"))
        self.module = module
        self.wrapped = wrapped

    def member(self, key: Any) -> Any:
        """Return a member of the deployment."""
        lowered = key.lower() if isinstance(key, str) else key
        if lowered == "outputs":
            return OutputsReference(self.module, wrapped=self.wrapped)
        if lowered == "properties":
            return ModuleReference(self.module, wrapped=True)
        if lowered == "name":
            return self.module.name
        return value_of(self.module.id, "deployment id") if lowered == "id" else super().member(key)

    def referenced(self, *, whole: bool) -> Any:
        """Return what ``reference()`` returns for it."""
        return ModuleReference(self.module, wrapped=True)


class OutputsReference(Token):
    """The outputs of a nested deployment."""

    __slots__ = ("module", "wrapped")

    def __init__(self, module: "ModuleInstance", *, wrapped: bool) -> None:
        super().__init__(*_service(f"{module.label}.outputs", f"reference({module.label}).outputs"))
        self.module = module
        self.wrapped = wrapped

    def member(self, key: Any) -> Any:
        """Return an output."""
        if not isinstance(key, str):
            return super().member(key)
        value = self.module.output(key)
        if value is ABSENT:
            raise EvaluationError(f"the deployment '{self.module.label}' has no output '{key[:80]}'", by_value=True)
        return {"type": self.module.output_type(key), "value": value} if self.wrapped else value


class LoopReference(Token):
    """All resources of a loop of which nobody knows how many rounds it has; any of them is the one."""

    __slots__ = ("one",)

    def __init__(self, one: Any) -> None:
        super().__init__(one.text, one.reason, one.origin)
        self.one = one

    def member(self, key: Any) -> Any:
        """Return the one that stands for all."""
        return self.one

    def referenced(self, *, whole: bool) -> Any:
        """Return what ``reference()`` returns for it."""
        return LoopReference(self.one.referenced(whole=whole))


ABSENT = object()
"""In place of an output that is not declared."""
