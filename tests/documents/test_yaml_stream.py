import json

import pytest

from scanner.documents import DEFAULT_LIMITS, Problem, Stream, read_yaml
from scanner.model.location import Region


def values(stream: Stream) -> list[object]:
    return [document.value for document in stream.documents]


def indexes(stream: Stream) -> list[int]:
    return [document.index for document in stream.documents]


def test_every_document_has_its_index_and_line_and_empty_ones_count() -> None:
    text = "# top\n---\na: 1\n---\n# nothing here\n---\n\n# about b\nb:\n  - x\n---\n"
    stream = read_yaml(text)
    assert stream.problems == ()
    assert values(stream) == [{"a": 1}, {"b": ["x"]}]
    assert indexes(stream) == [0, 2]
    assert [document.line for document in stream.documents] == [3, 9]
    assert stream.documents[1].region(("b", 0)) == Region(10, 5, 10, 6)


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment", "---\n", "---\n---\n# x\n", "\ufeff"])
def test_a_text_without_content_has_no_documents_and_no_problems(text: str) -> None:
    assert read_yaml(text) == Stream(())


def test_content_on_the_marker_line() -> None:
    stream = read_yaml("--- {a: 1}\n--- # comment\nb: 2\n--- |\n  text\n--- !!str 5\n")
    assert values(stream) == [{"a": 1}, {"b": 2}, "text\n", "5"]
    assert [document.line for document in stream.documents] == [1, 3, 4, 6]


def test_a_line_of_dots_ends_a_document() -> None:
    stream = read_yaml("a: 1\n...\n---\nb: 2\n")
    assert values(stream) == [{"a": 1}, {"b": 2}]
    assert indexes(stream) == [0, 1]


def test_dashes_inside_a_block_scalar_are_text_only_when_indented() -> None:
    stream = read_yaml("a: |\n  ---\n  x\n---\nb: |\n  y\n")
    assert values(stream) == [{"a": "---\nx\n"}, {"b": "y\n"}]


def test_one_bad_document_leaves_the_others() -> None:
    stream = read_yaml("a: 1\n---\nb: c: d\n---\ne: 2\n---\n\tf: 1\n---\ng: 3\n")
    assert values(stream) == [{"a": 1}, {"e": 2}, {"g": 3}]
    assert indexes(stream) == [0, 2, 4]
    assert stream.unread == (1, 3)
    assert stream.problems == (
        Problem("mapping values are not allowed in this context", 3, 5),
        Problem("a tab stands where only spaces may indent", 7, 1),
    )


def test_what_follows_a_wrong_indent_is_a_problem_and_what_stands_above_is_read() -> None:
    """Kubernetes reads what stands above and drops the rest without a word."""
    stream = read_yaml("  a: 1\nb: 2\n")
    assert values(stream) == [{"a": 1}]
    assert stream.unread == (0,)
    reason = "the indentation does not fit what stands above, so the document ends here"
    assert stream.problems == (Problem(reason, 2, 1),)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: b\n  c: d\n", Problem("mapping values are not allowed in this context", 2, 4)),
        ("a: 'x\n", Problem("while scanning a quoted scalar: found unexpected end of stream", 2, 1)),
        ("a: [1,,2]\n", Problem("while parsing a flow node: did not find expected node content", 1, 7)),
        ("a: @x\n", Problem("while scanning for the next token: found character that cannot start any token", 1, 4)),
        ("a: b\n\tc: d\n", Problem("a tab stands where only spaces may indent", 2, 1)),
        ("a:\n\t- b\n", Problem("a tab stands where only spaces may indent", 2, 1)),
        ("a: *x\n", Problem("an alias has no anchor above it", 1, 4)),
        ("a: &x [*x]\n", Problem("an alias stands inside the value that it repeats", 1, 8)),
        ("? {a: b}\n: c\n", Problem("a key is a mapping or a list; Kubernetes refuses that", 1, 3)),
        ("{{ .Values.x }}: 1\n", Problem("a key is a mapping or a list; Kubernetes refuses that", 1, 1)),
        ("b: &x [1]\n*x : c\n", Problem("a key is a mapping or a list; Kubernetes refuses that", 2, 1)),
        ("b:\n  <<: 5\n", Problem("a merge key needs a mapping or a list of mappings", 2, 7)),
        ("x: &x [1]\nb: {<<: *x}\n", Problem("a merge key needs a mapping or a list of mappings", 2, 9)),
        ("é: ok\na: \x07\n", Problem("the character U+0007 is not allowed in YAML", 2, 4)),
        ("a: \x00\n", Problem("the character U+0000 is not allowed in YAML", 1, 4)),
        ("a: \ud800\n", Problem("the character U+D800 is not allowed in YAML", 1, 4)),
        ("%YAML 3.0\n---\na: 1\n", Problem("found incompatible YAML document", 1, 1)),
    ],
)
def test_problems_have_a_reason_and_a_position(text: str, problem: Problem) -> None:
    stream = read_yaml(text)
    assert stream.documents == ()
    assert stream.problems == (problem,)


def test_problems_do_not_quote_values() -> None:
    for text in (
        "a: hunter2: x\n",
        "a: 'hunter2\n",
        "hunter2: [\n",
        "a: !<hunter2\n",
        'a: "\\qhunter2"\n',
        "a: *hunter2\n",
    ):
        assert "hunter2" not in str(read_yaml(text).problems)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_with_their_marks(encoding: str) -> None:
    stream = read_yaml("é: 😀\nb: 'x'\n".encode(encoding))
    assert values(stream) == [{"é": "😀", "b": "x"}]
    assert stream.documents[0].region(("é",)) == Region(1, 1, 1, 5)


def test_bytes_that_are_no_utf_8() -> None:
    stream = read_yaml(b"a: 1\nb: \xc3\xa9 \xff\n")
    assert stream == Stream.of_problem(Problem("the byte at offset 11 is not UTF-8", 2, 6))
    assert read_yaml(b"\xff\xfea").problems == (Problem("the byte at offset 2 is not UTF-16", 1, 1),)


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_line_breaks(line_break: str) -> None:
    text = "a: 1\nb:\n  - x\n  - |\n    y\n    z\n---\nc: 2\n".replace("\n", line_break)
    stream = read_yaml(text)
    assert values(stream) == [{"a": 1, "b": ["x", "y\nz\n"]}, {"c": 2}]
    assert stream.documents[0].region(("b", 0)) == Region(3, 5, 3, 6)
    assert stream.documents[1].region(("c",)) == Region(8, 1, 8, 5)


def test_directives_belong_to_the_document_they_stand_before() -> None:
    stream = read_yaml("# c\n%YAML 1.1\n%TAG !e! tag:yaml.org,2002:\n---\na: !e!str 5\n---\nb: 1\n")
    assert stream.problems == ()
    assert values(stream) == [{"a": "5"}, {"b": 1}]


def test_json_is_read_as_json() -> None:
    text = '\n  {"a": "\\ud83d\\ude00", "b": [1.0, null],\n\t"c": {"d": "\\/"}}'
    stream = read_yaml(text)
    assert values(stream) == [json.loads(text)]
    assert stream.documents[0].line == 2
    assert stream.documents[0].region(("c", "d")) == Region(3, 8, 3, 17)


def test_flow_style_that_is_no_json_is_still_yaml() -> None:
    assert values(read_yaml("{a: 1, 'b': [x, z,], }")) == [{"a": 1, "b": ["x", "z"]}]
    assert values(read_yaml('{"a": 1}\n---\n{"b": 2}\n')) == [{"a": 1}, {"b": 2}]


def test_size_is_limited_before_anything_is_read() -> None:
    limits = DEFAULT_LIMITS._replace(max_bytes=1024 * 1024)
    assert read_yaml(b"\xff" * (1024 * 1024 + 1), limits) == Stream.of_problem(Problem("the file is larger than 1 MiB"))


def test_the_number_of_documents_is_limited() -> None:
    stream = read_yaml("a: 1\n---\n" * 5, DEFAULT_LIMITS._replace(max_documents=3))
    assert len(stream.documents) == 3
    assert stream.problems == (Problem("the stream has more than 3 documents", 6, 1),)
    assert stream.unread == (None,)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 20_000 + "]" * 20_000,
        '{"a":' * 20_000 + "1" + "}" * 20_000,
        "{a: " * 20_000 + "1" + "}" * 20_000,
        "- " * 20_000 + "a\n",
        "".join(" " * depth + "a:\n" for depth in range(2_000)),
        "".join(" " * depth + "- a:\n" for depth in range(0, 2_000, 2)),
    ],
    ids=["flow list", "json", "flow mapping", "compact list", "block mapping", "block list"],
)
def test_depth_is_limited_and_no_recursion(text: str) -> None:
    stream = read_yaml(text)
    assert stream.documents == ()
    assert [problem.reason for problem in stream.problems] == ["the document is nested deeper than 200 levels"]


@pytest.mark.parametrize("style", ["[{}]", "- {}"])
def test_depth_is_counted_the_same_in_every_style(style: str) -> None:
    def nested(depth: int) -> str:
        if style == "[{}]":
            return "[" * depth + "]" * depth
        return "".join(" " * level + f"k{level}:\n" for level in range(depth - 1)) + " " * (depth - 1) + "k: v\n"

    assert read_yaml(nested(200)).problems == ()
    assert read_yaml(nested(201)).documents == ()


def test_an_alias_bomb_is_refused_at_the_alias_that_is_too_much() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 11)]
    stream = read_yaml("\n".join(lines))
    assert stream.documents == ()
    assert stream.problems == (Problem("the document has more than 1000000 values, aliases expanded", 6, 45),)


def test_values_are_counted_in_every_style() -> None:
    limits = DEFAULT_LIMITS._replace(max_nodes=50)
    reason = "the document has more than 50 values, aliases expanded"
    for text in (
        "- a\n" * 60,
        "[" + "a, " * 60 + "]",
        json.dumps({"a": [1] * 60}),
        "a: &x [1, 2]\nb: [" + "*x, " * 20 + "]",
    ):
        assert [problem.reason for problem in read_yaml(text, limits).problems] == [reason]
    assert read_yaml("- a\n" * 40, limits).problems == ()
