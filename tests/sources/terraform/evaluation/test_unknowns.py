"""What stays known beside an Unknown, and what does not."""

from typing import Any

import pytest

from scanner.model.unknown import Unknown
from scanner.sources.terraform.evaluation import AFTER_APPLY, Blocks, ResourceObject
from scanner.sources.terraform.values import Sensitive
from tests.sources.terraform.evaluation.expressions import value_of

LOST = Unknown("var.u has no value", "var.u")
RESOURCE = ResourceObject(
    {"name": "web", "empty": None, "block": Blocks([{"a": 1}]), "tags": {"x": "y"}}, "azurerm_subnet.web"
)
GIVEN = {
    "u": LOST,
    "mixed": {"known": 1, "lost": LOST},
    "r": RESOURCE,
    "rs": {"k": RESOURCE},
    "secret": Sensitive("hunter2"),
    "symbolic": Unknown("x", "azurerm_subnet.web[*]"),
}
NO_VALUE = Unknown("var.u has no value")


def value(text: str) -> Any:
    return value_of(text, GIVEN)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("false && u", False),
        ("u && false", False),
        ("true || u", True),
        ("u || true", True),
        ("mixed.known", 1),
        ("[for k, v in mixed : k]", ("known", "lost")),
        ("length(mixed)", 2),
        ('{ a = 1, b = u }["a"]', 1),
        ("[1, u][0]", 1),
        ("[u, 2][*]", (LOST, 2)),
        ("u ? 5 : 5", 5),
        ('u ? "a" : "a"', "a"),
        ("true ? 1 : u", 1),
        ("try(mixed, 3)", {"known": 1, "lost": LOST}),
        ("try(mixed.known, 3)", 1),
        ("try(mixed.absent, 3)", 3),
        ("can(mixed.absent)", False),
        ("can(mixed)", True),
        ("r == null", False),
        ("null != r", True),
        ("r.id == null", False),
        ("r.name", "web"),
        ("r.tags.x", "y"),
        ("r.block[0].a", 1),
        ("[for one in rs : one.name]", ("web",)),
        ("r[*].name", ("web",)),
        ('r["name"]', "web"),
        ("try(r.name, 1)", "web"),
        ("try(r.tags.nope, 1)", 1),
    ],
)
def test_what_is_known_beside_an_unknown_stays_known(text: str, expected: Any) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("u", LOST),
        ("u.a[0].b", Unknown("var.u.a[0].b has no value", "var.u.a[0].b")),
        ('u["k"]', Unknown('var.u["k"] has no value', 'var.u["k"]')),
        ("u + 1", NO_VALUE),
        ("u == u", NO_VALUE),
        ("!u", NO_VALUE),
        ("u && true", NO_VALUE),
        ('"x-${u}"', NO_VALUE),
        ('"${u}"', LOST),
        ('"%{ if u }a%{ endif }"', NO_VALUE),
        ('"%{ for x in u }a%{ endfor }"', NO_VALUE),
        ("u ? 1 : 2", NO_VALUE),
        ("u ? [1][5] : 2", NO_VALUE),
        ("[for x in u : 1]", NO_VALUE),
        ("[for x in [1] : x if u]", NO_VALUE),
        ("{for x in [1] : u => x}", NO_VALUE),
        ("{ (u) = 1 }", NO_VALUE),
        ("[1, 2][u]", NO_VALUE),
        ("u[*].a", NO_VALUE),
        ("upper(u)", NO_VALUE),
        ("max(u...)", NO_VALUE),
        ("try(u, 1)", LOST),
        ("try(u + 1, 1)", NO_VALUE),
        ("try([u, 1], 1)", NO_VALUE),
        ("can(u)", NO_VALUE),
        ("can([u])", NO_VALUE),
        ("timestamp()", Unknown("timestamp() gives another value on every run")),
        ("provider::x::y(1)", Unknown("provider::x::y() is a function of a provider")),
        ("r.id", Unknown(AFTER_APPLY, "azurerm_subnet.web.id")),
        ("r.empty", Unknown(AFTER_APPLY, "azurerm_subnet.web.empty")),
        ("r.block[0].b", Unknown(AFTER_APPLY, "azurerm_subnet.web.block[0].b")),
        ("r.other[0].b", Unknown(AFTER_APPLY, "azurerm_subnet.web.other[0].b")),
        ("jsonencode(r)", Unknown("azurerm_subnet.web is known after apply")),
        ("[for k, v in r : k]", Unknown("azurerm_subnet.web is known after apply")),
        ("symbolic[3].id", Unknown("x", "azurerm_subnet.web[*].id")),
        ('symbolic["a"].id', Unknown("x", "azurerm_subnet.web[*].id")),
    ],
)
def test_what_depends_on_an_unknown_is_unknown_and_says_why(text: str, expected: Unknown) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ('"${secret}!"', "hunter2!"),
        ("upper(secret)", "HUNTER2"),
        ('secret == "x"', False),
        ('secret == "hunter2" ? 1 : 2', 1),
        ('[for c in split("t", secret) : c]', ("hun", "er2")),
        ("{ (secret) = 1 }", {"hunter2": 1}),
        ("{ hunter2 = 5 }[secret]", 5),
        ('[for x in [1] : x if secret != ""]', (1,)),
        ("max(length(secret), 1)", 7),
        ("max([length(secret), 9]...)", 9),
        ('"%{ if secret != "" }yes%{ endif }"', "yes"),
        ('"%{ for c in split("t", secret) }<${c}>%{ endfor }"', "<hun><er2>"),
        ("secret[*]", ("hunter2",)),
    ],
)
def test_what_comes_of_a_hidden_value_is_hidden_with_it(text: str, hidden: Any) -> None:
    found = value(text)
    assert isinstance(found, Sensitive)
    assert found.value == hidden
    assert "hunter2" not in repr(found)


def test_a_hidden_value_counts_as_known_to_try_and_can() -> None:
    assert isinstance(value("try(secret, 1)"), Sensitive)
    assert value("can(secret)") is True
    assert value("nonsensitive(secret)") == "hunter2"
