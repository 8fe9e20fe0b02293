resource "azurerm_virtual_network" "other" {
  name                = "vnet-aldersyde"
  resource_group_name = "rg-erp"
  location            = "westeurope"
  address_space       = ["10.0.0.0/16"]

  tags = {
    tenant = "t01"
    environment = "production"
  }
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

resource "azurerm_virtual_network_peering" "other" {
  name                      = "other"
  resource_group_name       = "rg-erp"
  virtual_network_name      = azurerm_virtual_network.own.name
  # fail a1816c00bed6: peered with 'vnet-aldersyde' of tenant t01 (aldersyde); only a hub or its own networks are allowed
  remote_virtual_network_id = azurerm_virtual_network.other.id
}

resource "azurerm_virtual_network_peering" "hub" {
  name                      = "hub"
  resource_group_name       = "rg-erp"
  virtual_network_name      = azurerm_virtual_network.own.name
  remote_virtual_network_id = "/subscriptions/00000000-0000-0000-0000-000000000102/resourceGroups/rg-hub-prd-weu/providers/Microsoft.Network/virtualNetworks/vnet-hub-prd-weu"
  # fail 930a373203e9: the peering with hub 'vnet-hub-prd-weu' admits forwarded traffic; it must not, or a firewall must filter it
  allow_forwarded_traffic   = true
}

resource "azurerm_virtual_network_peering" "strange" {
  name                      = "strange"
  resource_group_name       = "rg-erp"
  virtual_network_name      = azurerm_virtual_network.own.name
  # fail 227e8d626918: peered with 'vnet-strange', which is neither a hub of the estate nor its own
  remote_virtual_network_id = "/subscriptions/00000000-0000-0000-0000-000000000102/resourceGroups/rg-x/providers/Microsoft.Network/virtualNetworks/vnet-strange"
}
