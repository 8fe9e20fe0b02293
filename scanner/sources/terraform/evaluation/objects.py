"""A resource as references see it: what was written is known, everything else is only known after apply."""

from collections.abc import Mapping
from typing import Any, Final

from scanner.model.unknown import Unknown

AFTER_APPLY: Final = "known after apply"
NOT_READ: Final = "read from the provider, not from the configuration"


class Blocks(list[dict[str, Any]]):
    """The nested blocks of one type, in contrast to an attribute whose value is a list."""

    __slots__ = ()


class ResourceObject(Unknown):
    """A resource instance, or a nested block of one.

    It is an Unknown, since no configuration says all of it: what needs the whole object (a comparison, a function)
    stays unknown, while an attribute that was written is taken from it.
    """

    __slots__ = ("exact", "values")

    values: Mapping[str, Any]
    exact: bool
    """Whether a written null is null; otherwise the provider may fill it in."""

    def __init__(self, values: Mapping[str, Any], address: str, reason: str = AFTER_APPLY, exact: bool = False) -> None:
        super().__init__(reason, address)
        self.values = values
        self.exact = exact

    def get(self, name: str) -> Any:
        """Return the attribute ``name``: its value, nested blocks as a tuple of objects, or an Unknown."""
        value = self.values.get(name)
        if value is None:
            if self.exact and name in self.values:
                return None
            return Unknown(self.reason, f"{self.origin}.{name}")
        if type(value) is Blocks:
            base = f"{self.origin}.{name}"
            return tuple(
                ResourceObject(block, f"{base}[{index}]", self.reason, self.exact) if isinstance(block, dict) else block
                for index, block in enumerate(value)
            )
        return value

    def __reduce__(self) -> Any:
        return ResourceObject, (dict(self.values), self.origin, self.reason, self.exact)
