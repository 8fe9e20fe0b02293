"""Synthetic Terraform: a landing zone of nested local modules with azurerm resources."""

import sys
from pathlib import Path

RESOURCES = """resource "azurerm_storage_account" "documents_{n}" {{
  name                            = "st${{var.tenant}}{n}"
  resource_group_name             = var.resource_group
  location                        = var.location
  account_tier                    = "Standard"
  account_replication_type        = var.tier == "premium" ? "GZRS" : "ZRS"
  min_tls_version                 = try(var.settings.tls, "TLS1_2")
  allow_nested_items_to_be_public = false
  tags                            = merge(local.tags, {{ purpose = "documents" }})

  network_rules {{
    default_action = "Deny"
    bypass         = ["AzureServices"]
    ip_rules       = [for cidr in var.networks : cidrhost(cidr, 1)]
  }}

  blob_properties {{
    versioning_enabled = true
    delete_retention_policy {{
      days = 14
    }}
    container_delete_retention_policy {{
      days = 14
    }}
  }}
}}

resource "azurerm_key_vault" "secrets_{n}" {{
  name                       = "kv-${{var.tenant}}-{n}"
  resource_group_name        = var.resource_group
  location                   = var.location
  tenant_id                  = "00000000-0000-0000-0000-000000000001"
  sku_name                   = "premium"
  purge_protection_enabled   = {protect}
  rbac_authorization_enabled = true
  tags                       = local.tags

  network_acls {{
    default_action = "Deny"
    bypass         = "AzureServices"
  }}
}}

resource "azurerm_network_security_group" "web_{n}" {{
  name                = "nsg-${{var.tenant}}-{n}"
  resource_group_name = var.resource_group
  location            = var.location
  tags                = local.tags

  dynamic "security_rule" {{
    for_each = {{ https = 443, metrics = 9100 }}
    content {{
      name                       = security_rule.key
      priority                   = 100 + index(["https", "metrics"], security_rule.key)
      direction                  = "Inbound"
      access                     = "Allow"
      protocol                   = "Tcp"
      source_address_prefix      = var.networks[0]
      source_port_range          = "*"
      destination_address_prefix = "*"
      destination_port_range     = tostring(security_rule.value)
    }}
  }}
}}

resource "azurerm_role_assignment" "reader_{n}" {{
  scope                = azurerm_storage_account.documents_{n}.id
  role_definition_name = "Storage Blob Data Reader"
  principal_id         = var.principal
}}

"""
HEAD = """variable "tenant" {{
  type = string
}}

variable "tier" {{
  type    = string
  default = "standard"
}}

variable "resource_group" {{
  type = string
}}

variable "location" {{
  type    = string
  default = "westeurope"
}}

variable "networks" {{
  type    = list(string)
  default = ["10.{net}.0.0/22"]
}}

variable "principal" {{
  type    = string
  default = "00000000-0000-0000-0000-00000000d023"
}}

variable "settings" {{
  type    = object({{ tls = optional(string, "TLS1_2"), days = optional(number, 14) }})
  default = {{}}
}}

locals {{
  tags = {{
    tenant       = var.tenant
    environment  = "production"
    owner        = "grp-erp-${{var.tenant}}"
    cost-center  = "CC-4100"
    service-tier = var.tier
  }}
}}

"""
CALL = """module "tenant" {{
  source         = "../leaf_{number}"
  for_each       = var.tenants
  tenant         = each.key
  tier           = each.value
  resource_group = azurerm_resource_group.zone.name
}}
"""
ZONE = """variable "tenants" {{
  type = map(string)
}}

resource "azurerm_resource_group" "zone" {{
  name     = "rg-zone-{number}"
  location = "westeurope"
  tags     = {{ tenant = "platform", environment = "production" }}
}}

"""


def write(folder: Path, lines: int, modules: int = 30) -> int:
    """Write about ``lines`` lines: ``modules`` zones that call a module for each tenant; returns the lines."""
    per_leaf = max(1, round(lines / modules / RESOURCES.count("\n")))
    total = 0
    root = ['locals {\n  tenants = { t01 = "standard", t02 = "business" }\n}\n']
    for number in range(modules):
        parts = [RESOURCES.format(n=n, protect="false" if n % 20 == 0 else "true") for n in range(per_leaf)]
        total += _put(folder / f"modules/leaf_{number}/main.tf", HEAD.format(net=number % 200) + "".join(parts))
        zone = ZONE.format(number=number) + CALL.format(number=number)
        total += _put(folder / f"modules/zone_{number}/main.tf", zone)
        root.append(
            f'module "zone_{number}" {{\n  source  = "./modules/zone_{number}"\n  tenants = local.tenants\n}}\n'
        )
    return total + _put(folder / "main.tf", "".join(root))


def _put(path: Path, text: str) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return text.count("\n")


if __name__ == "__main__":
    print(f"{write(Path(sys.argv[1]), int(sys.argv[2]))} lines in {sys.argv[1]}")
