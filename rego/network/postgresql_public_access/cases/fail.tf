resource "azurerm_postgresql_flexible_server" "shared" {
  name                          = "psql-mt-prd"
  resource_group_name           = "rg-erp"
  location                      = "westeurope"
  version                       = "16"
  sku_name                      = "GP_Standard_D4s_v3"
  # fail 1100ecacb1d4: publicNetworkAccess is Enabled; it must be Disabled, or the server injected into a subnet
  public_network_access_enabled = true
}

# fail c09d3301f548: publicNetworkAccess is Enabled; it must be Disabled, or the server injected into a subnet
resource "azurerm_postgresql_flexible_server" "default" {
  name                = "psql-mt-prd"
  resource_group_name = "rg-erp"
  location            = "westeurope"
  version             = "16"
  sku_name            = "GP_Standard_D4s_v3"
}
