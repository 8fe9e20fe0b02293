"""Values of the evaluation: JSON, and Tokens for what only the service knows.

A Token stands for a value that is not known, with a text that is the same wherever the same value is meant. So two
names that are built on the same unknown part still compare equal, and the id of a resource keeps the parts that are
known: ``/subscriptions/{subscription}/resourceGroups/{resourceGroup}/providers/Microsoft.KeyVault/vaults/kv-prod``.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from scanner.model.unknown import Unknown

_BRACED: Final = re.compile(r"\{[^{}]*\}")
_PIECE: Final = re.compile(r"\{[^{}]*\}|[^{}]+")
_SINGLE: Final = re.compile(r"\{[^{}]*\}\Z")
_ID_STARTS: Final = ("/subscriptions/", "/providers/")
_INSIDE: Final = str.maketrans({"{": None, "}": None, "/": "|", "\n": " "})
_LITERAL: Final = str.maketrans("{}", "()")
_MAX_INSIDE: Final = 120
_MAX_TOKEN: Final = 4000
MAX_TEXT: Final = 4 * 1024 * 1024
"""Characters in one text; the service takes templates of 4 MB at most."""


class Token(Unknown):
    """A value that is not known. ``text`` stands for it inside names and ids; what is unknown in it is in braces."""

    __slots__ = ("text",)

    text: str

    def __init__(self, text: str, reason: str, origin: str = "") -> None:
        super().__init__(reason, origin)
        self.text = text

    def __reduce__(self) -> tuple[type["Token"], tuple[str, str, str]]:
        return Token, (self.text, self.reason, self.origin)

    @property
    def is_id(self) -> bool:
        """Whether it is the id of a resource, of which only some segments are not known."""
        return self.text.startswith(_ID_STARTS)

    @property
    def literal(self) -> str:
        """The characters of its text that are known."""
        return _BRACED.sub("", self.text)

    def member(self, key: Any) -> Any:
        """Return what ``value.key`` or ``value[key]`` is."""
        if isinstance(key, Token):
            inside = f"{self.text}[{key.text}]"
        else:
            inside = f"{self.text}[{key}]" if isinstance(key, int) else f"{self.text}.{key}"
        return self.derived(braced(inside))

    def derived(self, text: str) -> "Token":
        """Return another Token that is not known for the same reason."""
        return Token(text, self.reason, self.origin)


class Masked(Token):
    """A secret: there is a value, and it is not to be shown."""

    __slots__ = ()

    def __reduce__(self) -> tuple[type["Masked"], tuple[str, str, str]]:
        return Masked, (self.text, self.reason, self.origin)

    def derived(self, text: str) -> "Masked":
        """Return another secret."""
        return Masked(text, self.reason, self.origin)


class EvaluationError(Exception):
    """An expression that cannot be evaluated: the template would be refused, or its deployment would end here."""

    def __init__(self, message: str, *, by_value: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.at: Any = None
        """The handle of the node that could not be evaluated, where it has one."""
        self.by_value = by_value
        """Whether other parameter values could do without it: a property that is not there, a number out of range."""


def braced(inside: str) -> str:
    """Return the text of a Token for ``inside``: one segment of an id, of bounded length."""
    inside = inside.translate(_INSIDE)
    return f"{{{inside if len(inside) <= _MAX_INSIDE else _shortened(inside)}}}"


def _shortened(text: str) -> str:
    import hashlib  # it loads a cryptographic library, and few names are that long

    digest = hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=5).hexdigest()
    return f"{text[:60]}…#{digest}"


def text_of(value: Any) -> str:
    """Return what ``value`` is inside a Token's text."""
    if isinstance(value, Token):
        return value.text
    if isinstance(value, str):
        return (value if len(value) <= _MAX_TOKEN else _shortened(value)).translate(_LITERAL)
    if isinstance(value, Unknown):
        return braced(value.origin or value.reason)
    if value is None:
        return ""
    if value is True or value is False:
        return "True" if value else "False"
    if isinstance(value, list):
        return ",".join(map(text_of, value))
    if isinstance(value, dict):
        return ",".join(f"{key}:{text_of(item)}" for key, item in value.items())
    return str(value)


def joined(parts: Iterable[Any]) -> Any:
    """Return the text of all parts in a row: a str, or a Token where a part is not known.

    Raises :class:`EvaluationError` where it is too long.
    """
    parts = list(parts)
    unknown = first_unknown(parts)
    if unknown is None:
        texts = list(map(str, parts))
        if sum(map(len, texts)) > MAX_TEXT:
            raise EvaluationError(f"a text becomes longer than {MAX_TEXT} characters")
        return "".join(texts)
    text = "".join([text_of(part)[: _MAX_TOKEN + 1] for part in parts])
    return derive(unknown, text if len(text) <= _MAX_TOKEN else braced(text))


def derive(unknown: Unknown, text: str) -> Token:
    """Return a Token with ``text`` that is not known because ``unknown`` is not."""
    return unknown.derived(text) if isinstance(unknown, Token) else Token(text, unknown.reason, unknown.origin)


def unknown_call(name: str, arguments: Iterable[Any]) -> Token:
    """Return what a function returns that was given something unknown: the same for the same arguments."""
    arguments = list(arguments)
    unknown = first_unknown(arguments)
    assert unknown is not None
    return derive(unknown, braced(f"{name}({','.join(map(text_of, arguments))})"))


def written_size(value: Any) -> int:
    """Return about how long ``value`` is as text. Raises where it is longer than :data:`MAX_TEXT`."""
    size = 0
    pending = [value]
    while pending:
        item = pending.pop()
        size += len(item) if isinstance(item, str) else 8
        if size > MAX_TEXT:
            raise EvaluationError(f"a text becomes longer than {MAX_TEXT} characters")
        if type(item) is dict:
            size += sum(map(len, item))
            pending += item.values()
        elif type(item) is list:
            pending += item
    return size


def first_unknown(values: Iterable[Any]) -> Unknown | None:
    """Return the first Unknown in ``values``, at any depth; a secret goes before others."""
    found: Unknown | None = None
    pending = [iter(values)]
    while pending:
        for value in pending[-1]:
            if isinstance(value, Unknown):
                if isinstance(value, Masked):
                    return value
                found = found or value
            elif type(value) is dict:
                pending.append(iter(value.values()))
                break
            elif type(value) is list:
                pending.append(iter(value))
                break
        else:
            pending.pop()
    return found


def pieces(text: str) -> Iterator[str]:
    """Yield the parts of a Token's text: what is in braces, with them, and what is between."""
    for match in _PIECE.finditer(text):
        yield match[0]


def is_single(text: str) -> bool:
    """Whether nothing of a Token's text is known."""
    return _SINGLE.match(text) is not None


def same(first: Any, second: Any) -> bool | None:
    """Whether two values are equal; None where that is not known. Text compares with case, as ``equals`` does."""
    if isinstance(first, Unknown) or isinstance(second, Unknown):
        return _same_text(first, second)
    if isinstance(first, bool) is not isinstance(second, bool):
        return False
    if type(first) is dict and type(second) is dict:
        if first.keys() != second.keys():
            return False
        return _all_same((first[key], second[key]) for key in first)
    if type(first) is list and type(second) is list:
        return len(first) == len(second) and _all_same(zip(first, second, strict=True))
    return bool(first == second)


def _all_same(pairs: Iterable[tuple[Any, Any]]) -> bool | None:
    result: bool | None = True
    for first, second in pairs:
        one = same(first, second)
        if one is False:
            return False
        if one is None:
            result = None
    return result


def _same_text(first: Any, second: Any) -> bool | None:
    left, right = text_of(first), text_of(second)
    if left == right and isinstance(first, Token) and isinstance(second, Token):
        return True
    for known, other in ((first, second), (second, first)):
        if isinstance(known, Token) and not isinstance(other, Unknown):
            if not isinstance(other, str):
                return False if known.literal else None
            begin, *_ = known.text.split("{", 1)
            end = known.text.rpartition("}")[2]
            if not other.startswith(begin) or not other.endswith(end) or len(other) < len(known.literal):
                return False
    return None


def either(first: Any, second: Any, reason: Unknown) -> Any:
    """Return what is known of a value that is one of two and nobody knows which."""
    if first is second or same(first, second) is True:
        return first
    if type(first) is dict and type(second) is dict:
        absent = Token(braced("either"), f"it is there only in one case: {reason.reason}", reason.origin)
        return {
            key: either(first[key], second[key], reason) if key in first and key in second else absent
            for key in (*first, *(key for key in second if key not in first))
        }
    if type(first) is list and type(second) is list and len(first) == len(second):
        return [either(one, other, reason) for one, other in zip(first, second, strict=True)]
    return derive(reason, braced(f"if({text_of(reason)},{text_of(first)},{text_of(second)})"))


def settled(value: Any, budget: "Budget") -> Any:
    """Return ``value`` as a Resource holds it: ids as text, other Tokens as they are. Raises on a spent budget."""
    kind = type(value)
    if kind is dict:
        budget.spend(len(value) + 1)
        return {key: item if type(item) in _PLAIN else settled(item, budget) for key, item in value.items()}
    if kind is list:
        budget.spend(len(value) + 1)
        return [item if type(item) in _PLAIN else settled(item, budget) for item in value]
    if isinstance(value, Token):
        return value.text if value.is_id else (value if kind is Token or kind is Masked else value.derived(value.text))
    return value


_PLAIN: Final = frozenset((str, int, bool, float, type(None)))


class Budget:
    """What one file may cost, in values; keeps small texts from making large memories.

    Values are shared where they are used twice, so that a short chain of variables can stand for a tree without end:
    whatever gets a name is weighed.
    """

    __slots__ = ("left", "limit")

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.left = limit

    def spend(self, values: int) -> None:
        """Take ``values`` off. Raises :class:`EvaluationError` where nothing is left."""
        self.left -= values
        if self.left < 0:
            raise EvaluationError(f"the template expands to more than {self.limit} values")

    def weigh(self, value: Any) -> int:
        """Take the size of ``value`` off and return it. Raises where it is beyond :data:`MAX_WEIGHT`."""
        kind = type(value)
        if kind is not dict and kind is not list:
            if kind is str and len(value) > _LARGE_TEXT:
                self.spend(len(value) // _LARGE_TEXT)
            return 1
        weight = 0
        pending = [value]
        while pending:
            container = pending.pop()
            weight += len(container) + 1
            if weight > MAX_WEIGHT:
                raise EvaluationError(f"a value has more than {MAX_WEIGHT} members at all depths")
            items = container.values() if type(container) is dict else container
            for item in items:
                kind = type(item)
                if kind is dict or kind is list:
                    pending.append(item)
                elif kind is str and len(item) > _LARGE_TEXT:
                    weight += len(item) // _LARGE_TEXT
        self.spend(weight // 8)
        return weight


MAX_WEIGHT: Final = 200_000
"""Members of one value, at all depths."""
_LARGE_TEXT: Final = 32
