resource "azurerm_storage_account" "default" {
  name                     = "stdefault"
  resource_group_name      = "rg-erp"
  location                 = "westeurope"
  account_tier             = "Standard"
  account_replication_type = "GZRS"
}

resource "azurerm_storage_account" "stated" {
  name                       = "ststated"
  resource_group_name        = "rg-erp"
  location                   = "westeurope"
  account_tier               = "Standard"
  account_replication_type   = "GZRS"
  https_traffic_only_enabled = true
}
