"""`json.unmarshal`, `yaml.unmarshal` and `yaml.is_valid`.

The engine turns large integers into fractions, leaves YAML's merge keys unmerged and refuses a row of documents. YAML
is read as the Go library of OPA reads it: `yes` and `on` are strings, `010` is eight, `1_000` a thousand, dates are
strings, of several documents the first counts.
"""

import json
import math
import re
from functools import cache
from typing import Any

from scanner.packs.rego.builtins.operands import string

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
        _check_size(value)
        return _plain(value)
    except (yaml.YAMLError, RecursionError, OverflowError) as error:
        raise ValueError(f"yaml: {' '.join(str(error).split())}") from None


@cache
def _loader() -> Any:
    """Return the loader class: libyaml's parser where it is there, and Go's rules for plain scalars."""
    import yaml

    class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
        """Resolves no plain scalar itself."""

        yaml_implicit_resolvers: dict[str, Any] = {"<": [("tag:yaml.org,2002:merge", re.compile("<<"))]}  # noqa: RUF012

        def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
            """Refuse keys that come twice, other than through a merge."""
            own = [self.construct_object(key, deep=True) for key, _ in node.value if not key.tag.endswith(":merge")]
            keys = [each for each in own if isinstance(each, (str, int, float, bool, type(None)))]
            if len(keys) != len(own):
                raise ValueError("yaml: invalid map key")
            if len(set(map(_key, keys))) != len(keys):
                raise ValueError("yaml: a mapping key is defined twice")
            return super().construct_mapping(node, deep=True)  # type: ignore[no-any-return]

    def scalar(loader: Any, node: Any) -> object:
        return node.value if node.style else _plain_scalar(node.value)

    def unknown(loader: Any, suffix: str, node: Any) -> object:
        if isinstance(node, yaml.ScalarNode):
            return scalar(loader, node)
        if isinstance(node, yaml.SequenceNode):
            return loader.construct_sequence(node, deep=True)
        return loader.construct_mapping(node, deep=True)

    kept = ("str", "map", "seq", "binary", "merge")
    Loader.yaml_constructors = {
        f"tag:yaml.org,2002:{name}": constructor
        for name in kept
        if (constructor := Loader.yaml_constructors.get(f"tag:yaml.org,2002:{name}"))
    }
    Loader.add_constructor("tag:yaml.org,2002:str", lambda loader, node: scalar(loader, node))
    Loader.add_constructor("tag:yaml.org,2002:binary", lambda loader, node: node.value)
    Loader.add_multi_constructor("", unknown)
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
    return key if isinstance(key, str) else json.dumps(key)


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {_key(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("json: unsupported value: +Inf")
    return value


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
