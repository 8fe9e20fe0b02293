# fail 42e17ea312b7: geoRedundantBackup is Disabled; tier business requires Enabled
resource "azurerm_postgresql_flexible_server" "default" {
  name                = "psql-mt-prd"
  resource_group_name = "rg-erp"
  location            = "westeurope"
  version             = "16"
  sku_name            = "GP_Standard_D4s_v3"

  tags = {
    tenant      = "t02"
    environment = "production"
  }
}

resource "azurerm_postgresql_flexible_server" "shared" {
  name                         = "psql-mt-prd"
  resource_group_name          = "rg-erp"
  location                     = "westeurope"
  version                      = "16"
  sku_name                     = "GP_Standard_D4s_v3"
  # fail 3c476d6e0348: geoRedundantBackup is Disabled; tier premium requires Enabled
  geo_redundant_backup_enabled = false

  tags = {
    tenant       = "shared"
    environment  = "production"
    service-tier = "premium"
  }
}
