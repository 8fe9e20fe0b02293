provider "azurerm" {
  subscription_id = "00000000-0000-0000-0000-000000000102"
  features {}
}

resource "azurerm_resource_group" "shared" {
  name     = "rg-erp-shared-prd"
  location = "westeurope"

  tags = {
    tenant      = "shared"
    environment = "production"
  }
}

resource "azurerm_storage_account" "westmoor" {
  name                     = "stwestmoor"
  resource_group_name      = azurerm_resource_group.shared.name
  location                 = "westeurope"
  account_tier             = "Standard"
  account_replication_type = "GZRS"

  tags = {
    tenant = "t23"
    environment = "production"
    service-tier = "premium"
  }
}

resource "azurerm_storage_account" "own" {
  name                     = "stown"
  resource_group_name      = azurerm_resource_group.shared.name
  location                 = "westeurope"
  account_tier             = "Standard"
  account_replication_type = "GZRS"

  tags = {
    tenant = "shared"
    environment = "production"
    service-tier = "platform"
  }
}
