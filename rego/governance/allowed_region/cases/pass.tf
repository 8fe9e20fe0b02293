resource "azurerm_storage_account" "shared" {
  name                     = "stdocuments"
  resource_group_name      = "rg-erp"
  location                 = "westeurope"
  account_tier             = "Standard"
  account_replication_type = "GZRS"
}

resource "azurerm_storage_account" "tenant" {
  name                     = "stdocuments"
  resource_group_name      = "rg-erp"
  location                 = "North Europe"
  account_tier             = "Standard"
  account_replication_type = "GZRS"

  tags = {
    tenant      = "t01"
    environment = "production"
  }
}

resource "azurerm_dns_zone" "erp" {
  name                = "erp.example.net"
  resource_group_name = "rg-net"
}
