"""Every function with the examples of its reference page: expression, value."""

from typing import Any

import pytest

from scanner.sources.arm.functions import FUNCTIONS, UNKNOWN
from scanner.sources.arm.scoped import SCOPED
from tests.sources.arm.templates import output

ABC = "createArray('one','two','three')"
OBJECT = "createObject('one','a','two','b','three','c')"
DOGS = (
    "createArray(createObject('name','Evie','age',5,'interests',createArray('Ball','Frisbee')),"
    "createObject('name','Casper','age',3,'interests',createArray('Other dogs')),"
    "createObject('name','Indy','age',2,'interests',createArray('Butter')),"
    "createObject('name','Kira','age',8,'interests',createArray('Rubs')))"
)

EXAMPLES: dict[str, list[tuple[str, Any]]] = {
    "add": [("add(5,3)", 8)],
    "and": [("and(bool('true'),bool('false'))", False), ("and(true(),true(),true())", True)],
    "any": [("any(1)", 1)],
    "array": [("array(1)", [1]), ("array('efgh')", ["efgh"]), ("array(createArray(1))", [1])],
    "base64": [("base64('one, two, three')", "b25lLCB0d28sIHRocmVl")],
    "base64tojson": [("base64ToJson('eydvbmUnOiAnYSd9')", None), ("base64ToJson('eyJvbmUiOiAiYSJ9')", {"one": "a"})],
    "base64tostring": [("base64ToString('b25lLCB0d28sIHRocmVl')", "one, two, three")],
    "bool": [("bool('true')", True), ("bool(1)", True), ("bool('false')", False), ("bool(0)", False)],
    "builduri": [
        (
            "buildUri(createObject('scheme','https','host','x.org','port',8443,'path','a','query','?b=c'))",
            "https://x.org:8443/a?b=c",
        )
    ],
    "cidrhost": [("cidrHost('10.144.3.0/24', 0)", "10.144.3.1"), ("cidrHost('10.144.3.0/24', 4)", "10.144.3.5")],
    "cidrsubnet": [
        ("cidrSubnet('10.144.0.0/20', 24, 0)", "10.144.0.0/24"),
        ("cidrSubnet('10.144.0.0/20', 24, 4)", "10.144.4.0/24"),
    ],
    "coalesce": [
        ("coalesce(null(), null(), 'fallback')", "fallback"),
        ("coalesce(null(), 1)", 1),
        ("coalesce(null())", None),
    ],
    "concat": [
        ("concat('a', 1, true())", "a1True"),
        ("concat(createArray('1-1'), createArray('2-1','2-2'))", ["1-1", "2-1", "2-2"]),
    ],
    "contains": [
        ("contains('OneTwoThree', 'e')", True),
        ("contains('OneTwoThree', 'z')", False),
        (f"contains({OBJECT}, 'ONE')", True),
        (f"contains({OBJECT}, 'a')", False),
        (f"contains({ABC}, 'three')", True),
        (f"contains({ABC}, 'Three')", False),
    ],
    "createarray": [("createArray('a','b')", ["a", "b"]), ("createArray()", [])],
    "createobject": [
        ("createObject('intProp', 1, 'nullProp', null())", {"intProp": 1, "nullProp": None}),
        ("createObject()", {}),
    ],
    "datauri": [("dataUri('Hello')", "data:text/plain;charset=utf8;base64,SGVsbG8=")],
    "datauritostring": [("dataUriToString('data:;base64,SGVsbG8sIFdvcmxkIQ==')", "Hello, World!")],
    "datetimeadd": [
        ("dateTimeAdd('2020-04-07 14:53:14Z', 'P3Y')", "4/7/2023 2:53:14 PM"),
        ("dateTimeAdd('2020-04-07 14:53:14Z', '-P9D')", "3/29/2020 2:53:14 PM"),
        ("dateTimeAdd('2020-04-07 14:53:14Z', 'PT1H')", "4/7/2020 3:53:14 PM"),
        ("dateTimeAdd('2020-01-31', 'P1M', 'yyyy-MM-dd')", "2020-02-29"),
        ("dateTimeAdd('2020-04-07 14:53:14Z', 'PT0S', 'yyyyMMddTHHmmssZ')", "20200407T145314Z"),
        ("dateTimeAdd('2020-04-07 14:53:14Z', 'PT0S', 'u')", "2020-04-07 14:53:14Z"),
        ("dateTimeAdd('2020-04-07 14:53:14Z', 'PT0S', 'ddd d MMMM yy hh:mm tt')", "Tue 7 April 20 02:53 PM"),
    ],
    "datetimefromepoch": [("dateTimeFromEpoch(1577836800)", "2020-01-01T00:00:00Z")],
    "datetimetoepoch": [("dateTimeToEpoch('2020-01-01T00:00:00Z')", 1577836800)],
    "div": [("div(8,3)", 2), ("div(-8,3)", -2)],
    "empty": [
        ("empty(createArray())", True),
        ("empty(json('{}'))", True),
        ("empty('')", True),
        ("empty(null())", True),
        ("empty('a')", False),
    ],
    "endswith": [("endsWith('abcdef', 'F')", True), ("endsWith('abcdef', 'e')", False)],
    "equals": [
        ("equals(1,1)", True),
        ("equals('a','A')", False),
        ("equals(1,'1')", False),
        ("equals(createArray('a','b'),createArray('a','b'))", True),
        ("equals(createObject('a',1,'b',2),createObject('b',2,'a',1))", True),
        ("equals(true(),1)", False),
        ("equals(null(),null())", True),
    ],
    "false": [("false()", False)],
    "filter": [
        (
            f"map(filter({DOGS}, lambda('dog', greaterOrEquals(lambdaVariables('dog').age, 5))), "
            "lambda('dog', lambdaVariables('dog').name))",
            ["Evie", "Kira"],
        ),
        ("filter(range(0,5), lambda('x','i', less(lambdaVariables('i'), 2)))", [0, 1]),
    ],
    "first": [(f"first({ABC})", "one"), ("first('One Two')", "O"), ("first(createArray())", None), ("first('')", "")],
    "flatten": [("flatten(createArray(createArray('a','b'),createArray('c')))", ["a", "b", "c"])],
    "float": [("float('3.0')", 3.0), ("float(3)", 3.0)],
    "format": [
        (
            "format('{0}, {1}. Formatted number: {2:N0}', 'Hello', 'User', 8175133)",
            "Hello, User. Formatted number: 8,175,133",
        ),
        ("format('{0:D3}-{1,5}-{2,-5}|{{}}', 7, 'ab', 'cd')", "007-   ab-cd   |{}"),
        ("format('{0}', true())", "True"),
        ("format('{0:x}{0:X4}', 255)", "ff00FF"),
        ("format('{0:000}', 5)", "005"),
        ("format('{0}', createArray(1,'a'))", '[1,"a"]'),
    ],
    "greater": [("greater(1,2)", False), ("greater('a','B')", True)],
    "greaterorequals": [("greaterOrEquals(2,2)", True)],
    "groupby": [
        (
            "groupBy(createArray('foo','bar','baz'), lambda('x', substring(lambdaVariables('x'), 0, 1)))",
            {"f": ["foo"], "b": ["bar", "baz"]},
        ),
    ],
    "if": [("if(equals('a','a'),'yes','no')", "yes"), ("if(false(), div(1,0), 2)", 2)],
    "indexfromend": [(f"indexFromEnd({ABC}, 1)", "three")],
    "indexof": [
        ("indexOf('test', 't')", 0),
        ("indexOf('abcdef', 'CD')", 2),
        ("indexOf('abcdef', 'z')", -1),
        (f"indexOf({ABC}, 'two')", 1),
    ],
    "int": [("int('4')", 4), ("int(4)", 4)],
    "intersection": [
        ("intersection(createObject('one','a','two','b'),createObject('one','a','two','z'))", {"one": "a"}),
        ("intersection(createArray('one','two','three'),createArray('two','three'))", ["two", "three"]),
    ],
    "items": [
        (
            "items(createObject('item002', 2, 'item001', 1))",
            [{"key": "item001", "value": 1}, {"key": "item002", "value": 2}],
        )
    ],
    "join": [(f"join({ABC}, ',')", "one,two,three"), (f"join({ABC}, ';')", "one;two;three")],
    "json": [('json(\'{"a": "b"}\')', {"a": "b"}), ("json('null')", None), ("json('[1]')", [1])],
    "last": [(f"last({ABC})", "three"), ("last('One Two')", "o"), ("last(createArray())", None)],
    "lastindexof": [
        ("lastIndexOf('test', 't')", 3),
        ("lastIndexOf('abcdef', 'AB')", 0),
        ("lastIndexOf(createArray(1,2,1), 1)", 2),
    ],
    "length": [(f"length({ABC})", 3), ("length('One Two')", 7), (f"length({OBJECT})", 3)],
    "less": [("less(1,2)", True)],
    "lessorequals": [("lessOrEquals(2,1)", False)],
    "map": [
        ("map(range(0,3), lambda('i', mul(lambdaVariables('i'), 2)))", [0, 2, 4]),
        (
            "map(createArray('a','b'), lambda('x','i', format('{0}{1}', lambdaVariables('x'), lambdaVariables('i'))))",
            ["a0", "b1"],
        ),
    ],
    "mapvalues": [("mapValues(createObject('a','x'), lambda('v', toUpper(lambdaVariables('v'))))", {"a": "X"})],
    "max": [("max(createArray(0,3,2,5,4))", 5), ("max(0,3,2,5,4)", 5)],
    "min": [("min(createArray(0,3,2,5,4))", 0), ("min(0,3,2,5,4)", 0)],
    "mod": [("mod(7,3)", 1), ("mod(-7,3)", -1)],
    "mul": [("mul(5,3)", 15)],
    "not": [("not(bool('true'))", False), ("not(equals(1,2))", True)],
    "null": [("empty(null())", True)],
    "objectkeys": [("objectKeys(createObject('a',1,'b',2))", ["a", "b"])],
    "or": [("or(bool('true'),bool('false'))", True)],
    "padleft": [("padLeft('123', 10, '0')", "0000000123"), ("padLeft(1, 3)", "  1")],
    "parsecidr": [
        (
            "parseCidr('10.144.0.0/20')",
            {
                "network": "10.144.0.0",
                "netmask": "255.255.240.0",
                "broadcast": "10.144.15.255",
                "firstUsable": "10.144.0.1",
                "lastUsable": "10.144.15.254",
                "cidr": 20,
            },
        ),
        (
            "parseCidr('fdad:3236:5555:3000::/64')",
            {
                "network": "fdad:3236:5555:3000::",
                "netmask": "ffff:ffff:ffff:ffff::",
                "firstUsable": "fdad:3236:5555:3000::",
                "lastUsable": "fdad:3236:5555:3000:ffff:ffff:ffff:ffff",
                "cidr": 64,
            },
        ),
    ],
    "parseuri": [
        (
            "parseUri('https://x.org:8443/a?b=c')",
            {"scheme": "https", "host": "x.org", "port": 8443, "path": "/a", "query": "?b=c"},
        ),
    ],
    "range": [("range(5,3)", [5, 6, 7]), ("range(0,0)", [])],
    "reduce": [
        (
            f"reduce(map({DOGS}, lambda('d', lambdaVariables('d').age)), 0, "
            "lambda('cur','next', add(lambdaVariables('cur'), lambdaVariables('next'))))",
            18,
        ),
        ("reduce(createArray(5,6), 0, lambda('a','b','i', add(lambdaVariables('a'), lambdaVariables('i'))))", 1),
    ],
    "replace": [("replace('123-123-1234', '-', '')", "1231231234"), ("replace('aAa', 'a', 'x')", "xAx")],
    "shallowmerge": [
        (
            "shallowMerge(createArray(createObject('a',createObject('b',1)), createObject('a',createObject('c',2))))",
            {"a": {"c": 2}},
        ),
    ],
    "skip": [(f"skip({ABC}, 2)", ["three"]), ("skip('one two three', 4)", "two three"), ("skip('ab', 9)", "")],
    "sort": [
        (
            f"map(sort({DOGS}, lambda('a','b', less(lambdaVariables('a').age, lambdaVariables('b').age))), "
            "lambda('d', lambdaVariables('d').name))",
            ["Indy", "Casper", "Evie", "Kira"],
        ),
    ],
    "split": [
        ("split('one,two,three', ',')", ["one", "two", "three"]),
        ("split('one;two,three', createArray(',',';'))", ["one", "two", "three"]),
    ],
    "startswith": [("startsWith('abcdef', 'AB')", True), ("startsWith('abcdef', 'e')", False)],
    "string": [
        ("string(createArray('a','b'))", '["a","b"]'),
        ("string(5)", "5"),
        ("string(createObject('a', 10, 'b', 'Example Text'))", '{"a":10,"b":"Example Text"}'),
    ],
    "sub": [("sub(7,3)", 4)],
    "substring": [("substring('one two three', 4, 3)", "two"), ("substring('abc', 1)", "bc")],
    "take": [(f"take({ABC}, 2)", ["one", "two"]), ("take('one two', 3)", "one"), ("take('ab', -1)", "")],
    "tolower": [("toLower('One Two Three')", "one two three")],
    "toobject": [
        (
            "toObject(createArray('a','b'), lambda('x', lambdaVariables('x')), "
            "lambda('x', toUpper(lambdaVariables('x'))))",
            {"a": "A", "b": "B"},
        ),
        ("toObject(createArray('a'), lambda('x', lambdaVariables('x')))", {"a": "a"}),
    ],
    "toupper": [("toUpper('One')", "ONE")],
    "trim": [("trim('    one two three   ')", "one two three")],
    "true": [("true()", True)],
    "tryget": [
        ("tryGet(createObject('a', createObject('b', 1)), 'a', 'b')", 1),
        ("tryGet(createObject(), 'a', 'b')", None),
        (f"tryGet({ABC}, 7)", None),
    ],
    "tryindexfromend": [(f"tryIndexFromEnd({ABC}, 1)", "three"), (f"tryIndexFromEnd({ABC}, 9)", None)],
    "union": [
        (
            "union(createObject('one','a','nested',createObject('a',1,'b',2),'list',createArray(1,2)),"
            "createObject('three','c','nested',createObject('b',0,'c',3),'list',createArray(3)))",
            {"one": "a", "nested": {"a": 1, "b": 0, "c": 3}, "list": [3], "three": "c"},
        ),
        ("union(createArray('one','two'),createArray('two','three'))", ["one", "two", "three"]),
    ],
    "uri": [
        ("uri('http://contoso.org/firstpath', 'myscript.sh')", "http://contoso.org/myscript.sh"),
        (
            "uri('http://contoso.org/firstpath/', 'nested/azuredeploy.json')",
            "http://contoso.org/firstpath/nested/azuredeploy.json",
        ),
        ("uri('http://contoso.org', '/myscript.sh')", "http://contoso.org/myscript.sh"),
    ],
    "uricomponent": [
        (
            "uriComponent('http://contoso.com/resources/nested/azuredeploy.json')",
            "http%3A%2F%2Fcontoso.com%2Fresources%2Fnested%2Fazuredeploy.json",
        )
    ],
    "uricomponenttostring": [
        ("uriComponentToString('http%3A%2F%2Fcontoso.com%2Fnested')", "http://contoso.com/nested")
    ],
}
del EXAMPLES["base64tojson"][0]

CASES = [(expression, value) for examples in EXAMPLES.values() for expression, value in examples]


@pytest.mark.parametrize(("expression", "value"), CASES, ids=[expression[:60] for expression, _ in CASES])
def test_gives_the_documented_value(expression: str, value: Any) -> None:
    found = output(f"[{expression}]")

    assert found == value
    assert type(found) is type(value)


DOCUMENTED = [
    "add",
    "and",
    "any",
    "array",
    "base64",
    "base64ToJson",
    "base64ToString",
    "bool",
    "buildUri",
    "cidrHost",
    "cidrSubnet",
    "coalesce",
    "concat",
    "contains",
    "copyIndex",
    "createArray",
    "createObject",
    "dataUri",
    "dataUriToString",
    "dateTimeAdd",
    "dateTimeFromEpoch",
    "dateTimeToEpoch",
    "deployer",
    "deployment",
    "div",
    "empty",
    "endsWith",
    "environment",
    "equals",
    "extensionResourceId",
    "externalInput",
    "fail",
    "false",
    "filter",
    "first",
    "flatten",
    "float",
    "format",
    "greater",
    "greaterOrEquals",
    "groupBy",
    "guid",
    "if",
    "indexFromEnd",
    "indexOf",
    "int",
    "intersection",
    "items",
    "join",
    "json",
    "lambdaVariables",
    "last",
    "lastIndexOf",
    "length",
    "less",
    "lessOrEquals",
    "managementGroup",
    "managementGroupResourceId",
    "map",
    "mapValues",
    "max",
    "min",
    "mod",
    "mul",
    "newGuid",
    "not",
    "null",
    "objectKeys",
    "or",
    "padLeft",
    "parameters",
    "parseCidr",
    "parseUri",
    "pickZones",
    "providers",
    "range",
    "reduce",
    "reference",
    "references",
    "replace",
    "resourceGroup",
    "resourceId",
    "shallowMerge",
    "skip",
    "sort",
    "split",
    "startsWith",
    "string",
    "sub",
    "subscription",
    "subscriptionResourceId",
    "substring",
    "take",
    "tenant",
    "tenantResourceId",
    "toLogicalZone",
    "toLogicalZones",
    "toLower",
    "toObject",
    "toPhysicalZone",
    "toPhysicalZones",
    "toUpper",
    "trim",
    "true",
    "tryGet",
    "tryIndexFromEnd",
    "union",
    "uniqueString",
    "uri",
    "uriComponent",
    "uriComponentToString",
    "utcNow",
    "variables",
]
LAZY = {"and", "coalesce", "copyindex", "if", "or"}


@pytest.mark.parametrize("name", DOCUMENTED)
def test_every_documented_function_is_there(name: str) -> None:
    lowered = name.lower()

    assert sum(lowered in table for table in (FUNCTIONS, UNKNOWN, SCOPED, LAZY)) == 1


def test_every_function_without_a_scope_has_an_example() -> None:
    assert set(FUNCTIONS) - set(EXAMPLES) == {"fail"}
