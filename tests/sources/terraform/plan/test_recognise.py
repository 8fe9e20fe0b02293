"""Content decides, not the name of the file."""

import json

import pytest

from scanner.sources.terraform.plan import is_terraform_json
from tests.sources.terraform.plan.builder import change, kept, plan, state

PLAN = json.dumps(plan(change("azurerm_subnet.a", {})))
STATE = json.dumps(state(kept("azurerm_subnet", "a", {"attributes": {}})))
SHOWN = '{"format_version":"1.0","terraform_version":"1.9.0","values":{"root_module":{}}}'


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (PLAN, "plan"),
        (PLAN[: len(PLAN) // 2], "plan"),
        (json.dumps(json.loads(PLAN), sort_keys=True, indent=4), "plan"),
        (json.dumps(plan(terraform_version=None)), "plan"),
        (json.dumps(plan(change("azurerm_subnet.a", {}), planned_values=None)), "plan"),
        ('{"@level":"info","@message":"Terraform 1.11.4","@module":"terraform.ui","type":"version"}\n{}', "plan"),
        (STATE, "state"),
        (STATE[: len(STATE) // 2], "state"),
        (SHOWN, "state"),
        ('{"format_version": "1.0"}', "state"),
        ('{"serial":1,"lineage":"x","meta":{},"encrypted_data":"AAAA","encryption_version":"v0"}', "state"),
        ('{"apiVersion": "v1", "kind": "ConfigMap", "data": {"plan": "{\\"terraform_version\\": \\"1\\"}"}}', ""),
        ('{"format_version": "1.0", "provider_schemas": {}}', ""),
        ('{"terraform_version": "1.11.4", "platform": "linux_amd64", "provider_selections": {}}', ""),
        ('{"name": "left-pad", "version": "1.0.0"}', ""),
        ("{}", ""),
        ("", ""),
    ],
)
def test_kinds(text: str, kind: str) -> None:
    assert is_terraform_json(text.encode()) == kind


def test_utf16_as_a_windows_shell_writes_it() -> None:
    assert is_terraform_json(PLAN.encode("utf-16")) == "plan"
    assert is_terraform_json(STATE.encode("utf-16")) == "state"


def test_a_binary_plan_is_a_plan_and_other_archives_are_not() -> None:
    entry = b"PK\x03\x04\x14\x00\x08\x00\x08\x00" + b"\x00" * 16 + b"\x06\x00\x09\x00"
    assert is_terraform_json(entry + b"tfplan" + b"\x00" * 100) == "plan"
    assert is_terraform_json(entry + b"pom.xm" + b"\x00" * 500 + b"tfplan") == ""
