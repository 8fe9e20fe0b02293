variable "geo" {
  type = bool
}

resource "azurerm_postgresql_flexible_server" "server" {
  name                         = "psql-mt-prd"
  resource_group_name          = "rg-erp"
  location                     = "westeurope"
  version                      = "16"
  sku_name                     = "GP_Standard_D4s_v3"
  # unknown 4d73a96f4bba: properties.backup.geoRedundantBackup is not known: var.geo has no value
  geo_redundant_backup_enabled = var.geo

  tags = {
    tenant      = "t02"
    environment = "production"
  }
}

# unknown 50b3500e722e: the tier is not known: no tenant: tag tenant names none, tag tenant of the resource group names none, the subscription's owner names none
resource "azurerm_postgresql_flexible_server" "nobody" {
  name                = "psql-mt-prd"
  resource_group_name = "rg-erp"
  location            = "westeurope"
  version             = "16"
  sku_name            = "GP_Standard_D4s_v3"
}

resource "azurerm_postgresql_flexible_server" "shared" {
  name                = "psql-mt-prd"
  resource_group_name = "rg-erp"
  location            = "westeurope"
  version             = "16"
  sku_name            = "GP_Standard_D4s_v3"

  # unknown 113c65dc0c79: the tier is not known: tag tenant says 'shared', and tag service-tier names no declared one
  tags = {
    tenant      = "shared"
    environment = "production"
  }
}
