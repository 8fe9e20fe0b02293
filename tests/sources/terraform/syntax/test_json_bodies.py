import json

import pytest

from scanner.sources.terraform.syntax import (
    LineIndex,
    SyntaxFault,
    blocks_of,
    parse_expression,
    parse_json,
    parse_variables_json,
)
from scanner.sources.terraform.syntax import nodes as n
from tests.sources.terraform.syntax.shape import body_shape, shape


def faults(text: str) -> list[str]:
    index = LineIndex(text)
    return [f"{':'.join(map(str, index.position(fault.start)))} {fault.message}" for fault in parse_json(text).problems]


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("{}", ""),
        ('{"locals": {"a": 1, "b": "x", "c": true, "d": null}}', "locals{a=1; b='x'; c=true; d=null}"),
        ('{"locals": {"a": "${b}", "c": "x${d}", "e": "$${f}"}}', "locals{a=wrap(b); c=T('x' d); e='${f}'}"),
        ('{"locals": {"a": -1.5e3, "b": [1e2, {}]}}', "locals{a=-1500; b=[100, {}]}"),
        (
            '{"resource": {"t": {"a": {"x": {"y": [{"${k}": 1}]}}, "b": {}}, "u": {"c": {}}}}',
            "resource['t', 'a']{x={'y': [{wrap(k): 1}]}}; resource['t', 'b']{}; resource['u', 'c']{}",
        ),
        (
            '{"resource": [{"t": [{"a": [{"x": 1}]}]}, {"t": {"b": {}}}]}',
            "resource['t', 'a']{x=1}; resource['t', 'b']{}",
        ),
        ('{"provider": {"p": [{"a": 1}, {"b": 2}]}}', "provider['p']{a=1}; provider['p']{b=2}"),
        ('[{"locals": {"a": 1}}, {"locals": {"b": 2}}]', "locals{a=1}; locals{b=2}"),
        ('{"//": "c", "locals": {"//": {}, "a": 1}}', "locals{a=1}"),
        ('{"resource": null, "data": {"t": null}}', ""),
        ('{"locals": null, "module": {"m": null}}', ""),
        (
            '{"terraform": {"backend": {"azurerm": {"key": "k"}}, "required_providers": {"p": {"source": "s"}}}}',
            "terraform{backend['azurerm']{key='k'}; required_providers{p={'source': 's'}}}",
        ),
        (
            '{"resource": {"t": {"a": {"lifecycle": {"ignore_changes": ["tags"]}, "dynamic": {"rule": {"for_each":'
            ' "${x}", "content": {"v": "${rule.value}"}}}, "provisioner": [{"local-exec": {"command": "c"}}]}}}}',
            "resource['t', 'a']{lifecycle{ignore_changes=['tags']}; dynamic['rule']{for_each=wrap(x);"
            " content{v=wrap(rule.value)}}; provisioner['local-exec']{command='c'}}",
        ),
        (
            '{"variable": {"v": {"default": "${x}", "validation": {"condition": "${var.v}"}}}}',
            "variable['v']{default='${x}'; validation{condition=wrap(var.v)}}",
        ),
        (
            '{"check": {"c": {"data": {"t": {"a": {}}}, "assert": [{}, {}]}}}',
            "check['c']{data['t', 'a']{}; assert{}; assert{}}",
        ),
    ],
)
def test_bodies(text: str, tree: str) -> None:
    assert faults(text) == []
    assert body_shape(parse_json(text).body) == tree


def test_places() -> None:
    text = '{"resource": {"t": {\n  "a": {"x": [1, "y"], "z": {"k": true}}}}}'
    (block,) = parse_json(text).body.blocks
    assert text[block.start : block.header_end] == '"a"'
    assert text[block.start : block.end] == '"a": {"x": [1, "y"], "z": {"k": true}}'
    attribute = block.body.attributes["x"]
    assert text[attribute.start : attribute.end] == '"x": [1, "y"]'
    assert isinstance(attribute.value, n.TupleCons)
    assert [text[item.start : item.end] for item in attribute.value.items] == ["1", '"y"']
    value = block.body.attributes["z"].value
    assert isinstance(value, n.ObjectCons)
    assert [text[node.start : node.end] for item in value.items for node in item] == ['"k"', "true"]


def test_places_inside_a_template_count_its_escapes() -> None:
    text = r'{"locals": {"a": "\u00e9\ud83d\ude00\n${b[\"c\"].d}"}}'
    value = parse_json(text).body.blocks[0].body.attributes["a"].value
    assert shape(value) == "T('é😀\\n' b['c'].d)"
    assert isinstance(value, n.Template)
    step = value.parts[1]
    assert isinstance(step, n.GetAttr)
    assert isinstance(step.of, n.Index)
    assert text[value.start : value.end] == r'"\u00e9\ud83d\ude00\n${b[\"c\"].d}"'
    assert text[step.start : step.end] == r"b[\"c\"].d"
    assert text[step.of.key.start : step.of.key.end] == r"\"c\""


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "1:1 expected a value, found the end of the file"),
        ("3", "1:1 expected an object, or a list of objects"),
        ("{,}", '1:2 expected a key in quotes, found ","'),
        ('{"locals": {"a": 1,}}', '1:20 expected a key in quotes, found "}"'),
        ('{"locals": [1,]}', '1:15 expected a value, found "]"'),
        ('{"locals" {}}', '1:11 expected ":" after the key, found "{"'),
        ('{"locals": {} "x"}', '1:15 expected "," or "}", found a quote'),
        ('{"locals": [{} {}]}', '1:16 expected "," or "]", found "{"'),
        ('{"locals": {}} x', '1:16 expected the end of the file, found "x"'),
        ('{"locals": {"a": 01}}', '1:18 expected a value, found "01"'),
        ('{"locals": {"a": .5}}', '1:18 expected a value, found "."'),
        ('{"locals": {"a": nul}}', '1:18 expected a value, found "nul"'),
        ("{'locals': {}}", '1:2 expected a key in quotes, found "\'"'),
        ('{"locals": {"a": "b\nc"}}', "1:20 expected text or an escape sequence, found the end of the line"),
        ('{"locals": {"a": "\\x"}}', '1:19 expected text or an escape sequence, found "\\"'),
        ('{"locals": "', "1:12 expected a quote to end the string, found the end of the file"),
        ("// c\n{}", '1:1 expected a value, found "/"'),
        ("\ufeff{}", "1:1 expected a value, found the character U+FEFF"),
        ('{"nonsense": {}}', '1:2 expected a block type, found "nonsense"'),
        ('{"locals": 1}', "1:12 expected an object as the body of the block locals"),
        ('{"resource": 1}', "1:14 expected an object whose keys are labels"),
        ('{"resource": {"t": 1}}', "1:20 expected an object whose keys are labels"),
        ('{"resource": {"t": {"a": "x"}}}', "1:26 expected an object as the body of the block resource"),
        ('{"output": {"//": "c"}}', "1:19 expected an object as the body of the block output"),
        ('{"locals": {"a": 1, "a": 2}}', '1:21 expected "a" once, found it again'),
        ('{"locals": {"a": {"x": 1, "x": 2}}}', '1:27 expected "x" once, found it again'),
        ('{"locals": {"a": "${"}}', "1:21 expected an expression, found the end of the file"),
        ('{"locals": {"a": "\\n${b c}"}}', '1:25 expected "}" at the end of the template sequence, found "c"'),
        ('{"locals": {"a": 1e99999}}', '1:18 expected a number of at most 4000 digits, found "1e99999"'),
    ],
)
def test_faults(text: str, fault: str) -> None:
    assert faults(text) == [fault]


def test_one_broken_block_does_not_hide_the_others() -> None:
    text = json.dumps(
        {
            "resource": {"t": {"a": {"x": "${"}, "b": {}}, "u": 3, "v": {"c": {"lifecycle": 1}, "d": {}}},
            "nonsense": {},
            "locals": {"e": 1},
        }
    )
    parsed = parse_json(text)
    assert body_shape(parsed.body) == "resource['t', 'b']{}; resource['v', 'd']{}; locals{e=1}"
    assert len(parsed.problems) == 4
    assert list(parsed.problems) == sorted(parsed.problems, key=lambda fault: fault.start)


def test_deep_nesting_is_a_fault() -> None:
    assert faults('{"locals": {"a": ' + "[" * 5000)[0].endswith("expected at most 64 levels of nesting, found more")
    assert not faults('{"locals": {"a": ' + "[" * 60 + "]" * 60 + "}}")


def test_variable_files_hold_plain_text() -> None:
    parsed = parse_variables_json('{"a": "${b}", "//": 1, "c": {"%{d": ["$${e}"]}, "f": null}')
    assert not parsed.problems
    assert body_shape(parsed.body) == "a='${b}'; c={'%{d': ['$${e}']}; f=null"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('{"a": 1, "a": 2}', SyntaxFault('expected "a" once, found it again', 9, 12)),
        ("[1]", SyntaxFault("expected an object", 1, 2)),
        ('{"a": ', SyntaxFault("expected a value, found the end of the file", 6, 6)),
    ],
)
def test_faults_of_variable_files(text: str, fault: SyntaxFault) -> None:
    assert parse_variables_json(text).problems == (fault,)


def test_blocks_of_an_attribute() -> None:
    text = (
        '{"resource": {"t": {"a": {"one": {"x": 1, "//": 2}, "two": [{"y": 1}, {"z": 2}], "none": null, "no": [1]}}}}'
    )
    attributes = parse_json(text).body.blocks[0].body.attributes
    blocks = {name: blocks_of(attribute) for name, attribute in attributes.items()}
    assert blocks["none"] == []
    assert blocks["no"] is None
    assert [body_shape(block.body) for block in blocks["one"] or []] == ["x=1"]
    assert [body_shape(block.body) for block in blocks["two"] or []] == ["y=1", "z=2"]
    (one,) = blocks["one"] or []
    assert one.type == "one"
    assert text[one.start : one.end] == '{"x": 1, "//": 2}'
    assert text[one.body.attributes["x"].start : one.body.attributes["x"].end] == '"x": 1'


def test_a_reference_in_json_is_text_that_an_expression_reads() -> None:
    node = parse_expression("azurerm_subnet.a[0]")
    assert not isinstance(node, SyntaxFault)
    assert shape(node) == "azurerm_subnet.a[0]"
