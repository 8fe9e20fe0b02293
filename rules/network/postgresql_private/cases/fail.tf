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

# fail c690d4f05946: it has neither a delegated subnet nor a private endpoint; one of them is expected
resource "azurerm_postgresql_flexible_server" "alone" {
  name                          = "psql-alone"
  resource_group_name           = "rg-erp"
  location                      = "westeurope"
  version                       = "16"
  sku_name                      = "GP_Standard_D4ds_v5"
  public_network_access_enabled = false
}

# fail d05ec991c58e: it has neither a delegated subnet nor a private endpoint; one of them is expected
resource "azurerm_postgresql_flexible_server" "wrong" {
  name                          = "psql-wrong"
  resource_group_name           = "rg-erp"
  location                      = "westeurope"
  version                       = "16"
  sku_name                      = "GP_Standard_D4ds_v5"
  public_network_access_enabled = false
}

resource "azurerm_private_endpoint" "wrong" {
  name                = "pe-wrong"
  resource_group_name = "rg-erp"
  location            = "westeurope"
  subnet_id           = azurerm_subnet.endpoints.id

  private_service_connection {
    name                           = "wrong"
    private_connection_resource_id = azurerm_postgresql_flexible_server.wrong.id
    subresource_names              = ["sqlServer"]
    is_manual_connection           = false
  }
}
