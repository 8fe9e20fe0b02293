resource "azurerm_key_vault" "silent" {
  # fail d6739b1575fe: it has no diagnostic setting; the export of AuditEvent is expected
  name                = "kv-silent"
  resource_group_name = "rg-erp"
  location            = "westeurope"
  tenant_id           = "00000000-0000-0000-0000-000000000001"
  sku_name            = "premium"
}

resource "azurerm_storage_account" "files" {
  # fail 7af7967629c1: its diagnostic settings do not export StorageWrite, StorageDelete
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

resource "azurerm_postgresql_flexible_server" "database" {
  # fail 7d0cac0ea0c8: no diagnostic setting exports logs to a workspace of the estate (law-npd-weu-01, law-prd-weu-01); PostgreSQLLogs is expected there
  name                          = "psql-database"
  resource_group_name           = "rg-erp"
  location                      = "westeurope"
  version                       = "16"
  sku_name                      = "GP_Standard_D4ds_v5"
  public_network_access_enabled = false
  delegated_subnet_id           = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/db"
}

resource "azurerm_monitor_diagnostic_setting" "reads" {
  name                       = "reads"
  target_resource_id         = "${azurerm_storage_account.files.id}/blobServices/default"
  log_analytics_workspace_id = "/subscriptions/00000000-0000-0000-0000-000000000102/resourceGroups/rg-hub-prd-weu/providers/Microsoft.OperationalInsights/workspaces/law-prd-weu-01"

  enabled_log {
    category = "StorageRead"
  }
}

resource "azurerm_monitor_diagnostic_setting" "elsewhere" {
  name                       = "elsewhere"
  target_resource_id         = azurerm_postgresql_flexible_server.database.id
  log_analytics_workspace_id = "/subscriptions/00000000-0000-0000-0000-000000000102/resourceGroups/rg-hub-prd-weu/providers/Microsoft.OperationalInsights/workspaces/law-elsewhere"

  enabled_log {
    category = "PostgreSQLLogs"
  }
}
