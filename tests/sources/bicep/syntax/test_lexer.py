import time

import pytest

from scanner.sources.bicep.syntax.lexer import tokenise


def tokens(text: str) -> list[tuple[str, str]]:
    found = tokenise(text)
    assert not found.complaints
    return list(zip(found.kinds, found.texts, strict=True))[:-1]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("param x string", [("name", "param"), ("name", "x"), ("name", "string")]),
        ("a::b.?c", [("name", "a"), ("::", "::"), ("name", "b"), (".", "."), ("?", "?"), ("name", "c")]),
        ("...a ?? b", [("...", "..."), ("name", "a"), ("??", "??"), ("name", "b")]),
        ("a =~ b !~ c", [("name", "a"), ("=~", "=~"), ("name", "b"), ("!~", "!~"), ("name", "c")]),
        ("x => 12", [("name", "x"), ("=>", "=>"), ("number", "12")]),
        ("''", [("text", "")]),
        (r"'it\'s \n\u{1F600}\${x} $5 \\'", [("text", "it's \n😀${x} $5 \\")]),
        ("'a${b}c${d}e'", [("left", "a"), ("name", "b"), ("middle", "c"), ("name", "d"), ("right", "e")]),
        (
            "'${a['${b}']}'",
            [
                *[("left", ""), ("name", "a"), ("[", "["), ("left", ""), ("name", "b")],
                ("right", ""),
                ("]", "]"),
                ("right", ""),
            ],
        ),
        (
            "'${f({a: {}})}'",
            [
                ("left", ""),
                ("name", "f"),
                ("(", "("),
                ("{", "{"),
                ("name", "a"),
                (":", ":"),
                ("{", "{"),
                ("}", "}"),
                ("}", "}"),
                (")", ")"),
                ("right", ""),
            ],
        ),
        ("'''a ${b} \\n'''", [("text", "a ${b} \\n")]),
        ("'''\r\na\r\n'''''", [("text", "a\r\n''")]),
        ("''''''", [("text", "")]),
        ("$'''\n${a}\n'''", [("left", ""), ("name", "a"), ("right", "\n")]),
        (
            "$$'''${a} $${b} $$${c}'''",
            [("left", "${a} "), ("name", "b"), ("middle", " $"), ("name", "c"), ("right", "")],
        ),
        ("a // c\n\n // d\n  b", [("name", "a"), ("line", ""), ("name", "b")]),
        ("a /* x\n * y */ b", [("name", "a"), ("name", "b")]),
        ("\ufeff// c\n#disable-next-line BCP037\na", [("name", "a")]),
        ("a\n  #disable-diagnostics no-x // y\nb", [("name", "a"), ("line", ""), ("name", "b")]),
        ("a\rb", [("name", "a"), ("line", ""), ("name", "b")]),
        ("a  ", [("name", "a")]),
    ],
)
def test_tokens(text: str, expected: list[tuple[str, str]]) -> None:
    assert tokens(text) == expected


@pytest.mark.parametrize("text", ["var a = 'x${b}y'\n\tvar c = '''\nd'''  // e\r\n", "$'''a${'b${c}'}'''", "f(1, [2])"])
def test_offsets_cut_the_text_into_its_tokens(text: str) -> None:
    found = tokenise(text)
    cut = [text[start:end] for start, end in zip(found.starts, found.ends, strict=True)]
    for kind, value, piece in zip(found.kinds, found.texts, cut, strict=True):
        if kind in ("name", "number"):
            assert piece == value
        elif kind == "line":
            assert piece[0] in "\r\n"
        elif kind not in ("text", "left", "middle", "right", "end"):
            assert piece == kind
    ends = [0, *found.ends]
    assert all(start >= end for start, end in zip(found.starts, ends, strict=False))


@pytest.mark.parametrize(
    ("text", "reason", "offset"),
    [
        ("var a = 'b\nvar c = 1", "the string is not closed on its line", 8),
        ("var a = 'b\\q'", r"unknown escape sequence; expected one of \\, \', \n, \r, \t, \$, \u{...}", 10),
        ("var a = 'b\\u{110000}'", r"unknown escape sequence; expected one of \\, \', \n, \r, \t, \$, \u{...}", 10),
        ("var a = '''b", "the string is not closed; expected '''", 8),
        ("var a = 'b${c", "the string is not closed: its '${' has no '}'", 12),
        ("a /* b", "the comment is not closed; expected '*/'", 2),
        ('a "b"', "unexpected character '\"'; strings stand in single quotes", 2),
        ("a ; b", "unexpected character ';'", 2),
        ("#disable-next-line\na", "unexpected character '#'", 0),
    ],
)
def test_complaints(text: str, reason: str, offset: int) -> None:
    assert tokenise(text).complaints[0] == (reason, offset)


@pytest.mark.parametrize(
    "unit",
    [
        "/*",
        "'${",
        "'",
        "$",
        "$'''",
        "'''",
        "\\",
        "{",
        "'a${",
        " ",
        "// ",
        "\n",
        "#disable-next-line ",
        "''' $",
        "'\\u{",
        "/* *",
        ".",
    ],
)
def test_time_is_linear(unit: str) -> None:
    begin = time.process_time()
    tokenise(unit * (400_000 // len(unit)))
    assert time.process_time() - begin < 5
