resource "azurerm_storage_account" "business" {
  name                     = "stdocuments"
  resource_group_name      = "rg-erp"
  location                 = "westeurope"
  account_tier             = "Standard"
  account_replication_type = "GZRS"

  tags = {
    tenant      = "t02"
    environment = "production"
  }
}

resource "azurerm_storage_account" "standard" {
  name                     = "stdocuments"
  resource_group_name      = "rg-erp"
  location                 = "westeurope"
  account_tier             = "Standard"
  account_replication_type = "ZRS"

  tags = {
    tenant      = "t01"
    environment = "production"
  }
}

resource "azurerm_storage_account" "staging" {
  name                     = "stdocuments"
  resource_group_name      = "rg-erp"
  location                 = "westeurope"
  account_tier             = "Standard"
  account_replication_type = "LRS"

  tags = {
    tenant      = "t01"
    environment = "staging"
  }
}
