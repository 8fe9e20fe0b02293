resource "azurerm_postgresql_flexible_server" "shared" {
  name                          = "psql-mt-prd"
  resource_group_name           = "rg-erp"
  location                      = "westeurope"
  version                       = "16"
  sku_name                      = "GP_Standard_D4s_v3"
  public_network_access_enabled = false
}

resource "azurerm_postgresql_flexible_server" "injected" {
  name                = "psql-mt-prd"
  resource_group_name = "rg-erp"
  location            = "westeurope"
  version             = "16"
  sku_name            = "GP_Standard_D4s_v3"
  delegated_subnet_id = "/subscriptions/00000000-0000-0000-0000-000000000102/resourceGroups/rg-net/providers/Microsoft.Network/virtualNetworks/vnet/subnets/psql"
}
