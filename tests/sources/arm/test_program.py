"""Nodes and declarations as a reader of another language lowers to them."""

from typing import Any

import pytest

from scanner.model.location import Region
from scanner.model.unknown import Unknown
from scanner.sources.arm.evaluation import Evaluated, evaluate
from scanner.sources.arm.program import (
    Access,
    Array,
    AssertDeclaration,
    Call,
    Conditional,
    Entry,
    Expression,
    FunctionDeclaration,
    Interpolation,
    Lambda,
    Literal,
    Local,
    Loop,
    Missing,
    ModuleDeclaration,
    Object,
    OutputDeclaration,
    Parameter,
    ParameterDeclaration,
    Program,
    Repeat,
    ResourceDeclaration,
    Spread,
    Supplied,
    Symbol,
    Variable,
)

ONE, TWO = Literal(1), Literal(2)
X, Y = Literal("x"), Literal("y")
UNKNOWN = Parameter("unknown")


def thing(**entries: Expression) -> Object:
    return Object(tuple(Entry(Literal(name), value) for name, value in entries.items()))


def value(node: Expression, *, faults: int = 0) -> Any:
    program = Program("main.bicep")
    program.parameters["unknown"] = ParameterDeclaration("unknown")
    program.outputs["o"] = OutputDeclaration("o", node)
    evaluated = evaluate(program)
    found = evaluated.output("o")
    assert evaluated.problems == ()
    return found


@pytest.mark.parametrize(
    ("node", "result"),
    [
        (Interpolation((X, Literal("-"), ONE, Literal(True))), "x-1True"),
        (Interpolation((X, Array((ONE,)))), "x[1]"),
        (Array((ONE, Spread(Array((TWO,))), Spread(Literal(None)))), [1, 2]),
        (
            Object((Entry(X, ONE), Spread(thing(x=TWO, z=ONE)), Entry(Call("concat", (X, Y)), TWO))),
            {"x": 2, "z": 1, "xy": 2},
        ),
        (Conditional(Literal(True), ONE, Call("div", (ONE, Literal(0)))), 1),
        (Access(Array((ONE, TWO)), ONE, from_end=True), 2),
        (Access(Array((ONE, TWO)), Literal(5), safe=True), None),
        (Access(Literal(None), X, safe=True), None),
        (Access(Array((ONE, TWO)), Literal(0)), 1),
        (Access(thing(x=ONE), X), 1),
        (Repeat(Loop(over=Array((X, Y)), item="a", index="i"), Interpolation((Local("a"), Local("i")))), ["x0", "y1"]),
        (
            Repeat(
                Loop(over=Array((ONE, TWO)), item="a", condition=Call("equals", (Local("a"), TWO))),
                Repeat(Loop(over=Array((X,)), item="b"), Array((Local("a"), Local("b")))),
            ),
            [[[2, "x"]]],
        ),
        (Call("map", (Array((ONE, TWO)), Lambda(("n",), Call("add", (Local("n"), ONE))))), [2, 3]),
        (Call("sys.toUpper".removeprefix("sys."), (X,), "sys"), "X"),
        (Literal({"a": [1]}), {"a": [1]}),
    ],
)  # fmt: skip
def test_nodes_have_values(node: Expression, result: Any) -> None:
    assert value(node) == result


@pytest.mark.parametrize(
    "node",
    [
        Interpolation((X, UNKNOWN)),
        Array((ONE, Spread(UNKNOWN))),
        Object((Entry(X, ONE), Spread(UNKNOWN))),
        Repeat(Loop(over=UNKNOWN, item="a"), ONE),
        Repeat(Loop(over=Array((ONE,)), item="a", condition=UNKNOWN), ONE),
        Access(UNKNOWN, ONE, from_end=True),
        Access(Array((ONE,)), UNKNOWN),
    ],
)
def test_what_needs_the_unknown_is_unknown(node: Expression) -> None:
    assert isinstance(value(node), Unknown)


def test_a_key_that_is_unknown_is_a_key() -> None:
    assert value(Object((Entry(UNKNOWN, ONE),))) == {"{parameters.unknown}": 1}


@pytest.mark.parametrize(
    ("node", "message"),
    [
        (Array((Spread(ONE),)), "an array can take in the members of an array, not of an int"),
        (Object((Spread(ONE),)), "an object can take in the members of an object, not of an int"),
        (Spread(ONE), "an entry or spread stands where a value is wanted"),
        (Symbol("nothing"), "there is no resource 'nothing'"),
        (Local("nothing"), "nothing binds the name 'nothing' here"),
        (Repeat(Loop(over=ONE, item="x"), ONE), "a loop wants an array to run over, not an int"),
    ],
)
def test_what_makes_no_sense_is_told(node: Expression, message: str) -> None:
    program = Program("main.bicep")
    program.resources.append(ResourceDeclaration(Literal("A.B/c"), X, thing(properties=node)))

    assert [problem.message for problem in evaluate(program).problems] == [message]


def test_a_fault_stands_where_its_node_stands() -> None:
    program = Program("main.bicep", locate=lambda program, at: Region(at, 1, at, 2))
    call = Call("nothing", (), at=7)
    program.resources.append(ResourceDeclaration(Literal("A.B/c"), X, thing(properties=thing(a=call, b=ONE))))

    evaluated = evaluate(program)

    assert evaluated.problems[0].place == 7
    assert evaluated.objects[0].body["properties"]["b"] == 1


def deployed(program: Program, **given: Any) -> Evaluated:
    evaluated = evaluate(program, {name: Supplied(one) for name, one in given.items()})
    assert evaluated.problems == ()
    return evaluated


def test_resources_in_loops_with_parents_in_loops() -> None:
    program = Program("main.bicep")
    items = Array((thing(name=X), thing(name=Y)))
    account = ResourceDeclaration(
        Literal("Microsoft.Storage/storageAccounts@2023-01-01"),
        Access(Local("item"), Literal("name")),
        thing(location=Local("index")),
        symbol="accounts",
        loop=Loop(over=items, item="item", index="index"),
    )
    service = ResourceDeclaration(
        Literal("blobServices"),
        Literal("default"),
        thing(),
        symbol="services",
        loop=Loop(over=items, item="item", index="index"),
        parent=account,
        parent_index=Local("index"),
    )
    user = ResourceDeclaration(
        Literal("A.B/c"),
        Access(Access(Symbol("services"), ONE), Literal("id")),
        thing(),
        symbol="user",
        scope=Call("tenant", ()),
    )
    program.resources += [account, service, user]

    found = deployed(program).objects

    assert [(one.key, one.name) for one in found[:4]] == [
        ("main.bicep:accounts[0]", "x"),
        ("main.bicep:accounts[1]", "y"),
        ("main.bicep:services[0]", "x/default"),
        ("main.bicep:services[1]", "y/default"),
    ]
    assert found[2].type == "Microsoft.Storage/storageAccounts/blobServices"
    assert "storageAccounts" in found[4].name


def test_a_parent_of_which_nobody_knows_the_round_has_a_name_of_its_own() -> None:
    program = Program("main.bicep")
    program.parameters["n"] = ParameterDeclaration("n")
    parent = ResourceDeclaration(
        Literal("A.B/c"),
        Interpolation((X, Local("i"))),
        thing(),
        symbol="p",
        loop=Loop(over=Array((X, Y)), index="i", item=""),
    )
    child = ResourceDeclaration(Literal("d"), Y, thing(), symbol="q", parent=parent, parent_index=Parameter("n"))
    program.resources += [parent, child]

    assert deployed(program).objects[2].name == "x{copyIndex()}/y"


def test_modules_give_their_outputs_as_they_are() -> None:
    inner = Program("inner.bicep")
    inner.parameters["p"] = ParameterDeclaration("p", "string")
    inner.variables["v"] = Interpolation((Parameter("p"), Literal("!")))
    inner.outputs["o"] = OutputDeclaration("o", Variable("v"))
    inner.resources.append(ResourceDeclaration(Literal("A.B/c"), Variable("v"), thing(), symbol="r"))
    program = Program("main.bicep")
    program.modules.append(
        ModuleDeclaration(
            lambda: inner,
            None,
            {"p": Local("item")},
            symbol="m",
            loop=Loop(over=Array((X, Y)), item="item"),
            scope=Call("resourceGroup", (Literal("rg"),)),
        )
    )
    read = Access(Access(Access(Symbol("m"), ONE), Literal("outputs")), Literal("o"))
    program.resources.append(ResourceDeclaration(Literal("A.B/c"), read, thing(), symbol="user"))

    found = deployed(program).objects

    assert [one.key for one in found] == ["main.bicep:user", "main.bicep:m[0]/r", "main.bicep:m[1]/r"]
    assert [one.name for one in found] == ["y!", "x!", "y!"]
    assert found[1].id == "/subscriptions/{subscription}/resourceGroups/rg/providers/A.B/c/x!"


def test_a_module_that_is_missing_has_unknown_outputs() -> None:
    program = Program("main.bicep")
    program.modules.append(
        ModuleDeclaration(lambda: Missing("br/public:x:1 is not here", incomplete=False), X, symbol="m")
    )
    read = Access(Access(Symbol("m"), Literal("outputs")), Literal("o"))
    program.resources.append(ResourceDeclaration(Literal("A.B/c"), X, thing(properties=thing(a=read))))

    evaluated = evaluate(program)

    assert evaluated.objects[0].body["properties"]["a"].reason == "br/public:x:1 is not here"
    assert [(problem.message, problem.outside) for problem in evaluated.problems] == [
        ("br/public:x:1 is not here", True)
    ]


def test_functions_and_asserts() -> None:
    program = Program("main.bicep")
    body = Call("toUpper", (Parameter("p"),))
    program.functions["f.up"] = FunctionDeclaration("up", "f", (ParameterDeclaration("p"),), body)
    program.functions["own"] = FunctionDeclaration("own", "", (), Call("up", (X,), "f"))
    program.asserts.append(AssertDeclaration("same", Call("equals", (Call("own", ()), Literal("X")))))

    deployed(program)


def test_an_existing_module_has_unknown_outputs_and_a_condition_its_resources() -> None:
    program = Program("main.bicep")
    program.modules.append(ModuleDeclaration(lambda: program, X, symbol="m", existing=True))
    read = Access(Access(Symbol("m"), Literal("outputs")), Literal("o"))
    program.resources.append(ResourceDeclaration(Literal("A.B/c"), X, thing(a=read), condition=Literal(True)))

    assert isinstance(deployed(program).objects[0].body["a"], Unknown)
