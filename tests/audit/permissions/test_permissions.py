"""What an audit must be allowed to read follows from the Rules, and from nothing else."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from scanner.audit.permissions import Needed, needed
from scanner.audit.permissions.render import as_text
from scanner.cli import cli
from scanner.errors import UsageError
from scanner.model.rule import Rule
from scanner.packs.loader import builtin_packs
from tests.engine.rules import make_rule


def audited(id_: str = "TST-001", **more: Any) -> Rule:
    return make_rule(id_, **{"points": ("audit",), **more})


def permissions(*arguments: str) -> str:
    result = CliRunner().invoke(cli, ["permissions", *arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.output


def test_what_a_rule_is_about_and_what_it_looks_up_must_be_listed() -> None:
    found = needed([audited(applies_to=["core/Service"], looks_up={"apps/Deployment": ["spec"]}, needs=["inventory"])])
    assert [(one.group, one.resource, one.verbs) for one in found.cluster] == [
        ("", "namespaces", ("list",)),
        ("", "services", ("list",)),
        ("apps", "deployments", ("list",)),
    ]
    assert found.azure == ()


def test_nothing_is_asked_for_what_no_rule_reads() -> None:
    assert needed([]) == Needed((), ())
    assert needed([audited(applies_to=["Microsoft.Cache/redis"], needs=["inventory"])]).cluster == ()
    assert needed([audited(applies_to=["core/Service"], points=("gate",))]) == Needed((), ())


def test_actions_name_types_and_what_every_audit_needs() -> None:
    found = {one.action: one.rules for one in needed([audited(applies_to=["Microsoft.Storage/storageAccounts"])]).azure}
    assert found["Microsoft.Storage/storageAccounts/read"] == ("TST-001",)
    assert found["Microsoft.ResourceGraph/resources/read"] == ()
    assert all(action.endswith("/read") for action in found)


def test_a_rule_about_every_type_needs_to_read_everything() -> None:
    found = needed(
        [audited("TST-001", applies_to=["Microsoft.*"]), audited("TST-002", applies_to=["Microsoft.Cache/redis"])]
    )
    assert found.actions == ("*/read",)
    assert "note: */read covers all others; without TST-001 the others are enough" in as_text(found)
    assert "*/read" not in needed([audited(applies_to=["Microsoft.Cache/redis"])]).actions


def test_secrets_carry_a_warning() -> None:
    found = needed([audited(applies_to=["core/Secret"])])
    assert "also lets its holder read values" in as_text(found)


def test_no_permission_of_the_built_in_rules_writes() -> None:
    rules = [rule for pack in builtin_packs() for rule in pack.rules]
    found = needed(rules)
    assert {verb for one in found.cluster for verb in one.verbs} == {"list"}
    assert all(one.action.endswith("/read") for one in found.azure)
    named = {one.type for one in found.cluster}
    for rule in rules:
        for type_ in (*rule.applies_to, *rule.looks_up):
            if "audit" in rule.points and not type_.startswith(("Microsoft.", "terraform/", "bulkhead/")):
                assert type_ in named


def test_the_cluster_role_is_one_that_can_be_applied() -> None:
    role = yaml.safe_load(permissions("--rule", "ISO-029", "--format", "cluster-role", "--name", "reader"))
    assert role["kind"] == "ClusterRole"
    assert role["metadata"] == {"name": "reader"}
    assert role["rules"][0] == {
        "apiGroups": [""],
        "resources": ["namespaces", "pods", "podtemplates", "replicationcontrollers"],
        "verbs": ["list"],
    }


def test_the_azure_role_is_in_the_shape_of_the_command_line_tool() -> None:
    role = json.loads(permissions("--rule", "ENC-*", "--format", "azure-role", "--scope", "/subscriptions/1"))
    assert role["IsCustom"] is True
    assert role["AssignableScopes"] == ["/subscriptions/1"]
    assert role["DataActions"] == role["NotActions"] == []
    assert "Microsoft.KeyVault/vaults/read" in role["Actions"]
    with pytest.raises(UsageError, match="without a place for it"):
        permissions("--format", "azure-role")


def test_json_and_text_say_which_rules_ask(tmp_path: Path) -> None:
    data = json.loads(permissions("--rule", "ISO-033", "--format", "json"))
    rules = {one["resource"]: one["rules"] for one in data["cluster"]}
    assert (rules["namespaces"], rules["persistentvolumes"]) == ([], ["ISO-033"])
    text = permissions("--rule", "ISO-033")
    assert "  list  persistentvolumes" in text
    assert "every audit" in text
    assert "Azure: nothing is read" in text


def test_a_rule_that_is_not_there_is_said_so() -> None:
    with pytest.raises(UsageError, match="cannot select rule 'ISO-999'"):
        permissions("--rule", "ISO-999")


def test_a_comparison_needs_the_kinds_that_are_declared_and_to_see_what_stands_beside_them(tmp_path: Path) -> None:
    (tmp_path / "shop.yaml").write_text(
        "apiVersion: example.net/v1\nkind: Widget\nmetadata: {name: a}\n---\n"
        "apiVersion: v1\nkind: LimitRange\nmetadata: {name: b}\n"
    )
    alone = json.loads(permissions("--rule", "ISO-010", "--format", "json"))
    compared = json.loads(
        permissions("--rule", "ISO-010", "--format", "json", "--declared", str(tmp_path / "shop.yaml"))
    )
    added = [one for one in compared["cluster"] if one not in alone["cluster"]]
    assert {(one["group"], one["resource"]) for one in added} >= {("example.net", "widgets"), ("", "limitranges")}
    assert all(one["verbs"] == ["list"] and "DRIFT-001" in one["rules"] for one in added)
    assert compared["azure"] == alone["azure"]
    (tmp_path / "main.json").write_text(
        json.dumps(
            {
                "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
                "contentVersion": "1.0.0.0",
                "resources": [{"type": "Microsoft.Cache/redis", "apiVersion": "2023-08-01", "name": "a"}],
            }
        )
    )
    with_azure = json.loads(permissions("--format", "json", "--declared", str(tmp_path / "main.json")))
    assert any(one["action"] == "*/read" and "DRIFT-001" in one["rules"] for one in with_azure["azure"])
