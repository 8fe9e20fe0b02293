"""The table was produced by sigs.k8s.io/yaml v1.6.0, which reads YAML with go.yaml.in/yaml/v2 v2.4.2."""

import math

import pytest

from scanner.documents import read_yaml
from scanner.documents.scalars import PREFIX, key_text, resolve_plain, resolve_tagged
from scanner.model.unknown import Unknown

# (plain scalar, value, text as a key)
TABLE = [
    ("on", True, "true"),
    ("yes", True, "true"),
    ("y", True, "true"),
    ("TRUE", True, "true"),
    ("ON", True, "true"),
    ("No", False, "false"),
    ("n", False, "false"),
    ("Off", False, "false"),
    ("tRue", "tRue", "tRue"),
    ("0777", 511, "511"),
    ("0o777", 511, "511"),
    ("0O17", 15, "15"),
    ("0b11", 3, "3"),
    ("-0b11", -3, "-3"),
    ("0b-1", -1, "-1"),
    ("-0x1F", -31, "-31"),
    ("0x_1", 1, "1"),
    ("1_000", 1000, "1000"),
    ("1_", 1, "1"),
    ("_1", "_1", "_1"),
    ("+1", 1, "1"),
    ("0x", "0x", "0x"),
    ("0b2", "0b2", "0b2"),
    ("0x1p3", "0x1p3", "0x1p3"),
    ("1.2.3", "1.2.3", "1.2.3"),
    ("1Gi", "1Gi", "1Gi"),
    ("12:30:45", "12:30:45", "12:30:45"),
    ("2001-12-14", "2001-12-14", "2001-12-14"),
    ("2001-12-14T21:59:43Z", "2001-12-14T21:59:43Z", "2001-12-14T21:59:43Z"),
    ("1e3", 1000.0, "1000"),
    ("1.5e-3", 0.0015, "0.0015"),
    ("089", 89.0, "89"),
    ("1.", 1.0, "1"),
    (".5", 0.5, "0.5"),
    ("+.5", 0.5, "0.5"),
    (".5_0", 0.5, "0.5"),
    ("._5", "._5", "._5"),
    ("1e", "1e", "1e"),
    ("1e400", "1e400", "1e400"),
    ("1_0.5e1_0", 105000000000.0, "1.05e+11"),
    ("1234567.0", 1234567.0, "1.234567e+06"),
    ("16777217.0", 16777217.0, "1.6777216e+07"),
    ("0.00001", 1e-05, "1e-05"),
    ("9223372036854775807", 2**63 - 1, "9223372036854775807"),
    ("-9223372036854775808", -(2**63), "-9223372036854775808"),
    ("-9223372036854775809", -9.223372036854776e18, "-9.223372e+18"),
    ("18446744073709551616", 1.8446744073709552e19, "1.8446744e+19"),
    ("0x1FFFFFFFFFFFFFFFFF", "0x1FFFFFFFFFFFFFFFFF", "0x1FFFFFFFFFFFFFFFFF"),
    ("=", "=", "="),
    ("１", "１", "１"),
]
REFUSED_AS_KEY = [
    ("18446744073709551615", 2**64 - 1, "18446744073709551615"),
    ("~", None, "null"),
    ("Null", None, "null"),
]

TAGS = [
    ("!!str 5", "5"),
    ("!!str yes", "yes"),
    ("!!str", ""),
    ("!!int '5'", 5),
    ("!!int 0x10", 16),
    ("!!int 18446744073709551615", 2**64 - 1),
    ("!!float 5", 5.0),
    ("!!float 0x10", 16.0),
    ("!!bool 'y'", True),
    ("!!null ''", None),
    ("!!binary aGVsbG8=", "hello"),
    ("!!binary /w==", "\ufffd"),
    ("!!timestamp 2001-01-01", "2001-01-01"),
    ("! 5", "5"),
    ("!!map {b: 1}", {"b": 1}),
    ("!!set {b}", {"b": None}),
    ("!!omap [b: 1]", [{"b": 1}]),
]
UNRESOLVED = [
    ("!vault text", "tag !vault is not resolved"),
    ("!reference [a, b]", "tag !reference is not resolved"),
    ("!Sub {a: b}", "tag !Sub is not resolved"),
    ("!!python/name:os.system x", "tag !!python/name:os.system is not resolved"),
    ("!!int foo", "tag !!int does not fit its value"),
    ("!!int 5.5", "tag !!int does not fit its value"),
    ("!!float 18446744073709551615", "tag !!float does not fit its value"),
    ("!!null foo", "tag !!null does not fit its value"),
    ("!!binary '!!'", "tag !!binary does not fit its value"),
    (".inf", "infinity and not-a-number have no form in JSON, so Kubernetes refuses them"),
    ("-.INF", "infinity and not-a-number have no form in JSON, so Kubernetes refuses them"),
    (".NaN", "infinity and not-a-number have no form in JSON, so Kubernetes refuses them"),
]


def only(text: str) -> object:
    stream = read_yaml(text)
    assert stream.problems == ()
    (document,) = stream.documents
    return document.value


def same(found: object, wanted: object) -> bool:
    return type(found) is type(wanted) and found == wanted


@pytest.mark.parametrize(("text", "value", "key"), [*TABLE, *REFUSED_AS_KEY])
def test_a_plain_scalar_means_what_go_yaml_takes_it_for(text: str, value: object, key: str) -> None:
    assert same(only(f"a: {text}\n")["a"], value)  # type: ignore[index]
    assert same(only(f"- {text}\n")[0], value)  # type: ignore[index]
    assert same(only(f"a: [{text}]\n")["a"][0], value)  # type: ignore[index]
    assert same(only(f"a: {{b: {text}, c: d}}\n")["a"]["b"], value)  # type: ignore[index]
    assert list(only(f"{text}: v\n")) == [key]  # type: ignore[call-overload]
    assert list(only(f"{{{text}: v}}\n")) == [key]  # type: ignore[call-overload]


@pytest.mark.parametrize(("text", "value", "key"), [*TABLE, *REFUSED_AS_KEY])
def test_a_quoted_or_str_tagged_scalar_is_its_text(text: str, value: object, key: str) -> None:
    for written in (f'"{text}"', f"'{text}'", f"!!str {text}"):
        assert only(f"a: {written}\n") == {"a": text}
        assert only(f"[{written}]") == [text]
        assert only(f"{written}: v\n") == {text: "v"}


@pytest.mark.parametrize("text", ["", "null", "~"])
def test_nothing_is_null(text: str) -> None:
    assert only(f"a: {text}\n") == {"a": None}


@pytest.mark.parametrize(("text", "value"), TAGS)
def test_explicit_tags_are_honoured(text: str, value: object) -> None:
    assert same(only(f"a: {text}\n")["a"], value)  # type: ignore[index]


@pytest.mark.parametrize(("text", "reason"), UNRESOLVED)
def test_what_cannot_be_resolved_is_unknown_with_the_reason(text: str, reason: str) -> None:
    stream = read_yaml(f"a: {text}\nb: 1\n")
    assert stream.documents[0].value == {"a": Unknown(reason), "b": 1}
    assert stream.documents[0].has_unknowns


@pytest.mark.parametrize(("key", "text"), [(".inf", ".inf"), ("+.INF", ".inf"), ("-.Inf", "-.inf"), (".NaN", ".nan")])
def test_infinite_keys_are_written_as_go_writes_them(key: str, text: str) -> None:
    assert only(f"{key}: 1\n") == {text: 1}


def test_keys_with_explicit_tags() -> None:
    assert only("!!int '5': a\n!!str yes: b\n!!binary aGk=: c\n!x d: e\n") == {
        "5": "a",
        "yes": "b",
        "hi": "c",
        "d": "e",
    }


def test_a_float_too_large_for_four_bytes_is_an_infinite_key() -> None:
    assert key_text(1e39) == ".inf"
    assert key_text(-math.ldexp(1, 200)) == "-.inf"


def test_absurdly_long_numbers_and_tags_are_bounded() -> None:
    assert resolve_plain("9" * 5000) == "9" * 5000
    assert resolve_plain("0x" + "f" * 5000) == "0x" + "f" * 5000
    assert len(resolve_tagged("!" + "x" * 5000, "").reason) < 120
    assert resolve_tagged(PREFIX + "int", "0" * 5000) == 0
