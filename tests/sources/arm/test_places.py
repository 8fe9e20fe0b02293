"""Places in programs of nodes; those in JSON are tested with pages."""

from typing import Any

import pytest

from scanner.model.location import Region
from scanner.sources.arm.evaluation import evaluate
from scanner.sources.arm.places import Place
from scanner.sources.arm.program import (
    Access,
    Array,
    Call,
    Conditional,
    Entry,
    Expression,
    Literal,
    Local,
    Loop,
    Object,
    Parameter,
    ParameterDeclaration,
    Program,
    Repeat,
    ResourceDeclaration,
    Spread,
    Supplied,
    Variable,
)


def line(number: int) -> Region:
    return Region(number, 1, number, 2)


def entry(name: str, at: int, value: Expression) -> Entry:
    return Entry(Literal(name), value, at=at)


ROUNDS = Loop(over=Array((Literal(1),)), item="i")
PROPERTIES = Object(
    (
        entry("tls", 11, Literal("TLS1_0", at=11)),
        entry("list", 12, Array((Literal(1, at=13), Object((entry("a", 14, Literal(1)),), at=14)), at=12)),
        entry("spread", 15, Array((Spread(Variable("v")), Literal(1, at=16)), at=15)),
        entry(
            "loop", 17, Repeat(Loop(over=Array((Literal(1),)), item="i"), Object((entry("b", 18, Local("i")),), at=18))
        ),
        entry("variable", 19, Access(Variable("v"), Literal(0), at=19)),
        entry("parameter", 20, Parameter("p", at=20)),
        entry("default", 21, Parameter("d", at=21)),
        entry("declared", 22, Parameter("u", at=22)),
        entry("either", 23, Conditional(Literal(True), Literal(1), Literal(2), at=23)),
    ),
    at=10,
)


def places(path: Any, properties: Expression = PROPERTIES) -> list[tuple[int | None, str]]:
    program = Program("main.bicep", locate=lambda program, at: line(at))
    program.variables["v"] = Array((Parameter("d", at=30),), at=30)
    program.parameters["p"] = ParameterDeclaration("p", at=31)
    program.parameters["d"] = ParameterDeclaration("d", default=Literal("x", at=32), at=33)
    program.parameters["u"] = ParameterDeclaration("u", at=34)
    body = Object((entry("properties", 10, properties), entry("location", 9, Literal("x", at=9))), at=8)
    program.resources.append(ResourceDeclaration(Literal("A.B/c"), Literal("n", at=7), body, symbol="r", at=6))
    given = {"p": Supplied("y", "main.bicepparam", lambda: line(40))}
    found = evaluate(program, given).objects[0].source.places(path)
    assert all(isinstance(place, Place) for place in found)
    return [(place.region.line if place.region else None, place.role) for place in found]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ((), [(8, "")]),
        (("name",), [(7, "")]),
        (("location",), [(9, "")]),
        (("nothing",), [(8, "")]),
        (("properties", "TLS"), [(11, "")]),
        (("properties", "nothing", "below"), [(10, "")]),
        (("properties", "list", 0), [(13, "")]),
        (("properties", "list", 1, "a"), [(14, "")]),
        (("properties", "list", 7), [(12, "")]),
        (("properties", "spread", 1), [(15, "")]),
        (("properties", "loop", 0, "b"), [(18, "")]),
        (("properties", "variable"), [(19, ""), (30, "variable 'v' is set here")]),
        (("properties", "parameter"), [(20, ""), (40, "parameter 'p' is set here")]),
        (("properties", "default"), [(21, ""), (32, "the default of parameter 'd'")]),
        (("properties", "declared"), [(22, ""), (34, "parameter 'u' is declared here")]),
        (("properties", "either"), [(23, "")]),
    ],
)
def test_the_deciding_place_and_what_carried_the_value(path: Any, expected: list[tuple[int, str]]) -> None:
    assert places(path) == expected


def test_a_call_carries_nothing() -> None:
    called = Object((entry("a", 11, Call("toLower", (Parameter("p"),), at=11)),), at=10)

    assert places(("properties", "a"), called) == [(11, "")]


def test_names_that_are_not_declared_carry_nothing() -> None:
    strange = Object((entry("a", 11, Parameter("no", at=11)), entry("b", 12, Variable("no", at=12))), at=10)

    assert places(("properties", "a"), strange) == [(11, "")]
    assert places(("properties", "b"), strange) == [(12, "")]
