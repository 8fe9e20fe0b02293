variable "workspace" {
  type = string
}

variable "enabled" {
  type = bool
}

variable "subscription" {
  type = string
}

data "azurerm_subscription" "current" {}

resource "azurerm_monitor_diagnostic_setting" "activity" {
  name                       = "activity"
  target_resource_id         = data.azurerm_subscription.current.id
  # unknown c4815a1044b7: the workspace of a diagnostic setting is not known
  log_analytics_workspace_id = var.workspace

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

# unknown 1a60276067de: which subscription it is for is not known
resource "azurerm_monitor_diagnostic_setting" "given" {
  name                       = "given"
  target_resource_id         = var.subscription
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
  # unknown e5f7e99f5487: properties.enabled is not known: var.enabled has no value
  enabled             = var.enabled

  criteria {
    category       = "Administrative"
    operation_name = "Microsoft.Authorization/roleAssignments/write"
  }

  action {
    action_group_id = "/subscriptions/s/resourceGroups/rg-hub/providers/Microsoft.Insights/actionGroups/soc"
  }
}
