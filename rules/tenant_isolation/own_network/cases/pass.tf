resource "azurerm_virtual_network" "own" {
  name                = "vnet-westmoor-prd"
  resource_group_name = "rg-erp"
  location            = "westeurope"
  address_space       = ["10.0.0.0/16"]

  tags = {
    tenant = "t23"
    environment = "production"
  }
}

resource "azurerm_virtual_network" "second" {
  name                = "vnet-westmoor-dr"
  resource_group_name = "rg-erp"
  location            = "westeurope"
  address_space       = ["10.0.0.0/16"]

  tags = {
    tenant = "t23"
    environment = "production"
  }
}

resource "azurerm_virtual_network_peering" "second" {
  name                      = "second"
  resource_group_name       = "rg-erp"
  virtual_network_name      = azurerm_virtual_network.own.name
  remote_virtual_network_id = azurerm_virtual_network.second.id
}

resource "azurerm_virtual_network_peering" "hub" {
  name                      = "hub"
  resource_group_name       = "rg-erp"
  virtual_network_name      = azurerm_virtual_network.own.name
  remote_virtual_network_id = "/subscriptions/00000000-0000-0000-0000-000000000102/resourceGroups/rg-hub-prd-weu/providers/Microsoft.Network/virtualNetworks/vnet-hub-prd-weu"
}
