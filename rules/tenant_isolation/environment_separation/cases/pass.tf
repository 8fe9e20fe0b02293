provider "azurerm" {
  features {}
  subscription_id = "00000000-0000-0000-0000-000000000102"
}

resource "azurerm_virtual_network" "production" {
  name                = "vnet-production"
  resource_group_name = "rg-net"
  location            = "westeurope"
  address_space       = ["10.0.0.0/16"]
  tags                = { tenant = "platform", environment = "production" }
}

resource "azurerm_subnet" "production" {
  name                 = "snet-data"
  resource_group_name  = "rg-net"
  virtual_network_name = azurerm_virtual_network.production.name
  address_prefixes     = ["10.0.0.0/24"]
}

resource "azurerm_postgresql_flexible_server" "westmoor" {
  name                = "psql-westmoor-prd"
  resource_group_name = "rg-erp"
  location            = "westeurope"
  version             = "16"
  delegated_subnet_id = azurerm_subnet.production.id
  tags                = { tenant = "t23", environment = "production" }
}

resource "azurerm_postgresql_flexible_server_database" "odoo" {
  name      = "odoo"
  server_id = azurerm_postgresql_flexible_server.westmoor.id
}
