"""What is known where something else is not, and what the language refuses."""

from typing import Any

import pytest

from scanner.model.unknown import Unknown
from scanner.sources.arm.closures import MAX_ROUNDS
from scanner.sources.arm.values import Token
from tests.sources.arm.templates import deploy, messages, objection, output

X = {"parameters": {"x": {"type": "string"}, "o": {"type": "object"}, "a": {"type": "array"}}}


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("[and(false(), parameters('x'))]", False),
        ("[and(parameters('x'), false())]", False),
        ("[or(parameters('x'), true())]", True),
        ("[empty(concat('a', parameters('x')))]", False),
        ("[empty(resourceGroup().id)]", False),
        ("[contains(concat('abc', parameters('x')), 'bc')]", True),
        ("[contains(createArray('a', parameters('x')), 'a')]", True),
        ("[contains(createArray(), parameters('x'))]", False),
        ("[startsWith(concat('abc', parameters('x')), 'AB')]", True),
        ("[startsWith(concat('abc', parameters('x')), 'x')]", False),
        ("[endsWith(concat(parameters('x'), 'abc'), 'bc')]", True),
        ("[endsWith(concat(parameters('x'), 'abc'), 'x')]", False),
        ("[length(createArray(parameters('x'), 1))]", 2),
        ("[equals(concat('a', parameters('x')), 'b')]", False),
        ("[equals(parameters('x'), parameters('x'))]", True),
        ("[if(equals(parameters('x'), 'a'), 'same', 'same')]", "same"),
        ("[if(equals(parameters('x'), 'a'), createObject('tls', 1), createObject('tls', 1))]", {"tls": 1}),
        ("[coalesce('a', parameters('x'))]", "a"),
        ("[split(resourceGroup().id, '/')[3]]", "resourceGroups"),
        ("[last(split(resourceId('Microsoft.Web/sites', 'app'), '/'))]", "app"),
        ("[string(resourceId('Microsoft.Web/sites', 'app'))]", "{unknown}"),
    ],
)
def test_is_known_all_the_same(expression: str, value: Any) -> None:
    found = output(expression, **X)

    if value == "{unknown}":
        assert isinstance(found, Unknown)
    else:
        assert found == value


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("[parameters('x')]", "{parameters.x}"),
        ("[parameters('o').a.b]", "{parameters.o.a.b}"),
        ("[parameters('a')[0].id]", "{parameters.a[0].id}"),
        ("[concat('st', parameters('x'))]", "st{parameters.x}"),
        ("[format('{0}-{1}', parameters('x'), 1)]", "{parameters.x}-1"),
        ("[toLower(parameters('x'))]", "{toLower(parameters.x)}"),
        ("[uniqueString('a')]", "{uniqueString(a)}"),
        (
            "[uniqueString(resourceGroup().id)]",
            "{uniqueString(|subscriptions|subscription|resourceGroups|resourceGroup)}",
        ),
        ("[substring(uniqueString('a'), 0, 4)]", "{substring(uniqueString(a),0,4)}"),
        ("[not(parameters('x'))]", "{not(parameters.x)}"),
        ("[and(parameters('x'), true())]", "{and(parameters.x)}"),
        ("[if(equals(parameters('x'),'a'), 'b', 'c')]", "{if(equals(parameters.x,a),b,c)}"),
        ("[coalesce(parameters('x'), 'a')]", "{coalesce(parameters.x,a)}"),
        ("[tryGet(parameters('o'), 'a')]", "{parameters.o.a}"),
        ("[union(parameters('o'), createObject('a', 1))]", "{union(parameters.o,a:1)}"),
        ("[map(parameters('a'), lambda('x', 1))]", None),
        ("[filter(createArray(1), lambda('y', parameters('x')))]", None),
        ("[sort(createArray(1,2), lambda('y', 'z', parameters('x')))]", None),
        ("[groupBy(createArray(1), lambda('y', parameters('x')))]", None),
        ("[toObject(createArray(1), lambda('y', parameters('x')))]", None),
        ("[flatten(createArray(parameters('a')))]", None),
        ("[string(createArray(parameters('x')))]", None),
        ("[join(createArray('a', parameters('x')), '-')]", "a-{parameters.x}"),
        ("[indexOf(createArray(parameters('x')), 'a')]", None),
        ("[max(parameters('x'), 1)]", None),
        ("[utcNow('u')]", "{utcNow(u)}"),
        ("[pickZones('a','b','c')]", None),
        ("[listKeys('x', '2020-01-01').keys[0].value]", "{listKeys(x,2020-01-01).keys[0].value}"),
    ],
)
def test_is_not_known_and_has_a_text_of_its_own(expression: str, text: str | None) -> None:
    found = output(expression, **X)

    assert isinstance(found, Token)
    assert text is None or found.text == text


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("[nothing('a')]", "there is no function 'nothing'"),
        ("[contoso.nothing('a')]", "there is no function 'contoso.nothing'"),
        ("[toLower('a', 'b')]", "toLower() takes 1 argument, not 2"),
        ("[substring('a')]", "substring() takes 2 to 3 arguments, not 1"),
        ("[concat()]", "concat() takes at least 1 argument, not 0"),
        ("[if(true(), 1)]", "if() takes 3 arguments, not 2"),
        ("[resourceGroup('a','b','c')]", "resourceGroup() takes 0 to 2 arguments, not 3"),
        ("[parameters('nothing')]", "there is no parameter 'nothing'"),
        ("[variables('nothing')]", "there is no variable 'nothing'"),
        ("[lambdaVariables('x')]", "nothing binds the name 'x' here"),
        ("[copyIndex()]", "copyIndex() stands outside of a loop"),
        ("[copyIndex('x')]", "copyIndex() stands outside of the loop 'x'"),
        ("[createObject('a', 1).b]", "there is no property 'b'; there are a"),
        ("[createArray(1)[1]]", "there is no member 1 in an array of 1"),
        ("[null().a]", "cannot read 'a' of null"),
        ("[if(1, 2, 3)]", "a condition wants a bool, not an int"),
        ("[and(true(), 'a')]", "and() wants bools, not a string"),
        ("[not('a')]", "not() wants a bool, not a string"),
        ("[add('1', 2)]", "add() wants an int, not a string"),
        ("[add(9223372036854775807, 1)]", "add() gives a number that does not fit into 64 bits"),
        ("[div(1, 0)]", "div() divides by zero"),
        ("[mod(1, 0)]", "mod() divides by zero"),
        ("[min(createArray())]", "min() wants at least one number"),
        ("[int('x')]", "int() cannot read 'x'"),
        ("[float('x')]", "float() cannot read 'x'"),
        ("[bool('x')]", "bool() cannot read a string"),
        ("[toLower(1)]", "toLower() wants a string, not an int"),
        ("[length(1)]", "length() wants a string, an array or an object, not an int"),
        ("[empty(1)]", "empty() wants a string, an array or an object, not an int"),
        ("[concat('a', createArray())]", "concat() wants strings or arrays, not an array"),
        ("[concat(createArray(), 'a')]", "concat() wants an array, not a string"),
        ("[less(1, 'a')]", "less() wants two ints or two strings, not a string"),
        ("[substring('abc', 2, 5)]", "substring() wants 5 characters from 2 of a text of 3 characters"),
        ("[padLeft('a', 2, 'xy')]", "padLeft() wants one character to fill with"),
        ("[replace('a', '', 'b')]", "replace() wants something to replace, not an empty string"),
        ("[format('{1}', 'a')]", "format() has no value for {1}"),
        ("[format('{', 'a')]", "format() cannot read its text: '{' at character 1"),
        ("[format('{0:Q}', 1)]", "format() does not know the number format 'Q'"),
        ("[base64ToString('!')]", "base64ToString() wants base64 of UTF-8 text"),
        ("[dataUriToString('x')]", "dataUriToString() wants a data URI"),
        ("[json('{')]", "json() cannot read its text: it is not JSON"),
        ("[uri('a', 'b')]", "uri() wants an absolute address to start from"),
        ("[dateTimeAdd('x', 'P1D')]", "dateTimeAdd() cannot read the date"),
        ("[dateTimeAdd('2020-01-01', 'P')]", "dateTimeAdd() cannot read the duration"),
        ("[dateTimeAdd('2020-01-01', 'P9999Y')]", "dateTimeAdd() leaves the calendar"),
        ("[parseCidr('x')]", "parseCidr() cannot read the address range 'x'"),
        ("[cidrSubnet('10.0.0.0/24', 25, 2)]", "cidrSubnet(): 10.0.0.0/24 has no part 2 of size /25"),
        ("[cidrHost('10.0.0.0/30', 9)]", "cidrHost(): 10.0.0.0/30 has no host 9"),
        ("[range(0, 10001)]", "range() wants a count from 0 to 10000, not 10001"),
        ("[indexFromEnd(createArray(), 1)]", "indexFromEnd(): there is no member 1 from the end"),
        ("[map(createArray(1), 1)]", "map() wants a lambda"),
        ("[filter(createArray(1), lambda('x', 1))]", "filter() wants a lambda that gives a bool"),
        ("[map(createArray(1), lambda('a','b','c', 1))]", "a lambda here can name 2 values, not 3"),
        ("[groupBy(createArray(1), lambda('x', 1))]", "groupBy() wants a lambda that gives a string for the key"),
        ("[createObject('a')]", "createObject() wants a value for every key"),
        ("[fail('no such region')]", "fail(): no such region"),
        ("[resourceId('a', 'b')]", "resourceId() wants a resource type, such as 'Microsoft.Storage/storageAccounts'"),
        (
            "[resourceId('Microsoft.Sql/servers/databases', 'a')]",
            "resourceId() wants 2 names for the type 'Microsoft.Sql/servers/databases', not 1",
        ),
        ("[padLeft('a', 99999999)]", "a text becomes longer than 4194304 characters"),
        ("[a b]", "cannot read the expression: '(' is expected at character 4, not 'b'"),
    ],
)
def test_refuses(expression: str, message: str) -> None:
    assert objection(expression) == message


def test_a_text_in_two_brackets_is_a_text() -> None:
    assert output("[[parameters('x')]") == "[parameters('x')]"
    assert output("[no end") == "[no end"


def test_expressions_may_be_keys() -> None:
    assert output({"[concat('a', 'b')]": "[add(1, 1)]"}) == {"ab": 2}


def test_a_fault_makes_one_value_unknown_and_not_all() -> None:
    evaluated = deploy({"outputs": {"x": {"type": "object", "value": {"good": "[add(1, 1)]", "bad": "[nothing()]"}}}})

    found = evaluated.output("x")

    assert found["good"] == 2
    assert found["bad"].reason == "there is no function 'nothing'"


def test_a_property_loop_makes_a_property() -> None:
    value = {
        "kept": 1,
        "copy": [
            {"name": "disks", "count": 2, "input": {"lun": "[copyIndex('disks')]", "size": "[copyIndex('DISKS', 10)]"}}
        ],
    }

    assert output(value) == {"kept": 1, "disks": [{"lun": 0, "size": 10}, {"lun": 1, "size": 11}]}


def test_a_property_named_copy_is_a_property() -> None:
    assert output({"copy": ["a"]}) == {"copy": ["a"]}


@pytest.mark.parametrize(
    ("count", "message"),
    [
        (MAX_ROUNDS + 1, "the loop 'disks' runs 801 times; the limit is 800"),
        (10**9, "the loop 'disks' runs 1000000000 times; the limit is 800"),
        (-1, "the loop 'disks' wants a count, not -1"),
        ("many", "the loop 'disks' wants a count, not a string"),
    ],
)
def test_a_loop_is_bounded(count: Any, message: str) -> None:
    evaluated = deploy(
        {"outputs": {"x": {"type": "object", "value": {"copy": [{"name": "disks", "count": count, "input": 1}]}}}}
    )

    assert isinstance(evaluated.output("x")["disks"], Unknown)
    assert messages(deploy({"outputs": {}, "resources": [_with_loop(count)]})) == [message]


def _with_loop(count: Any) -> dict[str, Any]:
    properties = {"copy": [{"name": "disks", "count": count, "input": 1}]}
    return {"type": "A.B/c", "apiVersion": "2020-01-01", "name": "x", "properties": properties}


def test_a_loop_over_a_count_that_is_not_known_is_not_known() -> None:
    found = output(
        {"copy": [{"name": "disks", "count": "[length(parameters('a'))]", "input": 1}], "kept": 1},
        parameters={"a": {"type": "array"}},
    )

    assert isinstance(found["disks"], Unknown)
    assert found["kept"] == 1


@pytest.mark.parametrize(
    "expression",
    [
        "[reduce(range(0, 64), createArray(1), lambda('a', 'b', concat(lambdaVariables('a'), lambdaVariables('a'))))]",
        "[reduce(range(0, 64), createArray(1), "
        "lambda('a', 'b', createArray(lambdaVariables('a'), lambdaVariables('a'))))]",
        "[reduce(range(0, 64), 'aaaaaaaa', lambda('a', 'b', concat(lambdaVariables('a'), lambdaVariables('a'))))]",
        "[reduce(range(0, 64), 'aa', lambda('a', 'b', replace(lambdaVariables('a'), 'a', lambdaVariables('a'))))]",
        "[map(range(0, 10000), lambda('a', map(range(0, 10000), lambda('b', 1))))]",
    ],
)
def test_what_grows_without_end_is_refused(expression: str) -> None:
    assert "becomes longer than" in objection(expression) or "more than" in objection(expression)
