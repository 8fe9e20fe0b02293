terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "~> 3.0"
    }
  }
}

# fail 1100ecacb1d4: publicNetworkAccess is Enabled; it must be Disabled, or the server injected into a subnet
resource "azurerm_postgresql_flexible_server" "shared" {
  name                = "psql-mt-prd"
  resource_group_name = "rg-erp"
  location            = "westeurope"
  version             = "16"
  sku_name            = "GP_Standard_D4s_v3"
}

resource "azurerm_postgresql_server" "old" {
  name                          = "psql-old"
  resource_group_name           = "rg-erp"
  location                      = "westeurope"
  version                       = "11"
  sku_name                      = "GP_Gen5_4"
  ssl_enforcement_enabled       = true
  # fail c86d1cb3b3ad: publicNetworkAccess is Enabled; it must be Disabled
  public_network_access_enabled = true
}
