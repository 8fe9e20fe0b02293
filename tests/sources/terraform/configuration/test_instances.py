"""What Instances hold: blocks, dynamic blocks, symbolic instances, settings, providers, Terraform's own arguments."""

from pathlib import Path

from scanner.model.unknown import Unknown, find_unknowns
from tests.sources.terraform.configuration.written import attributes, by_address, evaluate, messages


def test_nested_blocks_are_lists_of_objects_and_dynamic_ones_are_expanded(tmp_path: Path) -> None:
    found = evaluate(
        tmp_path,
        """
        locals { ports = { web = 80, tls = 443 } }
        resource "azurerm_network_security_group" "g" {
          name = "g"
          security_rule { name = "first" }
          dynamic "security_rule" {
            for_each = local.ports
            iterator = rule
            content {
              name = rule.key
              port = rule.value
              dynamic "tag" {
                for_each = ["a", rule.key]
                content { text = "${tag.key}:${tag.value}:${rule.value}" }
              }
            }
          }
          dynamic "none" {
            for_each = []
            content {}
          }
        }
        """,
    )
    assert found.faults == ()
    assert attributes(found)["azurerm_network_security_group.g"] == {
        "name": "g",
        "security_rule": [
            {"name": "first"},
            {"name": "tls", "port": 443, "tag": [{"text": "0:a:443"}, {"text": "1:tls:443"}]},
            {"name": "web", "port": 80, "tag": [{"text": "0:a:80"}, {"text": "1:web:80"}]},
        ],
    }


def test_a_dynamic_block_over_something_unknown_is_unknown_and_leaves_the_written_ones(tmp_path: Path) -> None:
    found = evaluate(
        tmp_path,
        """
        variable "rules" {}
        resource "azurerm_network_security_group" "g" {
          security_rule { name = "first" }
          dynamic "security_rule" {
            for_each = var.rules
            content { name = security_rule.value }
          }
          dynamic "tags" {
            for_each = var.rules
            content {}
          }
        }
        """,
    )
    given = attributes(found)["azurerm_network_security_group.g"]
    assert given["security_rule"] == [{"name": "first"}, Unknown("var.rules has no value")]
    assert given["tags"] == Unknown("var.rules has no value")
    assert found.faults == ()


def test_unknown_keys_give_one_symbolic_instance_whose_literals_are_judged(tmp_path: Path) -> None:
    found = evaluate(
        tmp_path,
        """
        variable "names" { type = set(string) }
        variable "size" { type = number }
        resource "azurerm_storage_account" "s" {
          for_each        = var.names
          name            = each.key
          min_tls_version = "TLS1_0"
        }
        resource "azurerm_subnet" "n" {
          count = var.size
          name  = "n${count.index}"
          tier  = "x"
        }
        output "known" { value = azurerm_storage_account.s["a"].id }
        """,
    )
    assert attributes(found) == {
        "azurerm_storage_account.s[*]": {"name": Unknown("var.names has no value"), "min_tls_version": "TLS1_0"},
        "azurerm_subnet.n[*]": {"name": Unknown("var.size has no value"), "tier": "x"},
    }
    assert found.outputs["known"] == Unknown("var.names has no value", "azurerm_storage_account.s[*].id")
    assert found.faults == ()


def test_references_to_what_was_not_written_carry_the_full_address(tmp_path: Path) -> None:
    found = evaluate(
        tmp_path,
        {
            "main.tf": """
            module "m" {
              source   = "./m"
              for_each = toset(["x"])
            }
            resource "azurerm_role_assignment" "r" {
              principal_id = module.m["x"].principal
              scope        = module.m["x"].account.id
              name         = module.m["x"].account.name
              tenant       = data.azurerm_client_config.c.tenant_id
              text         = "id ${module.m["x"].account.id}"
              list         = [for a in values(module.m)[*].account : a.id]
            }
            data "azurerm_client_config" "c" {}
            """,
            "m/main.tf": """
            resource "azurerm_storage_account" "s" {
              count = 2
              name  = "acct"
              identity { type = "SystemAssigned" }
            }
            output "principal" { value = azurerm_storage_account.s[1].identity[0].principal_id }
            output "account" { value = azurerm_storage_account.s[0] }
            """,
        },
    )
    account = 'module.m["x"].azurerm_storage_account.s'
    given = attributes(found)["azurerm_role_assignment.r"]
    assert given == {
        "principal_id": Unknown("known after apply", f"{account}[1].identity[0].principal_id"),
        "scope": Unknown("known after apply", f"{account}[0].id"),
        "name": "acct",
        "tenant": Unknown(
            "read from the provider, not from the configuration", "data.azurerm_client_config.c.tenant_id"
        ),
        "text": Unknown(f"{account}[0].id is known after apply"),
        "list": [Unknown("known after apply", f"{account}[0].id")],
    }
    assert by_address(found)["data.azurerm_client_config.c"].mode == "data"
    assert found.faults == ()


def test_a_value_that_is_not_known_is_one_object_wherever_it_goes(tmp_path: Path) -> None:
    found = evaluate(
        tmp_path,
        """
        variable "name" {}
        resource "a_b" "x" {
          name  = var.name
          other = var.name
          list  = [var.name]
        }
        """,
    )
    given = attributes(found)["a_b.x"]
    assert given["name"] is given["other"] is given["list"][0]


def test_an_unknown_in_an_instance_holds_nothing_else(tmp_path: Path) -> None:
    found = evaluate(
        tmp_path,
        'variable "s" {\n  default = "x"\n  sensitive = true\n}\nresource "a_b" "x" { name = "x" }\n'
        'resource "a_b" "y" {\n  one = a_b.x\n  all = [a_b.x, var.s, { k = a_b.x }]\n}\n',
    )
    given = attributes(found)["a_b.y"]
    unknowns = [given["one"], *given["all"][:2], given["all"][2]["k"]]
    assert [type(item) for item in unknowns] == [Unknown] * 4
    assert given["one"] == Unknown("known after apply", "a_b.x")


def test_hidden_values_never_appear(tmp_path: Path) -> None:
    found = evaluate(
        tmp_path,
        """
        variable "password" {
          sensitive = true
          default   = "hunter2"
        }
        locals { config = { user = "u", url = "x:${var.password}" } }
        resource "azurerm_key_vault_secret" "s" {
          value  = var.password
          config = local.config
          parts  = [for c in split("", var.password) : c]
          block { inner = upper(var.password) }
        }
        output "o" {
          sensitive = true
          value     = "plain"
        }
        """,
    )
    assert "hunter2" not in repr(found).lower()
    given = attributes(found)["azurerm_key_vault_secret.s"]
    assert sorted(find_unknowns(dict(given))) == [("block", 0, "inner"), ("config", "url"), ("parts",), ("value",)]
    assert given["value"] == Unknown("marked sensitive")
    assert found.outputs["o"] == Unknown("marked sensitive")


def test_what_a_module_marks_as_sensitive_is_hidden_from_its_callers(tmp_path: Path) -> None:
    """Terraform 1.11 itself shows such a value where a resource uses it; whoever marked it did not mean that."""
    found = evaluate(
        tmp_path,
        {
            "main.tf": 'module "m" { source = "./m" }\nresource "a_b" "x" { key = module.m.key }\n',
            "m/main.tf": 'output "key" {\n  sensitive = true\n  value = "s3cret"\n}\n',
        },
    )
    assert attributes(found)["a_b.x"] == {"key": Unknown("marked sensitive")}


def test_settings_hold_backend_and_providers_and_are_there_without_any(tmp_path: Path) -> None:
    found = evaluate(
        tmp_path,
        """
        variable "feature" { default = true }
        terraform {
          required_version = ">= 1.5"
          required_providers {
            azurerm = {
              source                = "hashicorp/azurerm"
              version               = "~> 4.1"
              configuration_aliases = [azurerm.hub]
            }
            random = "~> 3.0"
          }
          backend "azurerm" {
            container_name = "state"
          }
        }
        provider "azurerm" {
          features {}
          subscription_id = var.feature ? "s" : null
        }
        provider "azurerm" {
          alias = "hub"
          features {}
        }
        resource "azurerm_subnet" "a" { provider = azurerm.hub }
        resource "google_x" "b" {}
        """,
    )
    settings = {item.address: item for item in found.instances if item.mode == "settings"}
    assert settings["terraform"].attributes == {
        "required_version": ">= 1.5",
        "backend": [{"type": "azurerm", "container_name": "state"}],
        "required_providers": {
            "azurerm": {"source": "hashicorp/azurerm", "version": "~> 4.1"},
            "random": {"version": "~> 3.0"},
        },
    }
    assert settings["provider.azurerm"].attributes == {"features": [{}], "subscription_id": "s"}
    assert settings["provider.azurerm.hub"].attributes == {"features": [{}], "alias": "hub"}
    instances = by_address(found)
    assert (instances["azurerm_subnet.a"].provider, instances["azurerm_subnet.a"].provider_major) == ("azurerm", 4)
    assert instances["azurerm_subnet.a"].meta == {"provider_alias": "hub"}
    assert (instances["google_x.b"].provider, instances["google_x.b"].provider_major) == ("google", None)
    assert found.faults == ()
    (tmp_path / "bare").mkdir()
    bare = evaluate(tmp_path / "bare", 'resource "a_b" "c" {}')
    assert bare.instances[0].address == "terraform"
    assert bare.instances[0].attributes == {}


def test_own_arguments_are_kept_apart_from_the_attributes(tmp_path: Path) -> None:
    found = evaluate(
        tmp_path,
        """
        resource "a_b" "c" {
          name       = "n"
          depends_on = [a_b.d, module.m]
          lifecycle {
            ignore_changes  = [tags["x"], identity[0].type, name]
            prevent_destroy = true
          }
          provisioner "local-exec" { command = self.nothing }
          connection { host = self.ip }
        }
        resource "a_b" "d" {
          lifecycle { ignore_changes = all }
        }
        """,
    )
    instances = by_address(found)
    assert instances["a_b.c"].attributes == {"name": "n"}
    assert instances["a_b.c"].meta == {
        "depends_on": ("a_b.d", "module.m"),
        "ignore_changes": ('tags["x"]', "identity[0].type", "name"),
        "prevent_destroy": True,
    }
    assert instances["a_b.d"].meta == {"ignore_changes": ("all",)}


def test_a_fault_costs_one_attribute_and_is_told_once(tmp_path: Path) -> None:
    found = evaluate(
        tmp_path,
        {
            "main.tf": 'module "m" {\n  source = "./m"\n  count = 3\n}\n',
            "m/main.tf": 'resource "a_b" "c" {\n  count = 2\n  good = 1\n  bad = 1 + "x"\n  list = [nope(1)]\n}\n',
        },
    )
    assert messages(found) == [
        "m/main.tf:4:9 cannot evaluate a_b.c.bad: unsuitable value for right operand: a number is required",
        'm/main.tf:5:11 cannot evaluate a_b.c.list: nope: there is no function named "nope"',
    ]
    given = attributes(found)
    assert len(given) == 6
    assert given["module.m[2].a_b.c[1]"]["good"] == 1
    assert isinstance(given["module.m[2].a_b.c[1]"]["bad"], Unknown)


def test_attributes_that_do_not_depend_on_the_instance_are_evaluated_once(tmp_path: Path) -> None:
    found = evaluate(
        tmp_path,
        """
        locals { tags = { a = "b" } }
        resource "a_b" "c" {
          count = 2
          tags  = merge(local.tags, { c = "d" })
          block { tags = merge(local.tags, {}) }
          name  = "n${count.index}"
        }
        """,
    )
    one, two = attributes(found).values()
    assert one["tags"] is two["tags"]
    assert one["block"] is two["block"]
    assert (one["name"], two["name"]) == ("n0", "n1")


def test_a_backend_that_may_stand_in_what_could_not_be_read_is_unknown(tmp_path: Path) -> None:
    broken = 'resource "a_b" "c" {\n  x = [1,\n'
    (lost,) = (one for one in evaluate(tmp_path, broken).instances if one.address == "terraform")
    unknown = lost.attributes["backend"]
    assert isinstance(unknown, Unknown)
    assert unknown.reason.endswith("main.tf could not be read in full")
    (tmp_path / "read.tf").write_text('terraform {\n  backend "local" {}\n}\n')
    (read,) = (one for one in evaluate(tmp_path, broken).instances if one.address == "terraform")
    assert read.attributes == {"backend": [{"type": "local"}]}, "it was read elsewhere"
