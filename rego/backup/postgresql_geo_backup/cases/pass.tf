resource "azurerm_postgresql_flexible_server" "business" {
  name                         = "psql-mt-prd"
  resource_group_name          = "rg-erp"
  location                     = "westeurope"
  version                      = "16"
  sku_name                     = "GP_Standard_D4s_v3"
  geo_redundant_backup_enabled = true

  tags = {
    tenant      = "t02"
    environment = "production"
  }
}

resource "azurerm_postgresql_flexible_server" "standard" {
  name                = "psql-mt-prd"
  resource_group_name = "rg-erp"
  location            = "westeurope"
  version             = "16"
  sku_name            = "GP_Standard_D4s_v3"

  tags = {
    tenant      = "t01"
    environment = "production"
  }
}

resource "azurerm_postgresql_flexible_server" "replica" {
  name                = "psql-mt-prd"
  resource_group_name = "rg-erp"
  location            = "westeurope"
  version             = "16"
  sku_name            = "GP_Standard_D4s_v3"
  create_mode         = "Replica"

  tags = {
    tenant      = "t02"
    environment = "production"
  }
}
