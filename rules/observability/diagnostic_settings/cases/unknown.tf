variable "workspace" {
  type = string
}

variable "vault" {
  type = string
}

resource "azurerm_key_vault" "keys" {
  # unknown a2af88e182a3: the workspace of a diagnostic setting is not known
  name                = "kv-keys"
  resource_group_name = "rg-erp"
  location            = "westeurope"
  tenant_id           = "00000000-0000-0000-0000-000000000001"
  sku_name            = "premium"
}

resource "azurerm_key_vault" "others" {
  # unknown 533104e1eaf3: what every diagnostic setting is for is not known
  name                = "kv-others"
  resource_group_name = "rg-erp"
  location            = "westeurope"
  tenant_id           = "00000000-0000-0000-0000-000000000001"
  sku_name            = "premium"
}

resource "azurerm_monitor_diagnostic_setting" "audit" {
  name                       = "audit"
  target_resource_id         = azurerm_key_vault.keys.id
  log_analytics_workspace_id = var.workspace

  enabled_log {
    category = "AuditEvent"
  }
}

resource "azurerm_monitor_diagnostic_setting" "given" {
  name                       = "given"
  target_resource_id         = var.vault
  log_analytics_workspace_id = "/subscriptions/00000000-0000-0000-0000-000000000102/resourceGroups/rg-hub-prd-weu/providers/Microsoft.OperationalInsights/workspaces/law-prd-weu-01"

  enabled_log {
    category = "AuditEvent"
  }
}
