"""Puts Unknown in the place of what a plan or state says is secret or not known yet.

Values are changed where they stand: they were parsed a moment ago and nobody else holds them, and a secret that has
been replaced is gone.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from scanner.model.path import Path
from scanner.model.unknown import Unknown

SENSITIVE = "marked sensitive"
"""Reason of a value that Terraform says must not be shown."""
CREDENTIAL = "it looks like a credential and is not read"
"""Reason of a value that providers fill in and that grants access, whether or not it was marked."""

_SHORTEST_SECRET = 8
"""Characters below which a hidden text is too common a word to be looked for elsewhere."""

_CREDENTIAL = re.compile(
    r"(?:.*_)?(?:password|passphrase|secret|token|connection_string|sas(?:_url)?|kube_config_raw|kube_admin_config_raw"
    r"|(?:primary|secondary|private|access|account|client|shared|storage|master|instrumentation|api|signing)_key"
    r"|shared_access_signature|key_base64|private_key_(?:pem|pem_pkcs8|openssh)|custom_data|user_data)(?:_base64)?\Z"
)
"""Names of attributes that hold a credential in the clear, as the azurerm, azuread, tls and random providers have them.
Provider schemas mark them, but state files up to Terraform 1.9 do not repeat those marks."""
_CREDENTIAL_OF_TYPE = frozenset((("azurerm_key_vault_secret", "value"), ("random_password", "result")))


class Marks:
    """Hides what is secret in the resources of one file, and remembers the texts for as long as that is being read.

    A provider may copy a secret into an attribute that nobody marks (``terraform_data`` does, from input to output), so
    what has been hidden once is looked for everywhere at the end.
    """

    def __init__(self) -> None:
        self._texts: set[str] = set()

    def hide_sensitive(self, value: Any, mark: Any) -> Any:
        """Return ``value`` without what ``mark`` marks: ``True`` for all of it, else a dict or list of marks.

        ``null`` stays: that something is not set is no secret, and a rule may want to know it.
        """
        if mark is True:
            return value if value is None else self._hidden(value, SENSITIVE)
        if isinstance(mark, dict) and isinstance(value, dict):
            for key, below in mark.items():
                if below and key in value:
                    value[key] = self.hide_sensitive(value[key], below)
        elif isinstance(mark, list) and isinstance(value, list):
            for index, below in enumerate(mark[: len(value)]):
                if below:
                    value[index] = self.hide_sensitive(value[index], below)
        return value

    def hide_paths(self, attributes: dict[str, Any], paths: Iterable[Any]) -> None:
        """Hide what the ``sensitive_attributes`` of a state mark: each a list of steps from the attributes down."""
        for path in paths:
            steps = [_step(step) for step in path] if isinstance(path, list) else []
            if not steps or None in steps:
                self.hide_all(attributes)  # marked in a way that is not understood: nothing of it may be shown
                return
            container: Any = attributes
            for step in steps[:-1]:
                container = _child(container, step)
            last = steps[-1]
            marked = _child(container, last)
            if marked is not None:
                container[last] = self._hidden(marked, SENSITIVE)
            elif isinstance(container, list) and isinstance(last, str):  # an element of a set, which has no index
                container[:] = [self._hidden(item, SENSITIVE) for item in container]

    def hide_all(self, attributes: dict[str, Any]) -> None:
        """Hide every attribute that has a value."""
        for name, value in attributes.items():
            if value is not None:
                attributes[name] = self._hidden(value, SENSITIVE)

    def hide_credentials(self, type_: str, attributes: Any) -> None:
        """Hide text under names that say that it grants access, at any depth."""
        for container in _containers(attributes):
            if type(container) is dict:
                for name, value in container.items():
                    if type(value) is str and value and _is_credential(type_, name):
                        container[name] = self._hidden(value, CREDENTIAL)

    def hide_copies(self, resources: Iterable[Any]) -> None:
        """Hide whatever equals a text that was hidden somewhere, in the attributes of all ``resources``."""
        texts = self._texts
        if not texts:
            return
        for attributes in resources:
            for container in _containers(attributes):
                for key, value in container.items() if type(container) is dict else enumerate(container):
                    if type(value) is str and value in texts:
                        container[key] = Unknown(SENSITIVE)

    def _hidden(self, value: Any, reason: str) -> Unknown:
        if type(value) is str:
            self._texts |= {value} if len(value) >= _SHORTEST_SECRET else set()
        else:
            for container in _containers(value):
                inner = container.values() if type(container) is dict else container
                self._texts.update(text for text in inner if type(text) is str and len(text) >= _SHORTEST_SECRET)
        return Unknown(reason)


def _containers(value: Any) -> Iterator[Any]:
    """Yield every dict and list in ``value``, itself included; each before what is in it."""
    pending = [value] if type(value) is dict or type(value) is list else []
    while pending:
        container = pending.pop()
        yield container
        inner = container.values() if type(container) is dict else container
        pending.extend(item for item in inner if type(item) is dict or type(item) is list)


def add_unknown(value: Any, mark: Any, unknown_at: Callable[[Path], Unknown], path: Path = ()) -> Any:
    """Return ``value`` with an Unknown wherever ``mark`` says so, also where the plan leaves the value out."""
    if mark is True:
        return unknown_at(path)
    if isinstance(mark, dict) and mark:
        value = {} if value is None and _holds_true(mark) else value
        if isinstance(value, dict):
            for key, below in mark.items():
                if below:
                    _set(value, key, add_unknown(value.get(key), below, unknown_at, (*path, key)))
    elif isinstance(mark, list) and mark:
        value = [] if value is None and _holds_true(mark) else value
        if isinstance(value, list):
            value.extend([None] * (len(mark) - len(value)))
            for index, below in enumerate(mark):
                if below:
                    value[index] = add_unknown(value[index], below, unknown_at, (*path, index))
    return value


def _set(container: dict[str, Any], key: str, value: Any) -> None:
    if value is not None:
        container[key] = value


def _holds_true(mark: Any) -> bool:
    if isinstance(mark, Mapping):
        return any(map(_holds_true, mark.values()))
    return any(map(_holds_true, mark)) if isinstance(mark, list) else mark is True


@lru_cache(10_000)  # a plan of thousands of resources has a few hundred names
def _is_credential(type_: str, name: str) -> bool:
    return _CREDENTIAL.match(name) is not None or (type_, name) in _CREDENTIAL_OF_TYPE


def _step(step: Any) -> str | int | None:
    """Return one step of a path as a state writes it; None where it is not understood."""
    if not isinstance(step, dict):
        return None
    value = step.get("value")
    if step.get("type") == "index" and isinstance(value, dict):
        value = value.get("value")
    if isinstance(value, float):
        return int(value)
    return value if isinstance(value, str | int) and not isinstance(value, bool) else None


def _child(container: Any, step: str | int | None) -> Any:
    if isinstance(step, str):
        return container.get(step) if isinstance(container, dict) else None
    if isinstance(container, list) and isinstance(step, int) and 0 <= step < len(container):
        return container[step]
    return None
