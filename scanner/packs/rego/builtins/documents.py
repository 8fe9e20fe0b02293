"""`json.unmarshal`, `yaml.unmarshal` and `yaml.is_valid`.

The engine turns large integers into fractions, leaves YAML's merge keys unmerged and refuses a row of documents. YAML
is read as the Go library of OPA reads it: `yes` and `on` are strings, `010` is eight, `1_000` a thousand, dates are
strings, of several documents the first counts.
"""

import json
import re
from functools import cache
from typing import Any

from scanner.packs.rego.builtins.operands import string

_PLAIN, _MERGE = "plain", "tag:yaml.org,2002:merge"

MAX_VALUES = 1_000_000
"""Values of a YAML document with all references followed; a few lines can stand for billions."""

_TRUE, _FALSE = ("true", "True", "TRUE"), ("false", "False", "FALSE")
_NULL = ("", "~", "null", "Null", "NULL")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_SPECIAL = re.compile(r"([-+]?)\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_INTEGERS = (
    (re.compile(r"([-+]?)0x([0-9a-fA-F]+)"), 16),
    (re.compile(r"([-+]?)0b([01]+)"), 2),
    (re.compile(r"([-+]?)0o?([0-7]+)"), 8),
    (re.compile(r"([-+]?)(0|[1-9][0-9]*)"), 10),
)


def json_unmarshal(text: object) -> object:
    """`json.unmarshal`: the value of a JSON text."""
    try:
        return json.loads(string(text, 1), parse_constant=_refuse_constant)
    except RecursionError:
        raise ValueError("the document is nested too deep") from None


def yaml_unmarshal(text: object) -> object:
    """`yaml.unmarshal`: the value of the first document of a YAML text."""
    return _read(string(text, 1))


def yaml_is_valid(text: object) -> bool:
    """`yaml.is_valid`: whether a value is a string that `yaml.unmarshal` takes."""
    if not isinstance(text, str):
        return False
    try:
        _read(text)
    except ValueError:
        return False
    return True


def _refuse_constant(name: str) -> object:
    raise ValueError(f"invalid character '{name[0]}' looking for beginning of value")


def _read(text: str) -> object:
    import yaml

    try:
        loader = _loader()(text)
        try:
            # Not load(): what follows the first document does not matter, not even whether it is YAML.
            value = loader.get_data() if loader.check_data() else None
        finally:
            loader.dispose()
    except (yaml.YAMLError, RecursionError, OverflowError) as error:
        raise ValueError(f"yaml: {' '.join(str(error).split())}") from None
    _check_size(value)
    return value


@cache
def _loader() -> Any:
    """Return the loader class: libyaml's parser where it is there, and Go's rules for plain scalars."""
    import yaml

    class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
        """Leaves plain scalars to `_plain_scalar`, and takes nothing of a tag but that a scalar is a string."""

        def resolve(self, kind: Any, value: Any, implicit: Any) -> str:
            if kind is yaml.ScalarNode and implicit[0]:
                return _MERGE if value == "<<" else _PLAIN
            return str(super().resolve(kind, value, (False, False)))

        def construct_object(self, node: Any, deep: bool = False) -> object:
            if isinstance(node, yaml.ScalarNode):
                return _plain_scalar(node.value) if node.tag == _PLAIN else node.value
            if node in self.constructed_objects:
                return self.constructed_objects[node]
            return self._construct_collection(node)

        def _construct_collection(self, node: Any) -> object:
            if node in self.recursive_objects:
                raise ValueError("yaml: a value contains itself")
            self.recursive_objects[node] = None
            if isinstance(node, yaml.MappingNode):
                self.flatten_mapping(node)
                value: object = {
                    _key(self.construct_object(key)): self.construct_object(each) for key, each in node.value
                }
            else:
                value = [self.construct_object(each) for each in node.value]
            del self.recursive_objects[node]
            self.constructed_objects[node] = value
            return value

    return Loader


def _plain_scalar(text: str) -> object:
    """Return the value of a scalar without quotes."""
    if text in _NULL:
        return None
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    plain = text.replace("_", "") if text[0] in "+-0123456789" else text
    for pattern, base in _INTEGERS:
        match = pattern.fullmatch(plain)
        if match:
            return int(match[1] + match[2], base)
    if _FLOAT.fullmatch(plain):
        return float(plain)
    if _SPECIAL.fullmatch(text):
        raise ValueError(f"json: unsupported value: {text}")
    return text


def _key(key: object) -> str:
    """Return a key of a mapping as JSON has it."""
    if key is None or isinstance(key, (dict, list)):
        raise ValueError(f"yaml: unsupported map key {key!r}")
    return key if isinstance(key, str) else json.dumps(key)


def _check_size(value: object) -> None:
    """Raise ValueError for a document that is too large, or endless, once its references are followed."""
    count, pending = 0, [value]
    while pending:
        each = pending.pop()
        count += 1
        if count > MAX_VALUES:
            raise ValueError(f"limit exceeded: the document holds more than {MAX_VALUES} values")
        if isinstance(each, dict):
            pending += each.values()
        elif isinstance(each, list):
            pending += each
