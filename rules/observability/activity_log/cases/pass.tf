data "azurerm_subscription" "current" {}

resource "azurerm_monitor_diagnostic_setting" "activity" {
  name                       = "activity"
  target_resource_id         = data.azurerm_subscription.current.id
  log_analytics_workspace_id = "/subscriptions/00000000-0000-0000-0000-000000000102/resourceGroups/rg-hub-prd-weu/providers/Microsoft.OperationalInsights/workspaces/law-prd-weu-01"

  enabled_log {
    category = "Administrative"
  }

  enabled_log {
    category = "Security"
  }

  enabled_log {
    category = "Policy"
  }

  enabled_log {
    category = "Alert"
  }
}

resource "azurerm_monitor_activity_log_alert" "roles" {
  name                = "roles"
  resource_group_name = "rg-hub"
  location            = "global"
  scopes              = [data.azurerm_subscription.current.id]
  enabled             = true

  criteria {
    category       = "Administrative"
    operation_name = "Microsoft.Authorization/roleAssignments/write"
  }

  action {
    action_group_id = "/subscriptions/s/resourceGroups/rg-hub/providers/Microsoft.Insights/actionGroups/soc"
  }
}

resource "azurerm_key_vault" "keys" {
  name                = "kv-keys"
  resource_group_name = "rg-erp"
  location            = "westeurope"
  tenant_id           = "00000000-0000-0000-0000-000000000001"
  sku_name            = "premium"
}

resource "azurerm_monitor_diagnostic_setting" "audit" {
  name                       = "audit"
  target_resource_id         = azurerm_key_vault.keys.id
  log_analytics_workspace_id = "/subscriptions/00000000-0000-0000-0000-000000000102/resourceGroups/rg-hub-prd-weu/providers/Microsoft.OperationalInsights/workspaces/law-prd-weu-01"

  enabled_log {
    category = "AuditEvent"
  }
}
