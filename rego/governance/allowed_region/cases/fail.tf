resource "azurerm_storage_account" "elsewhere" {
  name                     = "stdocuments"
  resource_group_name      = "rg-erp"
  # fail a67ac4e16a64: location is eastus; allowed are germanywestcentral, northeurope, uksouth, ukwest, westeurope
  location                 = "East US"
  account_tier             = "Standard"
  account_replication_type = "GZRS"
}

resource "azurerm_storage_account" "abroad" {
  name                     = "stdocuments"
  resource_group_name      = "rg-erp"
  # fail 7047bab56352: location is uksouth; allowed are germanywestcentral, northeurope, westeurope
  location                 = "uksouth"
  account_tier             = "Standard"
  account_replication_type = "GZRS"

  tags = {
    tenant      = "t01"
    environment = "production"
  }
}
