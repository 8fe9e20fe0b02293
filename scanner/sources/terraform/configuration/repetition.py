"""``count`` and ``for_each``: which instances a block has."""

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

from scanner.model.unknown import Unknown
from scanner.sources.terraform.configuration.module import Repeated
from scanner.sources.terraform.evaluation import ABSENT, ExpressionError, Frame
from scanner.sources.terraform.evaluation.bodies import evaluated
from scanner.sources.terraform.syntax import nodes
from scanner.sources.terraform.values import Sensitive, SetValue, ValueFault, first_unknown
from scanner.sources.terraform.values.convert import convert
from scanner.sources.terraform.values.types import NUMBER, friendly, type_of

SYMBOLIC_KEY: Final = "[*]"


class Repetition(NamedTuple):
    """One instance of a block, before it is evaluated."""

    suffix: str
    """``["web"]``, ``[0]``, ``[*]``; empty where the block has neither ``count`` nor ``for_each``."""
    key: Any
    """Text, int or None."""
    each_key: Any = ABSENT
    each_value: Any = ABSENT
    index: Any = ABSENT

    def frame(self, names: Any, size: int) -> Frame:
        """Return a frame for the expressions of this instance."""
        return [names, self.each_key, self.each_value, self.index, ABSENT, *([None] * (size - 5))]


class Repetitions(NamedTuple):
    """All instances of a block."""

    kind: str
    """``single``, ``count``, ``each`` or ``symbolic``."""
    items: Sequence[Repetition]
    reason: str = ""
    """Why they are symbolic."""


SINGLE: Final = Repetitions("single", (Repetition("", None),))


class Asked(NamedTuple):
    """What it takes to find the instances of a block."""

    report: Callable[[ExpressionError, nodes.Node], Unknown]
    note: Callable[[str, nodes.Node], None]
    most: int
    """The most instances that are made."""


def repetitions(block: Repeated, frame: Frame, asked: Asked) -> Repetitions:
    """Return the instances of ``block``; one symbolic instance where they are not known, or too many."""
    for name, compiled in (("for_each", block.for_each), ("count", block.count)):
        node = block.attribute(name)
        if compiled is None or node is None:
            continue
        if name == "for_each" and block.count is not None:
            asked.report(ExpressionError("count and for_each exclude each other", node), node)
        value = evaluated(compiled.evaluate, frame, node, asked.report)
        return (_by_key if name == "for_each" else _by_count)(value, node, asked)
    return SINGLE


def _by_count(value: Any, node: nodes.Attribute, asked: Asked) -> Repetitions:
    if isinstance(value, Sensitive):
        return _wrong("the number of instances must not be sensitive", node, asked, counted=True)
    if isinstance(value, Unknown):
        return _symbolic(value.reason, counted=True)
    if value is None:
        return _wrong("the number of instances is null", node, asked, counted=True)
    try:
        number = convert(value, NUMBER)
    except ValueFault as fault:
        return _wrong(f"the number of instances has to be a number: {fault}", node, asked, counted=True)
    if number != int(number) or number < 0:
        return _wrong("the number of instances has to be whole and not negative", node, asked, counted=True)
    if number > asked.most:
        return _too_many(int(number), node, asked, counted=True)
    return Repetitions("count", [Repetition(f"[{index}]", index, index=index) for index in range(int(number))])


def _by_key(value: Any, node: nodes.Attribute, asked: Asked) -> Repetitions:
    if isinstance(value, Sensitive):
        return _wrong("the keys of instances must not be sensitive", node, asked)
    if isinstance(value, Unknown):
        return _symbolic(value.reason)
    if value is None:
        return _wrong("what there is an instance for is null", node, asked)
    pairs: list[tuple[str, Any]]
    if isinstance(value, SetValue):
        unknown = first_unknown(value)
        if unknown is not None:
            return _symbolic(unknown.reason)
        if not all(type(item) is str for item in value):
            return _wrong(f"it has to be a set of strings, not a {friendly(type_of(value))}", node, asked)
        pairs = [(item, item) for item in value]
    elif isinstance(value, dict):
        pairs = sorted(value.items(), key=lambda pair: pair[0])
    else:
        return _wrong(f"it has to be a map or a set of strings, not a {friendly(type_of(value))}", node, asked)
    if len(pairs) > asked.most:
        return _too_many(len(pairs), node, asked)
    return Repetitions("each", [Repetition(f"[{quoted(key)}]", key, key, item) for key, item in pairs])


def quoted(key: str) -> str:
    """Return a key as Terraform writes it in an address."""
    escaped = key.replace("\\", "\\\\").replace('"', '\\"').replace("${", "$${").replace("%{", "%%{")
    for char, name in (("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t")):
        escaped = escaped.replace(char, name)
    return f'"{escaped}"'


def _wrong(message: str, node: nodes.Attribute, asked: Asked, counted: bool = False) -> Repetitions:
    return _symbolic(asked.report(ExpressionError(message, node.value), node).reason, counted)


def _too_many(number: int, node: nodes.Attribute, asked: Asked, counted: bool = False) -> Repetitions:
    reason = f"{number} instances are asked for, more than {asked.most}"
    asked.note(f"one instance stands for all: {reason}", node)
    return _symbolic(reason, counted)


def _symbolic(reason: str, counted: bool = False) -> Repetitions:
    if counted:
        return Repetitions("symbolic", (Repetition(SYMBOLIC_KEY, None, index=Unknown(reason)),), reason)
    return Repetitions("symbolic", (Repetition(SYMBOLIC_KEY, None, Unknown(reason), Unknown(reason)),), reason)
