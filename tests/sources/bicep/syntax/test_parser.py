# ruff: noqa: E501  # a tree is one line, however long
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.sources.bicep.syntax.nodes import Node
from scanner.sources.bicep.syntax.parser import Program, parse, parse_parameters

from .outline import outline


def value(text: str) -> str:
    program = parse(f"var x = {text}")
    assert not program.complaints, program.complaints
    return outline(program.statements[0].value)  # type: ignore[union-attr]


def type_of(text: str) -> str:
    program = parse(f"type x = {text}")
    assert not program.complaints, program.complaints
    return outline(program.statements[0].type)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("true", "Literal(True)"),
        ("null", "Literal(None)"),
        ("12", "Literal(12)"),
        ("-9223372036854775808", "Unary(Literal(9223372036854775808), '-')"),
        ("a.b.?c", "Property('c', Property('b', Name('a'), False), True)"),
        ("a[0][?b][^1]", "Index(True, Literal(1), Index(False, Name('b'), Index(False, Literal(0), Name('a'), False), True), False)"),
        ("a::b!.c", "Property('c', NonNull(Nested('b', Name('a'))), False)"),
        ("f(a, g())", "Call([Name('a'), Call([], Name('g'), None)], Name('f'), None)"),
        ("sys.f(1)", "Call([Literal(1)], Name('f'), Name('sys'))"),
        ("a.b.c()", "Call([], Name('c'), Property('b', Name('a'), False))"),
        ("!a && b || c", "Binary(Binary(Unary(Name('a'), '!'), '&&', Name('b')), '||', Name('c'))"),
        ("a + b * c - d", "Binary(Binary(Name('a'), '+', Binary(Name('b'), '*', Name('c'))), '-', Name('d'))"),
        ("a ?? b == c", "Binary(Name('a'), '??', Binary(Name('b'), '==', Name('c')))"),
        ("a ? b : c ? d : e", "Conditional(Conditional(Name('e'), Name('c'), Name('d')), Name('a'), Name('b'))"),
        ("a ? b ? c : d : e", "Conditional(Name('e'), Name('a'), Conditional(Name('d'), Name('b'), Name('c')))"),
        ("a\n  ? b\n  : c", "Conditional(Name('c'), Name('a'), Name('b'))"),
        ("a ? b::c : d", "Conditional(Name('d'), Name('a'), Nested('c', Name('b')))"),
        ("(a)", "Parens(Name('a'))"),
        ("(\na\n)", "Parens(Name('a'))"),
        ("x => x", "Lambda(Name('x'), [Name('x')])"),
        ("(x, y) =>\n x", "Lambda(Name('x'), [Name('x'), Name('y')])"),
        ("() => 1", "Lambda(Literal(1), [])"),
        ("'a${b}c'", "Template(['a', Name('b'), 'c'])"),
        ("[]", "Array([])"),
        ("[a, ...b]", "Array([Name('a'), Spread(Name('b'))])"),
        ("[\n a\n b, c\n]", "Array([Name('a'), Name('b'), Name('c')])"),
        ("{}", "Object([], [])"),
        ("{ a: 1, 'b': 2, ...c }", "Object([ObjectProperty('a', Literal(1)), ObjectProperty('b', Literal(2)), Spread(Name('c'))], [])"),
        ("{\n '${a}': {\n b: 1\n }\n}", "Object([ObjectProperty(Template([Name('a')]), Object([ObjectProperty('b', Literal(1))], []))], [])"),
        ("{ resource: 1 }", "Object([ObjectProperty('resource', Literal(1))], [])"),
        ("[for x in y: x.z]", "For(Property('z', Name('x'), False), Name('y'), None, None, Name('x'))"),
        ("[\nfor (x, i) in y: {}\n]", "For(Object([], []), Name('y'), None, Name('i'), Name('x'))"),
        ("f(\n a,\n b\n)", "Call([Name('a'), Name('b')], Name('f'), None)"),
    ],
)  # fmt: skip
def test_expressions(text: str, expected: str) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("string", "Name('string')"),
        ("'a' | 'b'", "UnionType([Literal('a'), Literal('b')])"),
        ("\n| 'a'\n| 'b'", "UnionType([Literal('a'), Literal('b')])"),
        ("int[][]?", "NullableType(ArrayType(ArrayType(Name('int'))))"),
        ("a!", "NonNull(Name('a'))"),
        ("-1 | !true", "UnionType([Unary(Literal(1), '-'), Unary(Literal(True), '!')])"),
        ("a.b[*].*[1]", "TypeIndex(Literal(1), TypeElement(TypeElement(TypeMember('b', Name('a')))))"),
        ("{ a: int, *: string? }", "ObjectType([PropertyType([], 'a', Name('int')), PropertyType([], None, NullableType(Name('string')))])"),
        ("[\n @description('x')\n int\n string\n]", "TupleType([TupleItem([Decorator(Call([Literal('x')], Name('description'), None))], Name('int')), TupleItem([], Name('string'))])"),
        ("(a | b)[]", "ArrayType(Parens(UnionType([Name('a'), Name('b')])))"),
        ("resourceInput<'x@y'>.p", "TypeMember('p', TypeCall([Literal('x@y')], Name('resourceInput'), None))"),
        ("sys.resourceInput<\n'x@y'\n>.p", "TypeMember('p', TypeCall([Literal('x@y')], Name('resourceInput'), Name('sys')))"),
        ("{\n @secure()\n a: string\n}", "ObjectType([PropertyType([Decorator(Call([], Name('secure'), None))], 'a', Name('string'))])"),
    ],
)  # fmt: skip
def test_types(text: str, expected: str) -> None:
    assert type_of(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("targetScope = 'tenant'", "TargetScope([], Literal('tenant'))"),
        ("metadata a = 1", "Assignment([], 'metadata', Name('a'), Literal(1))"),
        ("param a string", "Param([], None, Name('a'), Name('string'))"),
        ("param a resource 'x@y'", "Param([], None, Name('a'), ResourceType(Literal('x@y')))"),
        ("@secure()\n\n@sys.minLength(3)\nparam a string = 'b'", "Param([Decorator(Call([], Name('secure'), None)), Decorator(Call([Literal(3)], Name('minLength'), Name('sys')))], Literal('b'), Name('a'), Name('string'))"),
        ("var a string = 'b'", "Var([], Name('a'), Name('string'), Literal('b'))"),
        ("func f(a string, b int[]) string => a", "Func(Name('a'), [], Name('f'), [[Name('a'), Name('string')], [Name('b'), ArrayType(Name('int'))]], Name('string'))"),
        ("output a string = b", "Output([], Name('a'), Name('string'), Name('b'))"),
        ("resource a 'x@y' existing = {}", "Resource(Object([], []), [], True, Name('a'), Literal('x@y'))"),
        ("resource a 'x@y' =\n if (b) {}", "Resource(If(Object([], []), Parens(Name('b'))), [], False, Name('a'), Literal('x@y'))"),
        ("resource a 'x@y' = [for b in c: if (d) {}]", "Resource(For(Object([], []), Name('c'), Parens(Name('d')), None, Name('b')), [], False, Name('a'), Literal('x@y'))"),
        ("resource a 'x@y' = {\n @f()\n resource b 'z' = {}\n}", "Resource(Object([], [Resource(Object([], []), [Decorator(Call([], Name('f'), None))], False, Name('b'), Literal('z'))]), [], False, Name('a'), Literal('x@y'))"),
        ("module a 'b.bicep' = { params: {} }", "Module(Object([ObjectProperty('params', Object([], []))], []), [], 'module', Name('a'), Literal('b.bicep'))"),
        ("import { a, b as c } from 'd'", "Import(None, [], [ImportName(Name('a'), 'a'), ImportName(Name('c'), 'b')], Literal('d'))"),
        ("import {\n 'a-b' as c\n d\n} from 'e'", "Import(None, [], [ImportName(Name('c'), 'a-b'), ImportName(Name('d'), 'd')], Literal('e'))"),
        ("import * as a from 'b'", "Import(Name('a'), [], [], Literal('b'))"),
        ("import 'x@1' as y", "Extension(Name('y'), None, [], Literal('x@1'))"),
        ("extension a with { b: 1 } as c", "Extension(Name('c'), Object([ObjectProperty('b', Literal(1))], []), [], Name('a'))"),
        ("provider 'a@1'", "Extension(None, None, [], Literal('a@1'))"),
        ("assert a = b", "Assignment([], 'assert', Name('a'), Name('b'))"),
        ("test a 'b' = {}", "Module(Object([], []), [], 'test', Name('a'), Literal('b'))"),
    ],
)  # fmt: skip
def test_statements(text: str, expected: str) -> None:
    program = parse(text)
    assert not program.complaints, program.complaints
    assert [outline(statement) for statement in program.statements] == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("using 'a.bicep'", "Using(None, [], Literal('a.bicep'))"),
        ("using none", "Using(None, [], None)"),
        ("using 'a' with { mode: 'stack' }", "Using(Object([ObjectProperty('mode', Literal('stack'))], []), [], Literal('a'))"),
        ("extends 'b.bicepparam'", "Extends([], Literal('b.bicepparam'))"),
        ("param a = 1", "Assignment([], 'param', Name('a'), Literal(1))"),
        ("extensionConfig a with {}", "ExtensionConfig(Object([], []), [], Name('a'))"),
    ],
)  # fmt: skip
def test_statements_of_parameters_files(text: str, expected: str) -> None:
    program = parse_parameters(text)
    assert not program.complaints, program.complaints
    assert [outline(statement) for statement in program.statements] == [expected]


@pytest.mark.parametrize(
    ("text", "reason", "offset"),
    [
        ("var a 'b'", "expected '=', found the end of the file", 9),
        ("var a = ", "expected a value, found the end of the file", 8),
        ("var a = b c", "expected a new line behind the statement, found 'c'", 10),
        ("var a = [b c]", "expected a new line, ',' or ']', found 'c'", 11),
        ("var a = [\n b,\n c\n]", "expected an item on the same line behind ',', found the end of the line", 13),
        ("var a = { b: 1 c: 2 }", "expected a new line, ',' or '}', found 'c'", 15),
        ("var a = { b 1 }", "expected ':', found '1'", 12),
        ("var a = f(b,)", "expected a value, found ')'", 12),
        ("var a = ()", "expected one expression in the parentheses, found 0", 8),
        ("var a = (1, 2)", "expected one expression in the parentheses, found 2", 8),
        ("var a = b ? c", "expected ':' and what holds otherwise, found the end of the file", 13),
        ("var a = b &&\n c", "expected a value, found the end of the line", 12),
        ("var a = 9223372036854775808", "the integer does not fit in 64 bits", 8),
        ("var a = '${b c}'", "expected '}', found 'c'", 13),
        ("var a = (1) => 2", "expected the name of a lambda's parameter", 9),
        ("resource a = {}", "expected the type of the resource as a string, found '='", 11),
        ("resource a 'b@c' = 1", "expected '{', 'if' or '[', found '1'", 19),
        ("resource a 'b@c' = [x]", "expected 'for', found 'x'", 20),
        ("module a 'b' = if c {}", "expected '(' and the condition, found 'c'", 18),
        ("param a", "expected a type, found the end of the file", 7),
        ("param a string b", "expected '=' and a default value, or a new line, found 'b'", 15),
        ("import a from 'b'", "expected '{' and names, or '* as name', found 'a'", 7),
        ("import { 'a' } from 'b'", "expected 'as' and a name, found '}'", 13),
        ("@secure() param a string", "expected a new line behind the decorator, found 'param'", 10),
    ],
)  # fmt: skip
def test_complaints(text: str, reason: str, offset: int) -> None:
    assert parse(text).complaints[0] == (reason, offset)


def test_a_statement_that_cannot_be_read_costs_only_itself() -> None:
    program = parse(
        "var a = {\n  b: [\n}\nvar c = 1\nvar d = = 2\n@secure()\nparam e string\nnonsense\noutput f int = c\n"
    )
    names = [statement.name.name for statement in program.statements]  # type: ignore[union-attr]
    assert names == ["c", "e", "f"]
    assert [found.offset for found in program.complaints] == [17, 37, 66]


@pytest.mark.parametrize(
    ("opening", "closing"),
    [("[", "]"), ("{a:", "}"), ("f(", ")"), ("(", ")"), ("'${", "}'"), ("a[", "]"), ("x=>", ""), ("[for a in b:", "]"), ("a?b:", ""), ("a?", ":c")],
)  # fmt: skip
@pytest.mark.parametrize("depth", [40, 2_000, 100_000])
def test_depth_is_bounded(opening: str, closing: str, depth: int) -> None:
    program = parse(f"var x = {opening * depth}1{closing * depth}")
    assert bool(program.complaints) is (depth > 40)


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ("{a:", "}"), ("(", ")"), ("resourceInput<", ">")])
def test_depth_of_types_is_bounded(opening: str, closing: str) -> None:
    assert parse(f"type x = {opening * 50_000}int{closing * 50_000}").complaints


@pytest.mark.parametrize("step", [".b", "[0]", "::c", "!", " && b", " + 1", ".c()", "[?0]"])
def test_chains_are_bounded(step: str) -> None:
    assert parse(f"var x = a{step * 50_000}").complaints
    assert not parse(f"var x = a{step * 50}").complaints


def _nodes(value: object) -> list[Node]:
    found: list[Node] = []
    pending = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, Node):
            found.append(item)
            pending.extend(getattr(item, slot) for slot in type(item).__slots__)
        elif isinstance(item, tuple):
            pending.extend(item)
    return found


def test_every_file_of_the_corpus_that_the_compiler_accepts_parses(corpus: Path) -> None:
    files = [path for path in sorted((corpus / "bicep/Azure+bicep").rglob("*.bicep*")) if _is_valid(path)]
    refused = [path for path in files if _parse(path)[1].complaints]
    assert len(files) > 300
    assert not refused


def test_offsets_lie_in_the_text_and_in_each_other(corpus: Path) -> None:
    for path in sorted((corpus / "bicep/Azure+bicep/baselines").rglob("main.bicep")):
        text, program = _parse(path)
        for node in _nodes(program.statements):
            assert 0 <= node.start <= node.end <= len(text)
            for slot in type(node).__slots__:
                inner = getattr(node, slot)
                if isinstance(inner, Node) and slot not in ("item", "index"):
                    assert node.start <= inner.start <= inner.end <= node.end or slot == "decorators", path


def _is_valid(path: Path) -> bool:
    invalid = "Invalid" in path.parent.name or "Invalid" in str(path)
    return path.suffix in (".bicep", ".bicepparam") and not invalid and ".diagnostics" not in path.name


def _parse(path: Path) -> tuple[str, Program]:
    text = path.read_text(encoding="utf-8-sig")
    return text, (parse_parameters if path.suffix == ".bicepparam" else parse)(text)


_WORDS = st.sampled_from(
    ["var", "x", "=", "'", "${", "}", "{", "[", "]", "(", ")", "\n", ":", "?", ",", ".", "for", "in", "if", "resource",
     "'a@b'", "1", "=>", "|", "<", ">", "'''", "@", "type", "param", "...", "!", "-", "//", "/*", "::", "import", "$"]
)  # fmt: skip


@settings(deadline=None, max_examples=300)
@given(st.lists(_WORDS, max_size=60))
def test_never_raises(words: list[str]) -> None:
    text = " ".join(words)
    for program in (parse(text), parse_parameters(text)):
        assert all(0 <= found.offset <= len(text) for found in program.complaints)
