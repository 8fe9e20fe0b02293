"""Conversion to a named type, and marks."""

from collections.abc import Callable

from scanner.model.unknown import Unknown
from scanner.sources.terraform.functions.function import Function, FunctionError, Reach
from scanner.sources.terraform.values.convert import convert
from scanner.sources.terraform.values.types import ANY, BOOL, NUMBER, STRING, ListType, MapType, SetType, Type
from scanner.sources.terraform.values.value import Sensitive, Value, ValueFault, hide, reveal


def _to(wanted: Type) -> Callable[[Value], Value]:
    def run(value: Value) -> Value:
        try:
            return convert(value, wanted)
        except ValueFault as fault:
            raise FunctionError(str(fault), 0) from None

    return run


def _is_sensitive(value: Value) -> Value:
    if isinstance(value, Sensitive):
        return True
    return value if isinstance(value, Unknown) else False


def _nonsensitive(value: Value) -> Value:
    return value.value if isinstance(value, Sensitive) else value


def _sensitive(value: Value) -> Value:
    return hide(reveal(value)[0])


FUNCTIONS = {
    "ephemeralasnull": Function(lambda value: value, ANY, reach=Reach.ALL),
    "issensitive": Function(_is_sensitive, ANY, reach=Reach.ALL),
    "nonsensitive": Function(_nonsensitive, ANY, reach=Reach.ALL),
    "sensitive": Function(_sensitive, ANY, reach=Reach.ALL),
    "tobool": Function(_to(BOOL), ANY, nullable=True, reach=Reach.ALL),
    "tolist": Function(_to(ListType(ANY)), ANY, nullable=True, reach=Reach.ALL),
    "tomap": Function(_to(MapType(ANY)), ANY, nullable=True, reach=Reach.ALL),
    "tonumber": Function(_to(NUMBER), ANY, nullable=True, reach=Reach.ALL),
    "toset": Function(_to(SetType(ANY)), ANY, nullable=True, reach=Reach.ALL),
    "tostring": Function(_to(STRING), ANY, nullable=True, reach=Reach.ALL),
}
