resource "azurerm_virtual_network" "erp" {
  name                = "vnet-erp"
  resource_group_name = "rg-erp"
  location            = "westeurope"
  address_space       = ["10.0.0.0/16"]
}

resource "azurerm_subnet" "endpoints" {
  name                 = "endpoints"
  resource_group_name  = "rg-erp"
  virtual_network_name = azurerm_virtual_network.erp.name
  address_prefixes     = ["10.0.0.0/24"]
}

resource "azurerm_storage_account" "alone" {
  # fail 95b550e4b1ef: it has no private endpoint; production is reached privately
  name                     = "stalone"
  resource_group_name      = "rg-erp"
  location                 = "westeurope"
  account_tier             = "Standard"
  account_replication_type = "GZRS"

  tags = {
    tenant = "t01"
    environment = "production"
  }
}

resource "azurerm_storage_account" "unresolved" {
  # fail f110fd723671: its private endpoint 'pe-unresolved' has no private DNS zone group; its name resolves publicly
  name                     = "stunresolved"
  resource_group_name      = "rg-erp"
  location                 = "westeurope"
  account_tier             = "Standard"
  account_replication_type = "GZRS"

  tags = {
    tenant = "t01"
    environment = "production"
  }
}

resource "azurerm_private_endpoint" "unresolved" {
  name                = "pe-unresolved"
  resource_group_name = "rg-erp"
  location            = "westeurope"
  subnet_id           = azurerm_subnet.endpoints.id

  private_service_connection {
    name                           = "unresolved"
    private_connection_resource_id = azurerm_storage_account.unresolved.id
    subresource_names              = ["blob"]
    is_manual_connection           = false
  }
}
