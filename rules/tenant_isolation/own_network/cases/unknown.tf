variable "network" {
  type = string
}

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

resource "azurerm_virtual_network_peering" "some" {
  name                      = "some"
  resource_group_name       = "rg-erp"
  virtual_network_name      = azurerm_virtual_network.own.name
  # unknown 8ca98abf2d1e: properties.virtualNetworkPeerings[*].properties.remoteVirtualNetwork.id is not known: var.network has no value
  remote_virtual_network_id = var.network
}
