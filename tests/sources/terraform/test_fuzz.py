"""Mutated configurations, read as a page down to the places of their Resources: nothing raises, nothing hangs."""

import random
from pathlib import Path

import pytest

from tests.sources.terraform.tree import MODULE, account, read, source

TEXTS = (
    MODULE,
    account("a", "  network_rules {", '    default_action = "Deny"', "  }", "  tags = { a = 1 }"),
    'variable "x" {\n  type = map(object({ tls = optional(string, "TLS1_0") }))\n  default = {}\n}\n'
    + account("a", "  for_each = var.x", tls="each.value.tls"),
    'resource "azurerm_network_security_group" "n" {\n  name = "n"\n  dynamic "security_rule" {\n'
    '    for_each = [22, 443]\n    content {\n      name = "r${security_rule.value}"\n'
    "      destination_port_range = security_rule.value\n    }\n  }\n}\n",
    'resource "azurerm_key_vault" "v" {\n  name = lower("V")\n  purge_protection_enabled = true\n'
    '  network_acls {\n    bypass = "None"\n    default_action = local.action\n  }\n}\n'
    'locals { action = try(var.action, "Deny") }\n',
    'module "m" {\n  source = "./m"\n  count = 2\n  name = count.index\n  tls = module.m[0].x\n}\n',
)
PIECES = (
    *(
        "{",
        "}",
        "[",
        "]",
        '"',
        "${",
        "%{",
        "null",
        "[]",
        "{}",
        "true",
        "1",
        "-1",
        "1e400",
        "0/0",
        "*",
        "...",
        "?",
        ":",
        "=",
        "\n",
    ),
    *("each.value", "var.x", "count.index", "local.a.b[0]", "for", "<<E\n", "azurerm_storage_account.a.id", "length("),
    *("for_each = toset([1])\n", "count = 2\n", "# bulkhead:exempt A-1 reason=x\n", '["x"]', "{ a = 1 }"),
)


def mutated(chance: random.Random) -> str:
    """Return one of the texts with a few pieces put in, taken out or doubled."""
    text = chance.choice(TEXTS)
    for _ in range(chance.randrange(1, 6)):
        start = chance.randrange(len(text) + 1)
        end = min(len(text), start + chance.randrange(30))
        how = chance.random()
        if how < 0.5:
            text = text[:start] + chance.choice(PIECES) + text[start:]
        elif how < 0.75:
            text = text[:start] + text[end:]
        else:
            text = text[:end] + text[start:]
    return text


@pytest.mark.parametrize("seed", range(3))
def test_nothing_raises(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(100):
        files = {"main.tf": mutated(chance), "m/main.tf": mutated(chance)}
        for content, locator in read(source(tmp_path, files)).values():
            assert content.entries
            for resource in content.resources:
                for path in ((), ("properties", "minimumTlsVersion"), ("tags", "a")):
                    locator(resource.origin, path)
