variable "https_only" {
  type = bool
}

resource "azurerm_storage_account" "documents" {
  name                       = "stdocuments"
  resource_group_name        = "rg-erp"
  location                   = "westeurope"
  account_tier               = "Standard"
  account_replication_type   = "GZRS"
  # unknown ade1c21dfe4d: properties.supportsHttpsTrafficOnly is not known: var.https_only has no value
  https_traffic_only_enabled = var.https_only
}
