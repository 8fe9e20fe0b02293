"""Templates of the map: ``"{account_tier}_{account_replication_type}"``, made once and filled per instance."""

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeAlias

from scanner.model.unknown import Unknown
from scanner.views import azure_ids

ROLE = "role:"
"""What the origin of an Unknown starts with that is the id of a role of which only the name is known."""
_FIELD = re.compile(r"\{([a-z0-9_.]+)(?:\|([a-z]+))?\}")

Resolve: TypeAlias = Callable[[Unknown], Any]
"""What an Unknown reference means: the text of an id, or the Unknown itself."""
Stand: TypeAlias = Callable[[Unknown, str], str]
"""The text in braces that stands for an Unknown: given it and the attribute it was found in."""


def _lower(text: str) -> str:
    return text.lower()


def _upper(text: str) -> str:
    return text.upper()


def _group(text: str) -> str:
    parsed = azure_ids.parse(text)
    return parsed.group if parsed else ""


def _role(text: str) -> Any:
    from scanner.views.azure_roles import guid_of

    return guid_of(text) or Unknown(f"the role {text!r} is not a built-in role", ROLE + text)


FILTERS: Mapping[str, Callable[[str], Any]] = {
    "name": azure_ids.name,
    "group": _group,
    "lower": _lower,
    "upper": _upper,
    "role": _role,
}
"""The filters that a template may use: text → text, or Unknown."""


class Field(NamedTuple):
    """One place to fill."""

    path: tuple[str, ...]
    """``("block", "attribute")`` or ``("attribute",)``."""
    filter: str


class Template:
    """A text with places to fill."""

    __slots__ = ("fields", "parts")

    def __init__(self, text: str) -> None:
        self.parts: list[str | Field] = []
        self.fields: list[Field] = []
        position = 0
        for match in _FIELD.finditer(text):
            if match.start() > position:
                self.parts.append(text[position : match.start()])
            field = Field(tuple(match[1].split(".")), match[2] or "")
            self.parts.append(field)
            self.fields.append(field)
            position = match.end()
        if position < len(text) or not self.parts:
            self.parts.append(text[position:])

    def names(self) -> list[str]:
        """Return the attributes it reads, outermost names only."""
        return [field.path[0] for field in self.fields]

    def present(self, attributes: Mapping[str, Any]) -> bool:
        """Whether every attribute it reads is there."""
        return all(_read(attributes, field.path) is not None for field in self.fields)

    def fill(self, attributes: Mapping[str, Any], resolve: Resolve, stand: Stand | None = None) -> Any:
        """Return the text; None where an attribute is absent, an Unknown where one is, unless ``stand`` names it."""
        if len(self.parts) == 1 and not self.fields:
            return self.parts[0]
        texts: list[str] = []
        for part in self.parts:
            if part.__class__ is str:
                texts.append(part)
                continue
            value = _read(attributes, part.path)  # type: ignore[union-attr]
            if value is None:
                return None
            if isinstance(value, Unknown):
                value = resolve(value)
            if not isinstance(value, Unknown) and part.filter:  # type: ignore[union-attr]
                value = FILTERS[part.filter](_text(value))  # type: ignore[union-attr]
                if isinstance(value, Unknown):
                    value = resolve(value)
            if isinstance(value, Unknown):
                if stand is None:
                    return value
                value = stand(value, ".".join(part.path))  # type: ignore[union-attr]
            texts.append(_text(value))
        return "".join(texts)


def _read(attributes: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    """Return the value at ``path``, stepping into the first of a list of blocks; None where there is none."""
    value: Any = attributes
    for step in path:
        if value.__class__ is list:
            value = value[0] if value else None
        if isinstance(value, Unknown) or value is None:
            return value
        if not isinstance(value, Mapping):
            return None
        value = value.get(step)
    return value


def _text(value: Any) -> str:
    if value.__class__ is str:
        return value
    if value is True or value is False:
        return "true" if value else "false"
    return str(value)
