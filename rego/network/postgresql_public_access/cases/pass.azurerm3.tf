terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "~> 3.0"
    }
  }
}

resource "azurerm_postgresql_flexible_server" "injected" {
  name                = "psql-mt-prd"
  resource_group_name = "rg-erp"
  location            = "westeurope"
  version             = "16"
  sku_name            = "GP_Standard_D4s_v3"
  delegated_subnet_id = "/subscriptions/00000000-0000-0000-0000-000000000102/resourceGroups/rg-net/providers/Microsoft.Network/virtualNetworks/vnet/subnets/psql"
}

resource "azurerm_postgresql_server" "old" {
  name                          = "psql-old"
  resource_group_name           = "rg-erp"
  location                      = "westeurope"
  version                       = "11"
  sku_name                      = "GP_Gen5_4"
  ssl_enforcement_enabled       = true
  public_network_access_enabled = false
}
