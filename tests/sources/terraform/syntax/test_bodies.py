import pytest

from scanner.sources.terraform.syntax import LineIndex, parse_file
from scanner.sources.terraform.syntax.bodies import MAX_FAULTS
from tests.sources.terraform.syntax.shape import body_shape


def faults(text: str) -> list[str]:
    index = LineIndex(text)
    return [f"{':'.join(map(str, index.position(fault.start)))} {fault.message}" for fault in parse_file(text).problems]


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", ""),
        ("\ufeffa = 1", "a=1"),
        ("\n# c\n// c\n/* c\n */ a = 1 # c\nb = 2 // c\nc = 3 /* c */\nd = [] /* c */ # c", "a=1; b=2; c=3; d=[]"),
        ("a = 1\r\nb {\r\n  c = d\r\n}\r\n", "a=1; b{c=d}"),
        ('resource "a" "b" {\n  c = "d"\n\n  e {\n    f = true\n  }\n}\n', "resource['a', 'b']{c='d'; e{f=true}}"),
        ('resource"a""b"{\n}\n', "resource['a', 'b']{}"),
        ("a b c {\n}\n", "a['b', 'c']{}"),
        ('a "b" c "d" "e" {\n}', "a['b', 'c', 'd', 'e']{}"),
        (r'a "x\"\u00e9$${}%" {' + "\n}", "a['x\"é${}%']{}"),
        ("a {}", "a{}"),
        ("a { b = 1 }\n", "a{b=1}"),
        ("a { b = [\n1\n] } # c\n", "a{b=[1]}"),
        ("a /* x */ { /* y */ b = 1 /* z */ } /* w */\n", "a{b=1}"),
        ("a { # c\n  b = 1\n}", "a{b=1}"),
        ("a {\n\n} // c\n", "a{}"),
        ("größe = 1\nüber-all {\n  é = ß\n}\n", "größe=1; über-all{é=ß}"),
        ("a-b_c1 = x\n_ = 1", "a-b_c1=x; _=1"),
        ("a = 12345678901234567890123\nb = 1.5", "a=12345678901234567890123; b=Fraction(3, 2)"),
        ("a = b ? c : d\ne = f\n", "a=(b ? c : d); e=f"),
        ('a = "x" # c "\nb="y"', "a='x'; b='y'"),
        ("a = x.y // c\nb = true", "a=x.y; b=true"),
        ("a =\tb\n\tc\t=\td", "a=b; c=d"),
        ("locals {\n  for = 1\n  if = for\n}", "locals{for=1; if=for}"),
    ],
)
def test_bodies(text: str, tree: str) -> None:
    assert faults(text) == []
    assert body_shape(parse_file(text).body) == tree


def test_places_of_blocks_and_attributes() -> None:
    text = '# c\nresource "a" "b" { # c\n  x = "y" # c\n  z { w = 1 }\n}\n'
    body = parse_file(text).body
    (block,) = body.blocks
    attribute = block.body.attributes["x"]
    (inner,) = block.body.blocks
    assert (body.start, body.end) == (0, len(text))
    assert text[block.start : block.header_end] == 'resource "a" "b"'
    assert text[block.start : block.end] == text[4:-1]
    assert text[block.body.start : block.body.end] == text[text.index("{") : -1]
    assert text[attribute.start : attribute.end] == 'x = "y"'
    assert text[attribute.value.start : attribute.value.end] == '"y"'
    assert text[inner.start : inner.header_end] == "z"
    assert text[inner.start : inner.end] == "z { w = 1 }"
    assert text[inner.body.start : inner.body.end] == "{ w = 1 }"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("a", '1:2 expected "{" or a label of the block, found the end of the file'),
        ("a\n{\n}", '1:2 expected "{" or a label of the block, found the end of the line'),
        ("a b = 1", '1:5 expected "{" or a label of the block, found "="'),
        ("a =", "1:4 expected an expression, found the end of the file"),
        ("a =\n1", "1:4 expected an expression, found the end of the line"),
        ("a == 1", '1:4 expected an expression, found "="'),
        ("a = 1, b = 2", '1:6 expected a new line after the value, found ","'),
        ("a = 1 b = 2", '1:7 expected a new line after the value, found "b"'),
        ("a = 'b'", '1:5 expected an expression, found "\'"'),
        ('"a" = 1', "1:1 expected a block or an attribute, found a quote"),
        ("1 = 1", '1:1 expected a block or an attribute, found "1"'),
        ("}", '1:1 expected a block or an attribute, found "}"'),
        ("²a = 1", '1:1 expected a block or an attribute, found "²a"'),
        ("a {\n b = 1 }", '2:8 expected a new line after the value, found "}"'),
        ("a { b = 1, c = 2 }", '1:10 expected "}" after the only attribute of a block on one line, found ","'),
        (
            "a { b = 1\n}",
            '1:10 expected "}" after the only attribute of a block on one line, found the end of the line',
        ),
        ("a { b {} }", '1:7 expected "=", since a block on one line holds one attribute, found "{"'),
        ("a { 1 }", '1:5 expected an attribute, found "1"'),
        ("a {} b {}", '1:6 expected a new line after the block, found "b"'),
        ("a {\n} b {\n}", '2:3 expected a new line after the block, found "b"'),
        ("a { b = 1 } c", '1:13 expected a new line after the block, found "c"'),
        ('a "${b}" {\n}', '1:4 expected a quote to end the label, found "$"'),
        ('a "b\n" {\n}', "1:5 expected a quote to end the label, found the end of the line"),
        ("a {\n", '1:1 expected "}" to end the block a, found the end of the file'),
        ("a {", '1:1 expected "}" to end the block, found the end of the file'),
        ("a {\n b {\n}\n", '1:1 expected "}" to end the block a, found the end of the file'),
        ("a = 1\nb = 2\na = 3\n", '3:1 expected "a" once, found it again'),
        ("a {\n b = 1\n b = c()\n}\n", '3:2 expected "b" once, found it again'),
        ('a = "x"\na = "y"\n', '2:1 expected "a" once, found it again'),
        ("a = b.c\na = d\n", '2:1 expected "a" once, found it again'),
        ("é = 1\né = 2", '2:1 expected "é" once, found it again'),
        ("é = 1 2", '1:7 expected a new line after the value, found "2"'),
        ("a = 1\r", "1:6 expected a new line after the value, found the character U+000D"),
        ("a = 1\x00", "1:6 expected a new line after the value, found the character U+0000"),
        ("a = 1 \u00a0", "1:7 expected a new line after the value, found the character U+00A0"),
        ("a = 1e999999999", '1:5 expected a number of at most 4000 digits, found "1e999999999"'),
    ],
)
def test_faults_say_where_what_was_expected_and_found(text: str, fault: str) -> None:
    assert faults(text) == [fault]


GOOD = 'resource "a" "good" {\n  x = 1\n}\n'


@pytest.mark.parametrize(
    "broken",
    [
        'resource "a" "b" {\n  x = \n  y = 1\n}\n',
        'resource "a" "b" {\n  x = [1, 2\n}\n',
        'resource "a" "b" {\n  x = "y\n}\n',
        'resource "a" "b" {\n  x = "${y"\n  z {\n  }\n}\n',
        'resource "a" "b" {\n  x = 1\n',
        'resource "a" "b" {\n  x {\n    y = 1\n}\n',
        'resource "a" "b"\n',
        "resource {\n  x = <<EOT\n  y\n}\n",
        'resource "a" "b" {\n  x = f(\n',
        "§\n",
        "x = \n",
        'resource "a" "b" {\n  x = 1\n  x = 2\n}\n',
        "/* never closed\n",
    ],
)
def test_one_broken_block_does_not_hide_the_others(broken: str) -> None:
    for text, kept in ((GOOD + broken, 1), (broken + GOOD, 1), (GOOD + broken + GOOD, 2)):
        parsed = parse_file(text)
        assert len(parsed.problems) == 1, text
        names = [block.labels for block in parsed.body.blocks]
        assert names == [("a", "good")] * kept
        assert not parsed.body.attributes


def test_a_brace_too_many_hides_nothing() -> None:
    parsed = parse_file(GOOD + "}\n" + GOOD)
    assert [block.labels for block in parsed.body.blocks] == [("a", "good")] * 2
    assert len(parsed.problems) == 1


def test_every_broken_block_is_named() -> None:
    broken = 'resource "a" "b" {\n  x = \n}\n'
    assert faults((broken + GOOD) * 3) == [
        f"{line}:7 expected an expression, found the end of the line" for line in (2, 8, 14)
    ]


def test_a_broken_attribute_of_a_variable_file_does_not_hide_the_others() -> None:
    parsed = parse_file("a = 1\nb = = 2\nc = 3\n")
    assert body_shape(parsed.body) == "a=1; c=3"
    assert len(parsed.problems) == 1


def test_the_first_of_two_attributes_of_a_file_stays() -> None:
    assert body_shape(parse_file("a = 1\na = 2\nb = 3\n").body) == "a=1; b=3"


def test_faults_of_one_file_are_bounded() -> None:
    problems = parse_file("x = (\n" * 10_000).problems
    assert len(problems) == MAX_FAULTS + 1
    assert problems[-1].message == "too many faults; the rest of the file was not read"


def test_missing_braces_do_not_make_time_quadratic() -> None:
    text = 'resource "a" "b" {\n' + "".join(f"  x{number} = 1\n" for number in range(500))
    problems = parse_file(text * 40).problems
    assert problems[0].message == 'expected "}" to end the block resource, found the end of the file'
    assert len(problems) < 12


def test_blocks_that_nest_too_deep_are_a_fault() -> None:
    assert faults("a {\n" * 5000 + "}\n" * 5000)[0] == "201:1 expected at most 200 levels of nesting, found more"
    assert not faults("a {\n" * 200 + "}\n" * 200)
