import pytest

from scanner.sources.terraform.syntax import SyntaxFault, parse_expression, parse_file, parse_template
from tests.sources.terraform.syntax.shape import shape


def shown(node: object) -> str:
    return f"{node.start}-{node.end} {node.message}" if isinstance(node, SyntaxFault) else shape(node)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ('""', "''"),
        ('"a b"', "'a b'"),
        (r'"\n\r\t\"\\"', "'\\n\\r\\t\"\\\\'"),
        (r'"\u00e9\U0001F600"', "'é😀'"),
        ('"$ 5% a$"', "'$ 5% a$'"),
        ('"$${a} %%{b}"', "'${a} %{b}'"),
        ('"$$${a}"', "'$${a}'"),
        ('"%$${a}"', "'%${a}'"),
        ('"${a}"', "wrap(a)"),
        ('"${~ a ~}"', "wrap(a)"),
        ('"${"x"}"', "wrap('x')"),
        ('"a${b}c"', "T('a' b 'c')"),
        ('"${a}${b}"', "T(a b)"),
        ('" ${~ a ~} "', "T(a)"),
        ('"x  ${~ a } y"', "T('x' a ' y')"),
        ('"x  ${ a ~} y"', "T('x  ' a 'y')"),
        ('"${a ~}  ${~ b}"', "T(a b)"),
        ('"${\n a # c }\n}"', "wrap(a)"),
        ('"${a["${b}"]}"', "wrap(a[wrap(b)])"),
        ('"${ { a = 1 }.a }"', "wrap({'a': 1}.a)"),
        ('"a%{ if b }c%{ endif }"', "T('a' if(b then 'c' else ))"),
        ('"%{if a}b%{else}c%{endif}"', "T(if(a then 'b' else 'c'))"),
        ('"%{ for v in a }${v},%{ endfor }"', "T(for(v in a: v ','))"),
        ('"%{ for k, v in a ~} ${k} %{~ endfor }"', "T(for(k, v in a: k))"),
        (
            '"%{if a}%{for v in b}%{if v}x%{endif}%{endfor}%{endif}"',
            "T(if(a then for(v in b: if(v then 'x' else )) else ))",
        ),
        ('"%{ if a }%{ else }%{ endif }"', "T(if(a then  else ))"),
    ],
)
def test_quoted(text: str, tree: str) -> None:
    assert shown(parse_expression(text)) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("<<A\nA\n", "''"),
        ("<<A\n x\n  y\nA\n", "' x\\n  y\\n'"),
        ("<<A\nx\n  A \t\n", "'x\\n'"),
        ("<<A\nAB\n A.\nA\n", "'AB\\n A.\\n'"),
        ("<<E-O_T\nx\nE-O_T\n", "'x\\n'"),
        ("<<A\r\nx\r\nA\r\n", "'x\\r\\n'"),
        ('<<A\n"\\n" # no\nA\n', "'\"\\\\n\" # no\\n'"),
        ("<<A\n$${x} $ %%{y} %\nA\n", "'${x} $ %{y} %\\n'"),
        ("<<A\n${x}\nA\n", "T(x '\\n')"),
        ("<<A\n${x}A\nA\n", "T(x 'A\\n')"),
        ("<<A\n${<<B\nA\nB\n}\nA\n", "T('A\\n' '\\n')"),
        ("<<-A\n  x\n    y\n\n   \n  z\n  A\n", "'x\\n  y\\n\\n   \\nz\\n'"),
        ("<<-A\n\tx\n  y\nA\n", "'x\\n y\\n'"),
        ("<<-A\n    ${x}\n      y${z}\n    A\n", "T(x '\\n  y' z '\\n')"),
        ("<<-A\n  x\n${y}\n  A\n", "T('  x\\n' y '\\n')"),
        ("<<-A\n  a ${b}\n  c\n  A\n", "T('a ' b '\\nc\\n')"),
        ("<<-A\n  %{ if x ~}\n  y\n  %{ endif ~}\n  A\n", "T(if(x then '  y\\n' else ))"),
        ("<<A\n%{ for v in w ~}\n- ${v}\n%{ endfor ~}\nA\n", "T(for(v in w: '- ' v '\\n'))"),
        ("<<-A\n  $\n  % x\n  A\n", "'$\\n% x\\n'"),
        ("<<-A\n\u2003\u2003x\n\u2003y\nA\n", "'\\u2003x\\ny\\n'"),
    ],
)
def test_heredocs(text: str, tree: str) -> None:
    assert shown(parse_expression(text)) == tree


def test_a_heredoc_ends_before_its_last_newline() -> None:
    parsed = parse_file("a = <<X\nfoo\n  X\nb = [<<X\nbar\nX\n, 1]\n")
    assert not parsed.problems
    assert [shape(attribute.value) for attribute in parsed.body.attributes.values()] == ["'foo\\n'", "['bar\\n', 1]"]
    assert (parsed.body.attributes["a"].value.start, parsed.body.attributes["a"].value.end) == (4, 15)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", "''"),
        ('plain "text" \\n\n', "'plain \"text\" \\\\n\\n'"),
        ("a\r\n$", "'a\\r\\n$'"),
        ("a\n\n  ${~ b ~}\n  c", "T('a\\n\\n' b '  c')"),
        ("${a}", "wrap(a)"),
        ("%{ if a }\nx\n%{ endif }", "T(if(a then '\\nx\\n' else ))"),
        ("100%", "'100%'"),
    ],
)
def test_whole_texts(text: str, tree: str) -> None:
    assert shown(parse_template(text)) == tree


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('"a', "0-2 expected a quote to end the string, found the end of the file"),
        ('"a\n"', "0-2 expected a quote to end the string, found the end of the line"),
        ('"a\\\n"', "2-3 expected an escape sequence, found a backslash at the end of the line"),
        (r'"a\/b"', r'2-4 expected an escape sequence, found "\/"'),
        (r'"\u12"', r'1-3 expected an escape sequence, found "\u"'),
        (r'"\ud800"', "1-7 expected an escape sequence, found U+D800, which is no character"),
        (r'"\U00110000"', "1-11 expected an escape sequence, found U+110000, which is no character"),
        ('"${a"', '4-5 expected "}" at the end of the template sequence, found a quote'),
        ('"${}"', '3-4 expected an expression, found "}"'),
        ('"${a b}"', '5-6 expected "}" at the end of the template sequence, found "b"'),
        ('"%{ while a }"', '4-9 expected a directive (if, else, endif, for, endfor), found "while"'),
        ('"%{ }"', '4-5 expected a directive (if, else, endif, for, endfor), found "}"'),
        ('"%{ if a }"', '1-8 expected "endif", found the end of the template'),
        ('"%{ for v in a }%{ endif }"', '16-24 expected "endfor", found "endif"'),
        ('"%{ if a }%{ else }%{ else }%{ endif }"', '19-26 expected "endif", found "else"'),
        ('"%{ endfor }"', '1-10 expected no directive to end, found "endfor"'),
        ('"%{ for v, in a }%{ endfor }"', '14-15 expected "in", found "a"'),
        ('"%{ for v of a }%{ endfor }"', '10-12 expected "in", found "of"'),
        ("<<A\nx", '0-5 expected a line with only "A" to end the heredoc, found the end of the file'),
        ("<<A\nx\nA", '0-7 expected a line with only "A" to end the heredoc, found the end of the file'),
        ("<<A\n${x\nA\n", '8-9 expected "}" at the end of the template sequence, found "A"'),
        ("<<A\nx\ry\nA\n", "5-6 expected text, found the character U+000D"),
        ("<< A\nx\nA\n", '0-1 expected an expression, found "<"'),
    ],
)
def test_faults(text: str, fault: str) -> None:
    assert shown(parse_expression(text)) == fault
