resource "azurerm_postgresql_flexible_server" "tenant" {
  name                  = "psql-mt-prd"
  resource_group_name   = "rg-erp"
  location              = "westeurope"
  version               = "16"
  sku_name              = "GP_Standard_D4s_v3"
  backup_retention_days = 14

  tags = {
    tenant      = "t01"
    environment = "production"
  }
}

resource "azurerm_postgresql_flexible_server" "shared" {
  name                  = "psql-mt-prd"
  resource_group_name   = "rg-erp"
  location              = "westeurope"
  version               = "16"
  sku_name              = "GP_Standard_D4s_v3"
  backup_retention_days = 35

  tags = {
    tenant       = "shared"
    environment  = "production"
    service-tier = "business"
  }
}
