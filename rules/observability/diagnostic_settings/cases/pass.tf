resource "azurerm_key_vault" "keys" {
  name                = "kv-keys"
  resource_group_name = "rg-erp"
  location            = "westeurope"
  tenant_id           = "00000000-0000-0000-0000-000000000001"
  sku_name            = "premium"
}

resource "azurerm_storage_account" "files" {
  name                     = "stfiles"
  resource_group_name      = "rg-erp"
  location                 = "westeurope"
  account_tier             = "Standard"
  account_replication_type = "GZRS"

  tags = {
    tenant = "t01"
    environment = "production"
  }
}

data "azurerm_log_analytics_workspace" "erp" {
  name                = "law-prd-weu-01"
  resource_group_name = "rg-hub-prd-weu"
}

resource "azurerm_monitor_diagnostic_setting" "access" {
  name                       = "access"
  target_resource_id         = "${azurerm_storage_account.files.id}/blobServices/default"
  log_analytics_workspace_id = data.azurerm_log_analytics_workspace.erp.id

  enabled_log {
    category = "StorageRead"
  }

  enabled_log {
    category = "StorageWrite"
  }

  enabled_log {
    category = "StorageDelete"
  }
}

resource "azurerm_monitor_diagnostic_setting" "audit" {
  name                       = "audit"
  target_resource_id         = azurerm_key_vault.keys.id
  log_analytics_workspace_id = data.azurerm_log_analytics_workspace.erp.id

  enabled_log {
    category = "AuditEvent"
  }
}
