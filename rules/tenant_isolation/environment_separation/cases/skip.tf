provider "azurerm" {
  features {}
}

resource "azurerm_storage_account" "documents" {
  name                     = "stdocuments"
  resource_group_name      = "rg-erp"
  location                 = "westeurope"
  account_tier             = "Standard"
  account_replication_type = "GZRS"
  tags                     = { tenant = "t23", environment = "development" }
}
