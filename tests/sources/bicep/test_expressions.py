from pathlib import Path
from typing import Any

import pytest

from .trees import faults, outputs

_LOOP = (
    "a loop cannot stand here; it is the value of a resource, module, variable or output, "
    "or of a property of a resource or module"
)
_HEAD = """
var name = 'x'
var list = [1, 2, 3]
var nested = { a: { b: 'c' }, n: null }
func greet(who string, times int) string => '${who}:${times}:${name2}'
var name2 = 'y'
param given string = 'given'
param absent string?
"""


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("'a${name}b${1}'", "axb1"),
        ("name == 'x' && list[0] == 1 || false", True),
        ("name =~ 'X'", True),
        ("name !~ 'X'", False),
        ("name != 'X'", True),
        ("1 + 2 * 3 - 8 / 4 % 3", 5),
        ("-list[1]", -2),
        ("!true", False),
        ("1 < 2 ? 'less' : 'more'", "less"),
        ("list[?7] ?? 'none'", "none"),
        ("list[^1]", 3),
        ("nested.a.b", "c"),
        ("nested.?x.y.z", None),
        ("nested.?n.b", None),
        ("nested.a!.b", "c"),
        ("nested['a']['b']", "c"),
        ("absent ?? given", "given"),
        ("[...list, 4]", [1, 2, 3, 4]),
        ("{ ...nested.a, d: 1, b: 2 }", {"b": 2, "d": 1}),
        ("{ '${name}': 1 }", {"x": 1}),
        ("[for i in list: i * 2]", [2, 4, 6]),
        ("[for (i, n) in list: { n: n, i: i }]", [{"n": 0, "i": 1}, {"n": 1, "i": 2}, {"n": 2, "i": 3}]),
        ("map(list, i => i + 1)", [2, 3, 4]),
        ("map(list, (i, n) => i * n)", [0, 2, 6]),
        ("filter(list, (i) => i > 1)", [2, 3]),
        ("reduce(list, 0, (sum, i) => sum + i)", 6),
        ("sort(list, (a, b) => a > b)", [3, 2, 1]),
        ("toObject(list, i => 'k${i}', i => i)", {"k1": 1, "k2": 2, "k3": 3}),
        ("map(list, name => map([name], list => list))", [[1], [2], [3]]),
        ("sys.concat(name, 'z')", "xz"),
        ("any(list)[0]", 1),
        ("nameof(name)", "name"),
        ("nameof(nested.a)", "a"),
        ("nameof(nested['a'])", "a"),
        ("greet('me', 2)", "me:2:y"),
        ("'''\n${name}'''", "${name}"),
        ("$'''\n${name}'''", "x"),
        ("length(filter(items(nested), pair => pair.key == 'a'))", 1),
    ],
)
def test_values(tmp_path: Path, text: str, value: Any) -> None:
    assert outputs(tmp_path, f"{_HEAD}output result any = {text}")["result"] == value


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("nmae", 9, "'nmae' is not declared"),
        ("Name", 9, "'Name' is not declared; did you mean 'name'?"),
        ("concat", 9, "'concat' is not declared; it is a function and needs parentheses"),
        ("sys", 9, "'sys' is a namespace, not a value"),
        ("concatt('a')", 9, "there is no function 'concatt'"),
        ("Concat('a')", 9, "there is no function 'Concat'; did you mean 'concat'?"),
        ("if(true, 1, 2)", 9, "there is no function 'if'; use ? :"),
        ("equals(1, 2)", 9, "there is no function 'equals'; use =="),
        ("az.concat('a')", 9, "there is no function 'concat'"),
        ("name('a')", 9, "'name' is a variable, not a function"),
        ("greet('a')", 9, "greet() takes 2 arguments, 1 given"),
        ("replace('a', 'b')", 9, "replace() takes 3 arguments, 2 given"),
        ("split('a')", 9, "split() takes 2 arguments, 1 given"),
        ("substring('a')", 9, "substring() takes 2 to 3 arguments, 1 given"),
        ("concat()", 9, "concat() takes at least 1 argument, 0 given"),
        ("newGuid()", 9, "newGuid() can only be used in the default value of a parameter"),
        ("readEnvironmentVariable('a')", 9, "readEnvironmentVariable() can only be used in a .bicepparam file"),
        ("{ a: 1, a: 2 }", 17, "the property 'a' is set more than once"),
        ("{ a: [for i in list: i] }", 14, _LOOP),
        ("concat([for i in list: i])", 16, _LOOP),
        ("x => x", 9, "a lambda cannot stand here; it is an argument of a function such as map or filter"),
        ("map(list, 1)", 19, "expected a lambda: x => …"),
        ("map(list, (a, b, c) => a)", 19, "the lambda takes 1 to 2 arguments, it has 3"),
        ("nameof(1 + 2)", 9, "nameof() takes something that has a name"),
        ("name.lower()", 9, "there is no function 'lower' here"),
        ("kind", 9, "'kind' is a type, not a value"),
        ("greet", 9, "'greet' is a function, not a value"),
    ],
)  # fmt: skip
def test_complaints(tmp_path: Path, text: str, column: int, message: str) -> None:
    line = _HEAD.lstrip().count("\n") + 2
    found = faults(tmp_path, f"{_HEAD.lstrip()}type kind = string\nvar it = {text}")
    assert (line, column + 1, message) in found


def test_a_function_sees_its_parameters_and_variables_only(tmp_path: Path) -> None:
    text = "param p string\nfunc f(a string) string => '${a}${p}'\noutput o string = f('x')"
    assert faults(tmp_path, text) == [(2, 35, "the parameter 'p' cannot be used in a function")]


def test_names_of_loops_end_with_them(tmp_path: Path) -> None:
    text = "var a = [for item in [1]: item]\nvar b = item\nvar c = map([1], item => item)"
    assert faults(tmp_path, text) == [(2, 9, "'item' is not declared")]


def test_depth_is_bounded(tmp_path: Path) -> None:
    text = "a"
    for _ in range(9):
        text = f"({text}{'.b' * 40})[0]"
    found = faults(tmp_path, f"var a = 1\nvar x = {text}")
    assert [message for *_, message in found] == ["the expression is nested deeper than 150 levels"]


def test_objects_in_texts_that_are_not_known(tmp_path: Path) -> None:
    text = "param p string\noutput o string = '${p}-${resourceGroup()}-${[1]}'"
    assert outputs(tmp_path, text) == {"o": "? parameter 'p' has no value"}


def test_what_exists_already_is_not_known(tmp_path: Path) -> None:
    text = (
        "resource a 'M.A/b@2020-01-01' = {\n  name: 'a'\n"
        "  tags: { x: this.exists() ? 'y' : 'z', w: this.existingResource().?tags.w }\n}\nvar this2 = this"
    )
    assert faults(tmp_path, text) == [(5, 13, "'this' is not declared")]
