# fail e9b745db3ee4: backupRetentionDays is 7; tier standard requires 14
resource "azurerm_postgresql_flexible_server" "default" {
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

resource "azurerm_postgresql_flexible_server" "shared" {
  name                  = "psql-mt-prd"
  resource_group_name   = "rg-erp"
  location              = "westeurope"
  version               = "16"
  sku_name              = "GP_Standard_D4s_v3"
  # fail 7b2ef5f3bb60: backupRetentionDays is 14; tier business requires 30
  backup_retention_days = 14

  tags = {
    tenant       = "shared"
    environment  = "production"
    service-tier = "business"
  }
}
