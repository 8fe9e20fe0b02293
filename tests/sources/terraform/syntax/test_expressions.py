import pytest

from scanner.sources.terraform.syntax import SyntaxFault, parse_expression, parse_file
from scanner.sources.terraform.syntax import nodes as n
from scanner.sources.terraform.syntax.expressions import MAX_DEPTH, MAX_STEPS
from tests.sources.terraform.syntax.shape import shape


def read(text: str) -> str:
    node = parse_expression(text)
    return f"{node.start}-{node.end} {node.message}" if isinstance(node, SyntaxFault) else shape(node)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("1 + 2 * 3", "(1 + (2 * 3))"),
        ("1 * 2 + 3", "((1 * 2) + 3)"),
        ("1 - 2 - 3", "((1 - 2) - 3)"),
        ("8 / 4 % 3 * 2", "(((8 / 4) % 3) * 2)"),
        ("a || b && c", "(a || (b && c))"),
        ("a && b || c", "((a && b) || c)"),
        ("a == b && c != d", "((a == b) && (c != d))"),
        ("a < b == c >= d", "((a < b) == (c >= d))"),
        ("a + 1 > b - 1", "((a + 1) > (b - 1))"),
        ("-a + b", "((-a) + b)"),
        ("- -a", "(-(-a))"),
        ("!a.b && !c", "((!a.b) && (!c))"),
        ("-a[0].b * 2", "((-a[0].b) * 2)"),
        ("1 - -1", "(1 - (-1))"),
        ("(1 + 2) * 3", "(<(1 + 2)> * 3)"),
        ("a ? b : c ? d : e", "(a ? b : (c ? d : e))"),
        ("a ? b ? 1 : 2 : 3", "(a ? (b ? 1 : 2) : 3)"),
        ("a || b ? c : d + 1", "((a || b) ? c : (d + 1))"),
        ("a?b:c", "(a ? b : c)"),
    ],
)
def test_operators_bind_by_precedence(text: str, tree: str) -> None:
    assert read(text) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("var.a.b", "var.a.b"),
        ("var . a", "var.a"),
        ("a[0]", "a[0]"),
        ('a["b"].c', "a['b'].c"),
        ("a[b.c + 1]", "a[(b.c + 1)]"),
        ("a.0.b", "a[0].b"),
        ("a.1e2", "a[100]"),
        ("a.b[*]", "a.b[*](@)"),
        ("a[*].b[0].c", "a[*](@.b[0].c)"),
        ("a[*].b[*].c", "a[*](@.b[*](@.c))"),
        ("a.*.b.c", "a[*](@.b.c)"),
        ("a.*.b.0.c", "a[*](@.b[0].c)"),
        ("a.*.b[0]", "a[*](@.b)[0]"),
        ("a.*.b[0].c", "a[*](@.b)[0].c"),
        ("a.*", "a[*](@)"),
        ("(a)[ * ].b", "<a>[*](@.b)"),
        ("f(x).y[1]", "f(x).y[1]"),
        ("[1, 2][0]", "[1, 2][0]"),
        ('"x".y', "'x'.y"),
        ("true.x", "true.x"),
        ("größe.über-all", "größe.über-all"),
        ("a.é", "a.é"),
        ("e\u0301.x", "e\u0301.x"),
        ("a-b - c-1", "(a-b - c-1)"),
        ("each.value", "each.value"),
    ],
)
def test_references(text: str, tree: str) -> None:
    assert read(text) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("f()", "f()"),
        ("f(1, a.b, [], )", "f(1, a.b, [])"),
        ("f(\n1,\n# c\n2\n)", "f(1, 2)"),
        ("max(a...)", "max(a...)"),
        ("max(1, a[*].b ... )", "max(1, a[*](@.b)...)"),
        ("provider::azurerm::parse(x)", "provider::azurerm::parse(x)"),
        ("provider :: a :: b (x)", "provider::a::b(x)"),
        ("f(g(h(1)))", "f(g(h(1)))"),
        ("zählen(1)", "zählen(1)"),
        ("true(1)", "true(1)"),
    ],
)
def test_calls(text: str, tree: str) -> None:
    assert read(text) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("[]", "[]"),
        ("[1,]", "[1]"),
        ('[ "a" , b.c ,\n\n 3 # x\n, [] ]', "['a', b.c, 3, []]"),
        ("[for_each, forx]", "[for_each, forx]"),
        ("[a, for]", "[a, for]"),
        ("{}", "{}"),
        ("{ a = 1, b : 2 }", "{'a': 1, 'b': 2}"),
        ('{\n"a" = 1\nb = 2 # c\n\n(c) = 3\n}', "{'a': 1, 'b': 2, <c>: 3}"),
        ("{ a = 1,\n\n b = 2,\n}", "{'a': 1, 'b': 2}"),
        ("{ true = 1, null = 2, for_ = 3, 4 = 5 }", "{'true': 1, 'null': 2, 'for_': 3, 4: 5}"),
        ("{ a.b = 1 }", "{a.b: 1}"),
        ('{ "${k}" = 1 }', "{wrap(k): 1}"),
        ("{ a = { b = { c = [] } } }", "{'a': {'b': {'c': []}}}"),
        ("{ a = 1, for = 2 }", "{'a': 1, 'for': 2}"),
        ("{ a = x ? 1 : 2, b = y }", "{'a': (x ? 1 : 2), 'b': y}"),
        ("{ é = 1 }", "{'é': 1}"),
        ("{a={}\r\nb=2\r\n}", "{'a': {}, 'b': 2}"),
        ("{ a = (1\n+ 2)\n b = [\n1\n] }", "{'a': <(1 + 2)>, 'b': [1]}"),
    ],
)
def test_lists_and_objects(text: str, tree: str) -> None:
    assert read(text) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("[for v in a : v]", "[for v in a: v]"),
        ("[for k, v in a : k if v != null]", "[for k, v in a: k if (v != null)]"),
        ("{for k, v in a : k => v}", "{for k, v in a: k => v}"),
        ("{\nfor v in a\n: v.id => v.x...\nif v.on\n}", "{for v in a: v.id => v.x... if v.on}"),
        ("[for a in [for b in c : b] : a ? 1 : 2]", "[for a in [for b in c: b]: (a ? 1 : 2)]"),
        ("[for k,v in {a=1}:{(k)=v}]", "[for k, v in {'a': 1}: {<k>: v}]"),
        ("[\n# c\nfor v in a : v]", "[for v in a: v]"),
    ],
)
def test_for_expressions(text: str, tree: str) -> None:
    assert read(text) == tree


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "0-0 expected an expression, found the end of the file"),
        ("1 +", "3-3 expected an expression, found the end of the file"),
        ("1 2", '2-3 expected an operator or the end of the expression, found "2"'),
        ("(1", '2-2 expected ")", found the end of the file'),
        ("[1 2]", '3-4 expected "," or "]", found "2"'),
        ("{ a }", '4-5 expected "=" or ":" after the key, found "}"'),
        ("{ a = 1 b = 2 }", '8-9 expected a new line, "," or "}" after the value, found "b"'),
        ("{ a = b\n, }", '8-9 expected an expression, found ","'),
        ("{ a => 1 }", '4-5 expected "=" or ":" after the key, found "="'),
        ("f(1 2)", '4-5 expected "," or ")", found "2"'),
        ("f(a..., b)", '6-7 expected ")" after "...", found ","'),
        ("a.b(1)", '3-4 expected an operator or the end of the expression, found "("'),
        ("a.", "2-2 expected an attribute name, found the end of the file"),
        ("a.1.2", '2-5 expected one index after the dot, found "1.2"'),
        ("a.*.*", '4-5 expected an attribute name, found "*"'),
        ("a[1", '3-3 expected "]", found the end of the file'),
        ("a[*", '3-3 expected "]", found the end of the file'),
        ("a ? b", '5-5 expected ":" and the other value of the conditional, found the end of the file'),
        ("[for v in a]", '11-12 expected ":" after the collection, found "]"'),
        ("[for v of a : v]", '7-9 expected "in", found "of"'),
        ("[for 1 in a : v]", '5-6 expected a variable name, found "1"'),
        ("[for v in a : v => v]", '16-17 expected "]" or "if", since a list has no keys, found "="'),
        ("[for v in a : v...]", '15-16 expected "]" or "if", since a list has no groups, found "."'),
        ("{for v in a : v}", '15-16 expected "=>" and a value, since an object has keys, found "}"'),
        ("[for v in a : v if b c]", '21-22 expected "]", found "c"'),
        ("a::b", '4-4 expected "(", found the end of the file'),
        ("a::1()", '3-4 expected a function name, found "1"'),
        ("a = 1", '2-3 expected an operator or the end of the expression, found "="'),
        ("a & b", '2-3 expected an operator or the end of the expression, found "&"'),
        ("'a'", '0-1 expected an expression, found "\'"'),
        ("\x00", "0-1 expected an expression, found the character U+0000"),
        ("/* a", '0-1 expected an expression, found "/"'),
        ("1.5.5", '0-5 expected a number, found "1.5.5"'),
    ],
)
def test_faults_say_what_was_expected_and_found(text: str, fault: str) -> None:
    assert read(text) == fault


def test_every_node_spans_its_text() -> None:
    text = ' var.a[f("x", 1)].b ? [for k, v in { p = -q } : "a${k}" if !v] : (c.*.d) '
    spans = []

    def visit(node: object) -> None:
        if isinstance(node, tuple):
            for part in node:
                visit(part)
        elif isinstance(node, n.Node):
            spans.append((type(node).__name__, text[node.start : node.end]))
            for slot in type(node).__slots__:
                visit(getattr(node, slot))

    visit(parse_expression(text))
    assert sorted(spans) == sorted(
        [
            ("Conditional", text.strip()),
            ("GetAttr", 'var.a[f("x", 1)].b'),
            ("Index", 'var.a[f("x", 1)]'),
            ("GetAttr", "var.a"),
            ("Name", "var"),
            ("Call", 'f("x", 1)'),
            ("Literal", '"x"'),
            ("Literal", "1"),
            ("ForTuple", '[for k, v in { p = -q } : "a${k}" if !v]'),
            ("ObjectCons", "{ p = -q }"),
            ("Literal", "p"),
            ("Unary", "-q"),
            ("Name", "q"),
            ("Template", '"a${k}"'),
            ("Name", "k"),
            ("Unary", "!v"),
            ("Name", "v"),
            ("Parens", "(c.*.d)"),
            ("Splat", "c.*.d"),
            ("Name", "c"),
            ("GetAttr", "*.d"),
            ("SplatItem", "*"),
        ]
    )


@pytest.mark.parametrize(
    ("opening", "middle", "closing"),
    [
        ("(", "1", ")"),
        ("[", "1", "]"),
        ("{a=", "1", "}"),
        ("{(", "1", ")=1}"),
        ("f(", "1", ")"),
        ("a[", "1", "]"),
        ("-", "1", ""),
        ("!", "a", ""),
        ("1+", "1", ""),
        ("a||", "a", ""),
        ("a?", "a", ":a"),
        ("a?a:", "a", ""),
        ("[for a in ", "a", ":a]"),
        ('"${', "a", '}"'),
        ("<<A\n${", "a", "}\nA\n"),
        ("", "f()", ".b"),
        ("", "a", "[0]"),
        ("", "a", "[*]"),
    ],
)
def test_what_nests_too_deep_is_a_fault(opening: str, middle: str, closing: str) -> None:
    assert not isinstance(parse_expression(opening * 40 + middle + closing * 40), SyntaxFault)
    deep = parse_expression(opening * 5000 + middle + closing * 5000)
    assert isinstance(deep, SyntaxFault)
    assert deep.message == f"expected at most {MAX_DEPTH} levels of nesting, found more"


def test_directives_that_nest_too_deep_are_a_fault() -> None:
    few, many = ('"' + "%{if a}" * times + "b" + "%{endif}" * times + '"' for times in (100, 5000))
    assert isinstance(parse_expression(few), n.Template)
    assert read(many).endswith(f"expected at most {MAX_DEPTH} levels of nesting, found more")


def test_a_reference_has_a_bounded_number_of_steps() -> None:
    for text in ("a" + ".b" * 5000, "[a" + ".b" * 5000 + "]"):
        assert read(text).endswith(f"expected at most {MAX_STEPS} names after dots, found 5000")
    assert parse_file("x = a" + ".b" * 61 + "\n").problems
    assert not parse_file("x = a" + ".b" * 60 + "\n").problems


def test_the_height_of_a_tree_is_bounded_however_its_parts_are_combined() -> None:
    part = "a" + "+a" * 150
    assert isinstance(parse_expression(f"({part}) * ({part})"), n.Binary)
    assert isinstance(parse_expression("(" * 60 + part + ")" * 60), SyntaxFault)
    assert isinstance(parse_expression(f"[{part}][0]" + ".b" * 60), SyntaxFault)
