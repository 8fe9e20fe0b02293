variable "public" {
  type = bool
}

resource "azurerm_postgresql_flexible_server" "shared" {
  name                          = "psql-mt-prd"
  resource_group_name           = "rg-erp"
  location                      = "westeurope"
  version                       = "16"
  sku_name                      = "GP_Standard_D4s_v3"
  # unknown 1100ecacb1d4: properties.network.publicNetworkAccess is not known: var.public has no value
  public_network_access_enabled = var.public
}
