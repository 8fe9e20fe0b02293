"""Each built-in of ours: what it returns, what it refuses. That OPA says the same is test_differential's business."""

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.packs.rego.builtins import ARITIES, registry, used_by
from scanner.packs.rego.builtins.documents import MAX_VALUES
from scanner.packs.rego.builtins.keys import read_keys
from scanner.packs.rego.builtins.signatures import CURVES, EcKey, EdKey, RsaKey, verify


class Members(list[Any]):
    """A set, as the engine hands it over."""


def call(name: str, *operands: object) -> Any:
    arity, function = used_by([name])[name]
    assert arity == len(operands)
    return function(*operands)


def test_the_registry_has_a_function_for_every_name() -> None:
    functions = registry()
    assert functions.keys() == ARITIES.keys()
    assert all(callable(function) and arity == ARITIES[name] for name, (arity, function) in functions.items())


def test_only_built_ins_that_are_ours_are_found_by_name() -> None:
    assert list(used_by(["count", "crypto.md5", "nothing"])) == ["crypto.md5"]


@pytest.mark.parametrize(
    ("name", "operands", "wanted"),
    [
        ("array.flatten", ([[1], 2, [[3]], Members([4])],), [1, 2, [3], Members([4])]),
        ("array.slice", ([1, 2, 3], 1, 9), [2, 3]),
        ("array.slice", ([1, 2, 3], -5, -1), []),
        ("crypto.md5", ("a",), "0cc175b9c0f1b6a831c399e269772661"),
        ("crypto.sha1", ("abc",), "a9993e364706816aba3e25717850c26c9cd0d89d"),
        ("crypto.sha256", ("",), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("crypto.hmac.md5", ("what do ya want for nothing?", "Jefe"), "750c783e6ab0b503eaa86e310a5db738"),
        ("crypto.hmac.equal", ("ä", "ä"), True),
        ("crypto.hmac.equal", ("a", "b"), False),
        ("glob.quote_meta", (r"*.{a,b}[c]\?",), r"\*.\{a,b\}\[c\]\\\?"),
        ("json.is_valid", ('{"a": 1}',), True),
        ("json.is_valid", ("NaN",), False),
        ("json.is_valid", (1,), False),
        ("json.unmarshal", ("[123456789012345678901]",), [123456789012345678901]),
        ("net.cidr_is_valid", ("10.0.0.1/8",), True),
        ("net.cidr_is_valid", (1,), False),
        ("net.cidr_intersects", ("10.0.0.0/8", "10.1.0.0/16"), True),
        ("net.cidr_intersects", ("10.0.0.0/8", "::/0"), False),
        ("net.cidr_merge", (["10.0.0.0/25", "10.0.0.128/25", "::1/128"],), {"10.0.0.0/24", "::1/128"}),
        ("net.cidr_merge", (["192.0.2.5"],), {"192.0.2.5/24"}),
        ("net.cidr_merge", (["192.0.2.5", "192.0.2.0/30"],), {"192.0.2.0/24"}),
        ("net.cidr_merge", ([],), set()),
        ("net.cidr_contains_matches", ("10.0.0.0/8", ["10.1.1.1", "11.0.0.0/8"]), {("10.0.0.0/8", 0)}),
        ("net.cidr_contains_matches", ({"a": "10.0.0.0/8"}, Members([["10.1.1.1", "x"]])), {("a", ("10.1.1.1", "x"))}),
        ("regex.globs_match", ("a.*", "ab[0-9]+"), True),
        ("regex.globs_match", ("[a-c]+", "[x-z]+"), False),
        ("regex.globs_match", (".*", ""), False),
        ("regex.globs_match", ("a*", "b*"), False),
        ("regex.globs_match", (r"\[a\]", "..."), True),
        ("regex.globs_match", ("[a-]", "b"), None),
        ("semver.compare", ("v1.2.3", "1.2.10"), -1),
        ("semver.compare", ("1.0.0-rc.1", "1.0.0-rc.1+build"), 0),
        ("semver.compare", ("1.0.0-a.10", "1.0.0-a.9"), 1),
        ("semver.is_valid", ("1.2",), False),
        ("semver.is_valid", (1,), False),
        ("strings.split_n", ("a.b.c", ".", 2), ["a", "b"]),
        ("strings.split_n", ("a.b.c", ".", -1), ["c"]),
        ("strings.split_n", ("ab", "", 1), ["a"]),
        ("uri.is_valid", ("http://h/%zz",), False),
        ("uri.is_valid", ("",), False),
        ("yaml.is_valid", ("a: [1",), False),
        ("yaml.is_valid", ("a: 1",), True),
        ("yaml.unmarshal", ("",), None),
        ("yaml.unmarshal", ("a: yes\nb: 010\nc: 1_000\nd: .5",), {"a": "yes", "b": 8, "c": 1000, "d": 0.5}),
        ("yaml.unmarshal", ("x: &x {k: 1, l: 2}\ny: {<<: *x, l: 3}",), {"x": {"k": 1, "l": 2}, "y": {"k": 1, "l": 3}}),
        ("yaml.unmarshal", ("1: a\ntrue: b",), {"1": "a", "true": "b"}),
        ("yaml.unmarshal", ("a: 1\n---\n[",), {"a": 1}),
        ("yaml.unmarshal", ("a: !Ref 1\nb: !!str 1\nc: '1'",), {"a": "1", "b": "1", "c": "1"}),
    ],
)
def test_results(name: str, operands: tuple[object, ...], wanted: object) -> None:
    if wanted is None and name == "regex.globs_match":
        with pytest.raises(ValueError, match="the input provided is invalid"):
            call(name, *operands)
        return
    result = call(name, *operands)
    assert result == wanted
    assert type(result) is bool or not isinstance(wanted, bool)


@pytest.mark.parametrize(
    ("name", "operands", "reason"),
    [
        ("array.flatten", ({"a": 1},), "operand 1 must be array but got object"),
        ("array.flatten", (Members([1]),), "operand 1 must be array but got set"),
        ("array.slice", ([1], 0.5, 1), "operand 2 must be integer number but got floating-point number"),
        ("crypto.md5", (1,), "operand 1 must be string but got number"),
        ("crypto.hmac.sha256", ("a", None), "operand 2 must be string but got null"),
        ("json.unmarshal", ("[NaN]",), "invalid character 'N'"),
        ("json.unmarshal", ("[" * 100_000,), "nested too deep"),
        ("net.cidr_intersects", ("10.0.0.1", "10.0.0.0/8"), "invalid CIDR address: 10.0.0.1"),
        ("net.cidr_merge", (["2001:db8::1"],), "IPv6 invalid: needs prefix length"),
        ("net.cidr_merge", ([1],), "element must be string"),
        ("net.cidr_merge", ("10.0.0.0/8",), "operand must be an array"),
        ("net.cidr_contains_matches", ("10.0.0.0/8", [[]]), "operand 2: element must be string or non-empty array"),
        ("regex.globs_match", ("a]", "a"), "set-close"),
        ("regex.globs_match", ("*a", "a"), "flag '\\*' must be preceded"),
        ("regex.globs_match", ("[a", "a"), "without matching"),
        ("regex.globs_match", ("a\\", "a"), "input ends with"),
        ("semver.compare", ("1.2", "1.2.0"), "operand 1: string 1.2 is not a valid SemVer"),
        ("semver.compare", ("1.2.0", "1.2.0-01"), "operand 2"),
        ("yaml.unmarshal", ("a: b: c",), "yaml: mapping values are not allowed"),
        ("yaml.unmarshal", ("? [a]\n: 1",), "unsupported map key"),
        ("yaml.unmarshal", ("a: .inf",), "unsupported value"),
        ("yaml.unmarshal", ("a: &a [*a]",), "contains itself"),
        ("time.add_date", (2**62, 100_000, 0, 0), "time outside of valid range"),
        ("time.add_date", ("0", 0, 0, 0), "operand 1 must be either number"),
        ("time.format", ([0, "Nowhere/Land"],), "unknown time zone Nowhere/Land"),
        ("time.format", ([0, "Local"],), "no part of the input"),
        ("time.parse_ns", ("2006-01-02", "2020-02-30"), "day is out of range"),
        ("time.parse_ns", ("2006-01-02", "2020-1-2"), "it does not fit"),
        ("time.parse_ns", ("15:04", "12:30"), "time outside of valid range"),
        ("uri.parse", (":x",), "missing protocol scheme"),
        ("uri.parse", ("a:b/c/:d/x y\x01",), "invalid control character"),
        ("uri.parse", ("1:b",), "first path segment"),
        ("strings.render_template", ("{{.a | len}}", {}), "is not supported"),
        ("strings.render_template", ("{{if .a}}", {}), "unexpected EOF"),
        ("strings.render_template", ("{{end}}", {}), "unexpected"),
        ("strings.render_template", ("{{.a", {}), "unclosed action"),
        ("strings.render_template", ("{{$x}}", {}), "undefined variable"),
        ("strings.render_template", ("{{range .a}}{{end}}", {"a": 1}), "can't iterate"),
        ("strings.render_template", ("{{.a.b}}", {"a": 1}), "can't evaluate field b"),
    ],
)
def test_what_is_refused(name: str, operands: tuple[object, ...], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        call(name, *operands)


def test_a_document_that_unfolds_without_end_is_refused() -> None:
    lines = ["a0: &a0 [1, 1]", *(f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 9)}]" for level in range(1, 9))]
    with pytest.raises(ValueError, match=f"limit exceeded: the document holds more than {MAX_VALUES} values"):
        call("yaml.unmarshal", "\n".join(lines))


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
    )
)
def test_yaml_reads_what_json_writes(value: object) -> None:
    text = json.dumps(value)
    assert call("json.unmarshal", text) == value
    # Keys are names and texts are quoted, so that YAML has nothing to guess; it refuses some control characters.
    if text.isprintable() and "\\u" not in text:
        assert call("yaml.unmarshal", text) == value


class TestTemplates:
    def test_a_template_string_shows_values_as_rego_writes_them(self) -> None:
        parts = ["a ", Members(["b"]), Members([["c", 1.5, True, None]]), Members([]), Members([{"k": Members([])}])]
        assert call("internal.template_string", parts) == 'a b["c", 1.5, true, null]<undefined>{"k": set()}'

    def test_a_hole_with_two_values_is_an_error(self) -> None:
        with pytest.raises(ValueError, match="must not produce multiple outputs"):
            call("internal.template_string", [Members([1, 2])])

    @pytest.mark.parametrize(
        ("template", "wanted"),
        [
            ("{{.a}} {{.o.b}} {{.none}}", "1 x <undefined>"),
            ("{{/* nothing */}}{{- .a -}} !", "1!"),
            ("{{if .list}}yes{{else}}no{{end}}{{if .zero}}yes{{else}}no{{end}}", "yesno"),
            ("{{if .zero}}0{{else if .a}}1{{else}}2{{end}}", "1"),
            ("{{with .o}}{{.b}}{{end}}{{with .none}}x{{else}}none{{end}}", "xnone"),
            ("{{range $i, $v := .list}}{{if $i}},{{end}}{{$v}}{{end}}", "p,q"),
            ("{{range .o}}{{.}}{{$.a}}{{end}}{{range .zero_list}}x{{else}}empty{{end}}", "x1empty"),
            ("{{$x := .o}}{{$x.b}} {{.list}} {{.o}} {{.half}} {{.yes}}", "x [p q] map[b:x] 0.5 true"),
            ("no action at all", "no action at all"),
        ],
    )
    def test_render_template(self, template: str, wanted: str) -> None:
        variables = {"a": 1, "o": {"b": "x"}, "list": ["p", "q"], "zero": 0, "zero_list": [], "half": 0.5, "yes": True}
        assert call("strings.render_template", template, variables) == wanted


class TestTimes:
    @pytest.mark.parametrize(
        ("layout", "text", "wanted"),
        [
            ("2006-01-02", "1970-01-02", 86_400 * 10**9),
            ("RFC3339", "1970-01-01T01:00:00.5+01:00", 500_000_000),
            ("2006-01-02 3:04PM", "1970-01-01 12:30am", 30 * 60 * 10**9),
            ("Jan _2 2006", "Feb  1 1970", 31 * 86_400 * 10**9),
            ("2006-002", "1970-032", 31 * 86_400 * 10**9),
            ("2006-01-02 MST", "1970-01-01 GMT+1", -3600 * 10**9),
            ("06-1-2", "69-1-1", -365 * 86_400 * 10**9),
            ("2006-01-02 15:04:05.000", "1970-01-01 00:00:00.001", 10**6),
        ],
    )
    def test_parse(self, layout: str, text: str, wanted: int) -> None:
        assert call("time.parse_ns", layout, text) == wanted

    @pytest.mark.parametrize(
        ("time", "wanted"),
        [
            (0, "1970-01-01T00:00:00Z"),
            ([1_500_000_000], "1970-01-01T00:00:01.5Z"),
            ([0, "Europe/Berlin"], "1970-01-01T01:00:00+01:00"),
            (
                [0, "UTC", "Monday 2 January 06 3:04:05 pm .000 -0700 MST"],
                "Thursday 1 January 70 12:00:00 am .000 +0000 UTC",
            ),
            ([0, "UTC", "RFC1123"], "Thu, 01 Jan 1970 00:00:00 UTC"),
            ([-1, "America/New_York", "2006-01-02 15:04:05.999999999 MST"], "1969-12-31 18:59:59.999999999 EST"),
        ],
    )
    def test_format(self, time: object, wanted: str) -> None:
        assert call("time.format", time) == wanted

    def test_a_day_that_the_month_does_not_have_runs_over(self) -> None:
        start = call("time.parse_ns", "2006-01-02", "2020-01-31")
        assert call("time.add_date", start, 0, 1, 0) == call("time.parse_ns", "2006-01-02", "2020-03-02")
        assert call("time.add_date", start, -1, -1, 1) == call("time.parse_ns", "2006-01-02", "2019-01-01")

    @given(st.integers(min_value=-(2**63), max_value=2**63 - 1))
    def test_a_formatted_time_is_parsed_back(self, time: int) -> None:
        text = call("time.format", [time, "UTC", "RFC3339Nano"])
        assert call("time.parse_ns", "RFC3339Nano", text) == time


class TestPatches:
    @pytest.mark.parametrize(
        ("operations", "wanted"),
        [
            ([{"op": "add", "path": "/a/-", "value": 3}], {"a": [1, 2, 3], "b/c": True}),
            ([{"op": "add", "path": "a/0", "value": 0}], {"a": [0, 1, 2], "b/c": True}),
            ([{"op": "remove", "path": "/b~1c"}], {"a": [1, 2]}),
            ([{"op": "replace", "path": ["a", 1], "value": {}}], {"a": [1, {}], "b/c": True}),
            ([{"op": "move", "from": "/a/0", "path": "/d"}], {"a": [2], "b/c": True, "d": 1}),
            ([{"op": "copy", "from": "/a", "path": ""}], [1, 2]),
            ([{"op": "test", "path": "/b~1c", "value": True}], {"a": [1, 2], "b/c": True}),
        ],
    )
    def test_operations(self, operations: list[object], wanted: object) -> None:
        document = {"a": [1, 2], "b/c": True}
        assert call("json.patch", document, operations) == wanted
        assert document == {"a": [1, 2], "b/c": True}

    def test_members_of_sets(self) -> None:
        operations = [{"op": "add", "path": ["s", 3], "value": 3}, {"op": "remove", "path": ["s", 1]}]
        result = call("json.patch", {"s": Members([1, 2])}, operations)
        assert result == {"s": [2, 3]}
        assert isinstance(result["s"], Members)

    @pytest.mark.parametrize(
        ("operation", "reason"),
        [
            ({"op": "remove", "path": "/b"}, "does not exist"),
            ({"op": "add", "path": "/a/9", "value": 1}, "out of bounds"),
            ({"op": "add", "path": "/a/01", "value": 1}, "invalid index"),
            ({"op": "add", "path": "/x/y", "value": 1}, "does not exist"),
            ({"op": "add", "path": "/a"}, "missing required attribute 'value'"),
            ({"op": "test", "path": "/a/0", "value": True}, "!= patch value"),
            ({"op": "nothing", "path": "/a"}, "unrecognized op"),
            ({"op": "remove", "path": ""}, "whole document"),
            ({"op": "remove", "path": 1}, "must be an array"),
            (1, "not an object"),
        ],
    )
    def test_a_patch_that_does_not_apply_is_an_error(self, operation: object, reason: str) -> None:
        with pytest.raises(ValueError, match=reason):
            call("json.patch", {"a": [1, 2]}, [operation])


ADDITIONAL = ("additional_property_not_allowed", "Additional property b is not allowed")
PROPERTY_NAME = ("invalid_property_name", 'Property name of "b" does not match')


class TestSchemas:
    def faults(self, document: object, schema: object) -> list[tuple[str, str, str]]:
        matches, faults = call("json.match_schema", document, schema)
        assert matches == (not faults)
        assert all(fault["error"] == f"{fault['field']}: {fault['desc']}" for fault in faults)
        return [(fault["field"], fault["type"], fault["desc"]) for fault in faults]

    def test_a_document_that_fits(self) -> None:
        assert self.faults({"id": 1}, {"properties": {"id": {"type": "integer"}}}) == []

    def test_either_may_be_text(self) -> None:
        assert self.faults('{"id": 1}', '{"required": ["x"]}') == [("(Root)", "required", "x is required")]

    @pytest.mark.parametrize(
        ("value", "schema", "kind", "description"),
        [
            (1.5, {"type": "integer"}, "invalid_type", "Invalid type. Expected: integer, given: number"),
            (1, {"type": ["string", "null"]}, "invalid_type", "Invalid type. Expected: string/null, given: integer"),
            (3, {"enum": [1, "x"]}, "enum", 'a must be one of the following: 1, "x"'),
            (3, {"const": 4}, "const", "a does not match: 4"),
            ([1, 1], {"uniqueItems": True}, "unique", "array items[0,1] must be unique"),
            ([1], {"minItems": 2}, "array_min_items", "Array must have at least 2 items"),
            ("x", {"minLength": 2}, "string_gte", "String length must be greater than or equal to 2"),
            ("x", {"pattern": "^y"}, "pattern", "Does not match pattern '^y'"),
            (5, {"maximum": 4}, "number_lte", "Must be less than or equal to 4"),
            (5, {"not": {"type": "integer"}}, "number_not", "Must not validate the schema (not)"),
            ({"b": 1}, {"additionalProperties": False}, *ADDITIONAL),
            ({"b": 1}, {"dependencies": {"b": ["c"]}}, "missing_dependency", "Has a dependency on c"),
            ({"b": 1}, {"propertyNames": {"minLength": 2}}, *PROPERTY_NAME),
        ],
    )
    def test_faults(self, value: object, schema: object, kind: str, description: str) -> None:
        assert self.faults({"a": value}, {"properties": {"a": schema}})[0] == ("a", kind, description)

    def test_a_fault_inside_of_an_array(self) -> None:
        faults = self.faults({"a": [1, "x"]}, {"properties": {"a": {"items": {"type": "integer"}}}})
        assert [field for field, _, _ in faults] == ["a.1"]

    def test_outer_faults_come_first(self) -> None:
        schema = {"properties": {"a": {"type": "string"}}, "required": ["b"], "type": "object"}
        assert [field for field, _, _ in self.faults({"a": 1}, schema)] == ["(Root)", "a"]

    def test_of_alternatives_the_closest_is_explained(self) -> None:
        schema = {"anyOf": [{"type": "string"}, {"required": ["x", "y"], "properties": {"a": {"type": "string"}}}]}
        assert [kind for _, kind, _ in self.faults({"a": 1}, schema)] == ["number_any_of", "invalid_type"]

    def test_a_schema_that_is_none(self) -> None:
        expected = "[array boolean integer number null object string]"
        reason = f"has a primitive type that is NOT VALID -- given: /x/ Expected valid values are:{expected}"
        assert call("json.verify_schema", {"type": "x"}) == [False, f"jsonschema: {reason}"]
        assert call("json.verify_schema", {"minimum": "x"})[0] is False
        assert call("json.verify_schema", "{}") == [True, None]
        with pytest.raises(ValueError, match="NOT VALID"):
            call("json.match_schema", {}, {"type": "x"})

    def test_a_reference_leads_nowhere_else(self) -> None:
        with pytest.raises(Exception, match=r"Unresolvable|file:///etc/passwd"):
            call("json.match_schema", {}, {"$ref": "file:///etc/passwd"})


def encoded(value: object) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def token(payload: object, secret: str = "s", **header: object) -> str:
    signed = f"{encoded({'alg': 'HS256', **header})}.{encoded(payload)}"
    return f"{signed}.{encoded(hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest())}"


class TestTokens:
    def test_decode(self) -> None:
        header, payload, signature = call("io.jwt.decode", token({"sub": "x"}))
        assert (header, payload) == ({"alg": "HS256"}, {"sub": "x"})
        assert len(bytes.fromhex(signature)) == 32

    def test_a_token_in_a_token(self) -> None:
        outer = f"{encoded({'alg': 'HS256', 'cty': 'JWT'})}.{encoded(token({'sub': 'x'}).encode())}.x"
        assert call("io.jwt.decode", outer)[1] == {"sub": "x"}

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("abc", "no period separators"),
            ("a.b", "must have 3 sections, found 2"),
            ("%.b.c", "invalid encoding"),
            (f"{encoded([])}.b.c", "bad JWT header: decoded JSON type was not an Object"),
            (f"{encoded({'enc': 'x'})}.b.c", "JWE"),
            (f"{encoded({'alg': 'x'})}.{encoded(b'{')}.c", "invalid JSON"),
        ],
    )
    def test_what_is_no_token(self, text: str, reason: str) -> None:
        with pytest.raises(ValueError, match=reason):
            call("io.jwt.decode", text)

    def test_a_keyed_signature(self) -> None:
        assert call("io.jwt.verify_hs256", token({}), "s") is True
        assert call("io.jwt.verify_hs256", token({}), "t") is False
        assert call("io.jwt.verify_hs512", token({}), "s") is False

    @pytest.mark.parametrize(
        ("payload", "constraints", "valid"),
        [
            ({}, {}, True),
            ({}, {"alg": "HS512"}, False),
            ({"iss": "a"}, {"iss": "a"}, True),
            ({"iss": "b"}, {"iss": "a"}, False),
            ({}, {"iss": "a"}, False),
            ({"aud": "a"}, {}, False),
            ({"aud": ["a", "b"]}, {"aud": "b"}, True),
            ({}, {"aud": "b"}, False),
            ({"exp": 10}, {"time": 9_999_999_999}, True),
            ({"exp": 10}, {"time": 10_000_000_000}, False),
            ({"nbf": 10}, {"time": 9_999_999_999}, False),
            ({"nbf": 10}, {"time": 10_000_000_000}, True),
        ],
    )
    def test_claims(self, payload: dict[str, object], constraints: dict[str, object], *, valid: bool) -> None:
        result = call("io.jwt.decode_verify", token(payload), {"secret": "s", **constraints})
        assert result == ([True, {"alg": "HS256"}, payload] if valid else [False, {}, {}])

    @pytest.mark.parametrize(
        ("payload", "constraints", "reason"),
        [
            ({"exp": 10}, {"secret": "s"}, "the clock is part of the input"),
            ({"exp": "x"}, {"secret": "s", "time": 1}, "exp value must be a number"),
            ({}, {}, "no key constraint"),
            ({}, {"secret": "s", "cert": "x"}, "duplicate key constraints"),
            ({}, {"secret": "s", "x": 1}, "unknown token validation constraint: x"),
            ({}, {"secret": 1}, "secret constraint: must be a string"),
        ],
    )
    def test_constraints_that_cannot_be_used(self, payload: object, constraints: object, reason: str) -> None:
        with pytest.raises(ValueError, match=reason):
            call("io.jwt.decode_verify", token(payload), constraints)

    def test_a_critical_header_nobody_knows(self) -> None:
        assert call("io.jwt.decode_verify", token({}, crit=["x"], x=1), {"secret": "s"})[0] is False

    def test_a_public_key_is_no_secret(self) -> None:
        key = json.dumps({"kty": "RSA", "n": encoded(b"\xff" * 128), "e": "AQAB"})
        assert call("io.jwt.decode_verify", token({}, key), {"cert": key})[0] is False
        assert call("io.jwt.verify_rs256", token({}), key) is False

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("{}", "failed to parse a JWK key"),
            ("x", "failed to parse a JWK key"),
            ("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", "failed to parse a PEM certificate"),
            (
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\nx",
                "extra data after a PEM certificate block",
            ),
            ("-----BEGIN X-----\nAAAA\n-----END X-----", "failed to extract a Key"),
        ],
    )
    def test_keys_that_cannot_be_read(self, text: str, reason: str) -> None:
        with pytest.raises(ValueError, match=reason):
            read_keys(text)


class TestSignatures:
    def test_ed25519(self) -> None:
        """RFC 8032, section 7.1, test 2."""
        key = EdKey(bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"))
        signature = bytes.fromhex(
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        )
        assert verify("EdDSA", key, b"\x72", signature)
        assert not verify("EdDSA", key, b"\x73", signature)
        assert not verify("EdDSA", key, b"\x72", signature[:-1])
        assert not verify("EdDSA", EdKey(b"\xff" * 32), b"\x72", signature)

    def test_p256(self) -> None:
        """RFC 6979, appendix A.2.5, SHA-256, message "sample"."""
        key = EcKey(
            CURVES["P-256"],
            0x60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6,
            0x7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299,
        )
        signature = bytes.fromhex(
            "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
            "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8"
        )
        assert verify("ES256", key, b"sample", signature)
        assert not verify("ES256", key, b"simple", signature)
        assert not verify("ES384", key, b"sample", signature)
        assert not verify("ES256", key._replace(x=1), b"sample", signature)
        assert not verify("ES256", key, b"sample", bytes(64))

    def test_the_curves_hold_their_base_points(self) -> None:
        for curve in CURVES.values():
            assert (curve.y**2 - curve.x**3 + 3 * curve.x - curve.b) % curve.prime == 0

    def test_a_key_of_another_kind_fits_nothing(self) -> None:
        assert not verify("RS256", EdKey(bytes(32)), b"", b"")
        assert not verify("EdDSA", RsaKey(3233, 17), b"", b"")

    def test_rsa(self) -> None:
        """A key of the text book kind: p and q are the Mersenne primes 2^521-1 and 2^607-1."""
        p, q, exponent = 2**521 - 1, 2**607 - 1, 65537
        key = RsaKey(p * q, exponent)
        size = (key.modulus.bit_length() + 7) // 8
        digest = bytes.fromhex("3031300d060960864801650304020105000420") + hashlib.sha256(b"m").digest()
        block = b"\x00\x01".ljust(size - len(digest) - 1, b"\xff") + b"\x00" + digest
        private = pow(exponent, -1, (p - 1) * (q - 1))
        signature = pow(int.from_bytes(block, "big"), private, key.modulus).to_bytes(size, "big")
        assert verify("RS256", key, b"m", signature)
        assert not verify("RS256", key, b"n", signature)
        assert not verify("RS512", key, b"m", signature)
        assert not verify("PS256", key, b"m", signature)
        assert not verify("RS256", key, b"m", b"\x00" + signature)
        assert not verify("RS256", key, b"m", b"\xff" * size)


class TestAddresses:
    @pytest.mark.parametrize(
        ("text", "wanted"),
        [
            (
                "HTTPS://ann:pw@Host.example:8443/a%20b/c?x=1#t%20p",
                {"scheme": "https", "hostname": "Host.example", "port": "8443", "path": "/a b/c", "raw_path": "/a b/c",
                 "raw_query": "x=1", "fragment": "t p"},
            ),
            ("mailto:a@b", {"scheme": "mailto"}),
            ("//h/p", {"hostname": "h", "path": "/p", "raw_path": "/p"}),
            ("http://[::1]:80/", {"scheme": "http", "hostname": "::1", "port": "80", "path": "/", "raw_path": "/"}),
            ("http://h/a%2Fb", {"scheme": "http", "hostname": "h", "path": "/a/b", "raw_path": "/a%2Fb"}),
        ],
    )  # fmt: skip
    def test_parse(self, text: str, wanted: dict[str, str]) -> None:
        assert call("uri.parse", text) == wanted
