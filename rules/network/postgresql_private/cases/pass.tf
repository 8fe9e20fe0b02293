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

resource "azurerm_postgresql_flexible_server" "inside" {
  name                          = "psql-inside"
  resource_group_name           = "rg-erp"
  location                      = "westeurope"
  version                       = "16"
  sku_name                      = "GP_Standard_D4ds_v5"
  public_network_access_enabled = false
  delegated_subnet_id           = azurerm_subnet.endpoints.id
}

resource "azurerm_postgresql_flexible_server" "linked" {
  name                          = "psql-linked"
  resource_group_name           = "rg-erp"
  location                      = "westeurope"
  version                       = "16"
  sku_name                      = "GP_Standard_D4ds_v5"
  public_network_access_enabled = false
}

resource "azurerm_private_endpoint" "linked" {
  name                = "pe-linked"
  resource_group_name = "rg-erp"
  location            = "westeurope"
  subnet_id           = azurerm_subnet.endpoints.id

  private_service_connection {
    name                           = "linked"
    private_connection_resource_id = azurerm_postgresql_flexible_server.linked.id
    subresource_names              = ["postgresqlServer"]
    is_manual_connection           = false
  }
}
