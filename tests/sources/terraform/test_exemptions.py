"""Exemptions in comments: what each covers."""

from pathlib import Path

import pytest

from scanner.model.path import format_path
from tests.sources.terraform.tree import MODULE, account, only, source

EXEMPT = 'bulkhead:exempt ACME-001 owner=x reason="because"'
KEY = ":azurerm_storage_account.a"


def covered(tmp_path: Path, files: dict[str, str]) -> dict[str, list[str]]:
    """Return key → covered paths of storage accounts themselves."""
    content, _ = only(source(tmp_path, files))
    assert [note.reason for note in content.notes] == []
    found: dict[str, list[str]] = {}
    for exemption in content.exemptions:
        assert (exemption.rules, exemption.owner, exemption.reason) == (("ACME-001",), "x", "because")
        if "/" not in exemption.resource:
            found.setdefault(exemption.resource, []).append(format_path(exemption.path))
    return found


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        (f"# {EXEMPT}\n" + account("a"), [""]),
        (f"// {EXEMPT}\n\n# a word in between\n" + account("a"), [""]),
        (account("a").replace("{", f"{{ # {EXEMPT}", 1), [""]),
        (account("a", f"  # {EXEMPT}"), ["properties.minimumTlsVersion"]),
        (account("a", tls=f'"TLS1_0" # {EXEMPT}'), ["properties.minimumTlsVersion"]),
        (
            account("a", f"  # {EXEMPT}", "  network_rules {", '    default_action = "Deny"', "  }"),
            ["properties.networkAcls"],
        ),
        (
            account(
                "a",
                "  network_rules {",
                f"    # {EXEMPT}",
                '    default_action = "Allow"',
                '    ip_rules = ["1.2.3.4"]',
                "  }",
            ),
            ["properties.networkAcls.defaultAction"],
        ),
        (account("a", "  tags = {", f'    owner = "x" # {EXEMPT}', '    env = "y"', "  }"), ["tags.owner"]),
    ],
)
def test_what_a_comment_covers(tmp_path: Path, text: str, paths: list[str]) -> None:
    assert covered(tmp_path, {"main.tf": text}) == {KEY: paths}


def test_a_comment_in_a_module_holds_for_every_instance(tmp_path: Path) -> None:
    call = 'module "m" {\n  source = "./m"\n  for_each = toset(["a", "b"])\n  name = each.key\n  tls = "x"\n}'
    module = MODULE.replace("min_tls_version          = var.tls", f"min_tls_version = var.tls # {EXEMPT}")
    assert covered(tmp_path, {"main.tf": call, "m/main.tf": module}) == {
        f':module.m["{key}"].azurerm_storage_account.this': ["properties.minimumTlsVersion"] for key in "ab"
    }


def test_a_comment_above_a_module_call_covers_what_it_brings(tmp_path: Path) -> None:
    call = 'module "{0}" {{\n  source = "./m"\n  name = "n"\n  tls = "x"\n}}\n'
    text = f"# {EXEMPT}\n" + call.format("m") + call.format("more")
    assert covered(tmp_path, {"main.tf": text, "m/main.tf": MODULE}) == {":module.m.azurerm_storage_account.this": [""]}


def test_a_comment_above_a_call_inside_a_module(tmp_path: Path) -> None:
    inner = f'module "inner" {{ # {EXEMPT}\n  source = "../m"\n  name = "n"\n  tls = "x"\n}}\n' + account("own")
    outer = 'module "outer" {\n  source = "./outer"\n  count = 2\n}'
    found = covered(tmp_path, {"main.tf": outer, "outer/main.tf": inner, "m/main.tf": MODULE})
    assert found == {f":module.outer[{n}].module.inner.azurerm_storage_account.this": [""] for n in (0, 1)}


def test_what_is_joined_from_another_block_is_covered_there(tmp_path: Path) -> None:
    rules = (
        f'# {EXEMPT}\nresource "azurerm_storage_account_network_rules" "r" {{\n'
        '  storage_account_id = azurerm_storage_account.a.id\n  default_action = "Allow"\n}\n'
    )
    found = covered(tmp_path, {"main.tf": account("a") + rules})
    assert found == {KEY: ["properties.networkAcls"]}


@pytest.mark.parametrize(
    ("text", "reason", "line", "column"),
    [
        (
            account("a") + f"# {EXEMPT}\n",
            "an inline exemption covers nothing: no resource starts there, or none came out of it",
            9,
            18,
        ),
        (f'# {EXEMPT}\nvariable "x" {{}}\n', "an inline exemption covers nothing: no resource starts there", 1, 18),
        ("# bulkhead:exempt\n" + account("a"), "cannot read inline exemption: it names no rule", 1, 18),
        (account("a", "  # bulkhead:exempt ACME-001 until=soon"), "cannot read inline exemption: ", 7, 30),
    ],
)
def test_what_cannot_hold_is_a_note(tmp_path: Path, text: str, reason: str, line: int, column: int) -> None:
    content, _ = only(source(tmp_path, {"main.tf": text}))
    assert content.exemptions == ()
    (note,) = content.notes
    assert (note.input, note.line, note.column) == ("main.tf", line, column)
    assert note.reason.startswith(reason)


def test_they_may_be_forbidden(tmp_path: Path) -> None:
    files = {"main.tf": f"# {EXEMPT}\n" + account("a")}
    content, _ = only(source(tmp_path, files, inline_exemptions=False))
    assert content.exemptions == ()


def test_there_is_a_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scanner.sources.terraform.exemptions._MOST_EXEMPTIONS", 3)
    text = "".join(f"# {EXEMPT}\n" + account(name) for name in "ab")
    content, _ = only(source(tmp_path, {"main.tf": text}))
    assert {exemption.resource.partition("/")[0] for exemption in content.exemptions} == {KEY}
    (note,) = content.notes
    assert note.reason == "there are too many inline exemptions; those from here on do not hold"
    assert note.line == 10


def test_instances_that_set_different_things_are_told_apart(tmp_path: Path) -> None:
    block = account("a", "  for_each = { x = null, y = [1] }", f"  # {EXEMPT}", "  network_rules {", "  }")
    dynamic = block.replace("  network_rules {\n  }", DYNAMIC)
    found = covered(tmp_path, {"main.tf": dynamic})
    assert found == {':azurerm_storage_account.a["y"]': ["properties.networkAcls"]}


DYNAMIC = """\
  dynamic "network_rules" {
    for_each = each.value == null ? [] : each.value
    content {
      default_action = "Allow"
    }
  }"""
