"""What Azure answers as a body that does not tell how it was read: by list, by get or by Resource Graph.

Resource Graph adds columns, writes what is empty as null or as an empty text, cuts timestamps to milliseconds, and adds
an empty list of private endpoints. Secrets are left out on the way.
"""

from collections.abc import Mapping
from typing import Any

from scanner.model.unknown import Unknown
from scanner.sources.azure.secrets import MASKED, SETTINGS, SETTINGS_TYPES, VALUES, is_secret_name, is_secret_text

_KEPT = ("location", "tags", "kind", "sku", "plan", "identity", "zones", "extendedLocation", "managedBy", "properties")
"""What a Resource has beside its identity: the columns that Resource Graph has too."""
_LISTED = Unknown("the answer lists resources without their properties")
_DEEP = Unknown("it is nested deeper than 100 levels")
_MAX_DEPTH = 100
_ADDED = "exactVersion"
"""What only Resource Graph says of an image."""
_SHORT = 12
"""A shorter text is no timestamp and holds no secret that could be told from a word."""
_PLAIN, _SECRET, _SETTINGS, _WRITTEN_EMPTY = range(4)
"""Kinds of property names; the last is that of lists which Resource Graph writes where ARM writes none."""
_MAX_NAMES = 20_000


class _Kinds(dict[str, int]):
    """Kind of each property name that was met: a name is looked at once, and a lookup costs no call."""

    def __missing__(self, name: str) -> int:
        if len(self) > _MAX_NAMES:  # names of tags and identities have no end
            self.clear()
        if is_secret_name(name):
            kind = _SETTINGS if name.lower() in SETTINGS else _SECRET
        elif name.lower() in SETTINGS:
            kind = _SETTINGS
        else:
            kind = _WRITTEN_EMPTY if name == "privateEndpointConnections" else _PLAIN
        self[name] = kind
        return kind


_KINDS = _Kinds()


def body_of(row: Mapping[str, Any], type_: str, name: str) -> dict[str, Any]:
    """Return the body of a row whose resource is of ``type_``; what is empty in it is absent, secrets are Unknown."""
    body: dict[str, Any] = {}
    for key in _KEPT:
        value = row.get(key)
        if value is not None and value != "" and (value or key in ("tags", "properties")):
            body[key] = _clean(value, 0)
    if type_ in _MADE:
        body["properties"] = _MADE[type_](row, body.get("properties"))
    elif "properties" not in body:
        body["properties"] = _LISTED
    if type_ == "microsoft.web/sites/config" and name.lower() in SETTINGS_TYPES:
        body["properties"] = _masked(body["properties"])
    return body


def _clean(value: Any, depth: int) -> Any:
    """Return a copy of ``value`` without secrets and without what only Resource Graph says."""
    if depth > _MAX_DEPTH:
        return _DEEP
    cls = value.__class__
    if cls is dict:
        result: dict[str, Any] = {}
        for key, item in value.items():
            below = item.__class__
            kind = _KINDS[key]
            if below is str:
                if kind is _SECRET:
                    result[key] = MASKED if item else item
                else:
                    result[key] = item if len(item) < _SHORT else _text(item)
            elif below is dict or below is list:
                if kind is _PLAIN:
                    result[key] = _clean(item, depth + 1)
                elif kind is _SECRET:
                    result[key] = _masked(item)
                elif kind is _SETTINGS:
                    result[key] = _settings(item, depth + 1)
                elif item:
                    result[key] = _clean(item, depth + 1)
            elif item is not None:
                result[key] = item
        result.pop(_ADDED, None)
        return result
    if cls is list:
        return [
            _clean(item, depth + 1)
            if item.__class__ is dict or item.__class__ is list
            else _text(item)
            if item.__class__ is str
            else item
            for item in value
        ]
    return _text(value) if cls is str else value


def _text(text: str) -> Any:
    if text[4:5] == "-" and text[10:11] == "T":
        return _moment(text)
    return MASKED if is_secret_text(text) else text


def _moment(text: str) -> str:
    """Return a timestamp in UTC with milliseconds; anything else as it is."""
    whole, _, rest = text[:-1].partition(".") if text.endswith("Z") else text.removesuffix("+00:00").partition(".")
    if len(whole) != 19 or (rest and not rest.isdigit()) or (not text.endswith(("Z", "+00:00"))):
        return text
    return f"{whole}.{rest[:3].ljust(3, '0')}Z"


def _settings(value: Any, depth: int) -> Any:
    """Return a list of names and values without the values; an object of settings without its texts."""
    if value.__class__ is dict:
        return _masked(value)
    result = []
    for item in value:
        cleaned = _clean(item, depth + 1)
        if cleaned.__class__ is dict:
            cleaned = {key: _masked(below) if key.lower() in VALUES else below for key, below in cleaned.items()}
        result.append(cleaned)
    return result


def _masked(value: Any, depth: int = 0) -> Any:
    """Return ``value`` with every text masked."""
    if value.__class__ is str:
        return MASKED if value else value
    if depth > _MAX_DEPTH:
        return _DEEP
    if value.__class__ is dict:
        return {key: _masked(item, depth + 1) for key, item in value.items()}
    return [_masked(item, depth + 1) for item in value] if value.__class__ is list else value


def _subscription(row: Mapping[str, Any], properties: Any) -> Any:
    """Return what is known of a subscription: Resource Graph names it by its display name, ARM says it flat."""
    known: dict[str, Any] = dict(properties) if isinstance(properties, dict) else {}
    name = row.get("displayName", row.get("name"))
    if isinstance(name, str):
        known.setdefault("displayName", _text(name))
    for key in ("state", "tenantId"):
        if isinstance(row.get(key), str):
            known.setdefault(key, row[key])
    return known


def _protected_item(row: Mapping[str, Any], properties: Any) -> Any:
    """Return a protected item under the names that ARM has for what Resource Graph names for all kinds of backup."""
    if properties.__class__ is not dict:
        return _LISTED if properties is None else properties
    for name, (first, *others) in _BACKUP_NAMES.items():
        value = properties.get(first)
        for step in others:
            value = value.get(step) if value.__class__ is dict else None
        if value and not properties.get(name):
            properties[name] = value
    return properties


_BACKUP_NAMES = {
    "sourceResourceId": ("dataSourceInfo", "resourceID"),
    "protectionState": ("currentProtectionState",),
    "policyId": ("policyInfo", "policyId"),
}
_MADE = {
    "microsoft.resources/subscriptions": _subscription,
    "microsoft.recoveryservices/vaults/backupfabrics/protectioncontainers/protecteditems": _protected_item,
}
"""Lower-cased types whose properties are made of the row."""
