variable "server" {
  type = string
}

variable "subnet" {
  type = string
}

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

# unknown 834d0a4d849e: where every private endpoint leads is not known
resource "azurerm_postgresql_flexible_server" "linked" {
  name                          = "psql-linked"
  resource_group_name           = "rg-erp"
  location                      = "westeurope"
  version                       = "16"
  sku_name                      = "GP_Standard_D4ds_v5"
  public_network_access_enabled = false
}

resource "azurerm_postgresql_flexible_server" "somewhere" {
  name                          = "psql-somewhere"
  resource_group_name           = "rg-erp"
  location                      = "westeurope"
  version                       = "16"
  sku_name                      = "GP_Standard_D4ds_v5"
  public_network_access_enabled = false
  # unknown 8d32829bac9a: properties.network.delegatedSubnetResourceId is not known: var.subnet has no value
  delegated_subnet_id           = var.subnet
}

resource "azurerm_private_endpoint" "some" {
  name                = "pe-some"
  resource_group_name = "rg-erp"
  location            = "westeurope"
  subnet_id           = azurerm_subnet.endpoints.id

  private_service_connection {
    name                           = "some"
    private_connection_resource_id = var.server
    subresource_names              = ["postgresqlServer"]
    is_manual_connection           = false
  }
}
