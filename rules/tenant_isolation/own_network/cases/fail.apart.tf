data "azurerm_virtual_network" "own" {
  name                = "vnet-westmoor-prd"
  resource_group_name = azurerm_resource_group.westmoor.name
}

resource "azurerm_resource_group" "westmoor" {
  name     = "rg-erp-westmoor-prd"
  location = "westeurope"

  tags = {
    tenant      = "t23"
    environment = "production"
  }
}

resource "azurerm_virtual_network_peering" "strange" {
  name                      = "strange"
  resource_group_name       = azurerm_resource_group.westmoor.name
  virtual_network_name      = "vnet-westmoor-prd"
  # fail 63635cf5630b: peered with 'vnet-strange', which is neither a hub of the estate nor its own
  remote_virtual_network_id = "/subscriptions/00000000-0000-0000-0000-000000000102/resourceGroups/rg-x/providers/Microsoft.Network/virtualNetworks/vnet-strange"
}

resource "azurerm_virtual_network_peering" "hub" {
  name                      = "hub"
  resource_group_name       = azurerm_resource_group.westmoor.name
  virtual_network_name      = "vnet-westmoor-prd"
  remote_virtual_network_id = "/subscriptions/00000000-0000-0000-0000-000000000102/resourceGroups/rg-hub-prd-weu/providers/Microsoft.Network/virtualNetworks/vnet-hub-prd-weu"
  # fail 480d93d57eb9: the peering with hub 'vnet-hub-prd-weu' admits forwarded traffic; it must not, or a firewall must filter it
  allow_forwarded_traffic   = true
}
