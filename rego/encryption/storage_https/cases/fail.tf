resource "azurerm_storage_account" "documents" {
  name                       = "stdocuments"
  resource_group_name        = "rg-erp"
  location                   = "westeurope"
  account_tier               = "Standard"
  account_replication_type   = "GZRS"
  # fail ade1c21dfe4d: supportsHttpsTrafficOnly is false; secure transfer must be required
  https_traffic_only_enabled = false
}
