provider "azurerm" {
  features {}
  subscription_id = "00000000-0000-0000-0000-000000000109"
}

resource "azurerm_storage_account" "documents" {
  name                     = "stdocuments"
  resource_group_name      = "rg-erp"
  location                 = "westeurope"
  account_tier             = "Standard"
  account_replication_type = "GZRS"
  # unknown 00e3eaad29c7: where it may be is not known: subscription '00000000-0000-0000-0000-000000000109' is not in the estate
  tags                     = { tenant = "t23", environment = "development" }
}

# unknown 63fb65440eb0: nothing says which environment it is for: tags, resource group and subscription name none
resource "azurerm_storage_account" "untagged" {
  name                     = "stuntagged"
  resource_group_name      = "rg-erp"
  location                 = "westeurope"
  account_tier             = "Standard"
  account_replication_type = "GZRS"
}
