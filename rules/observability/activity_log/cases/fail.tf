data "azurerm_subscription" "current" {}

resource "azurerm_monitor_diagnostic_setting" "activity" {
  name                       = "activity"
  target_resource_id         = data.azurerm_subscription.current.id
  # fail 415465459a17: the activity log is exported to law-elsewhere; a workspace of the estate is expected (law-npd-weu-01, law-prd-weu-01)
  log_analytics_workspace_id = "/subscriptions/00000000-0000-0000-0000-000000000102/resourceGroups/rg-hub-prd-weu/providers/Microsoft.OperationalInsights/workspaces/law-elsewhere"

  # fail b8729100a785: the activity log is exported without Policy, Alert
  enabled_log {
    category = "Administrative"
  }

  enabled_log {
    category = "Security"
  }
}

resource "azurerm_monitor_activity_log_alert" "roles" {
  name                = "roles"
  resource_group_name = "rg-hub"
  location            = "global"
  scopes              = [data.azurerm_subscription.current.id]
  # fail e5f7e99f5487: the alert on Microsoft.Authorization/roleAssignments/write is disabled; it must be enabled
  enabled             = false

  criteria {
    category       = "Administrative"
    operation_name = "Microsoft.Authorization/roleAssignments/write"
  }

  action {
    action_group_id = "/subscriptions/s/resourceGroups/rg-hub/providers/Microsoft.Insights/actionGroups/soc"
  }
}

# fail 27ef01b60963: the alert on Microsoft.Authorization/locks/delete has no action group; nobody is told
resource "azurerm_monitor_activity_log_alert" "locks" {
  name                = "locks"
  resource_group_name = "rg-hub"
  location            = "global"
  scopes              = [data.azurerm_subscription.current.id]
  enabled             = true

  criteria {
    category       = "Administrative"
    operation_name = "Microsoft.Authorization/locks/delete"
  }
}
