variable "days" {
  type = number
}

resource "azurerm_postgresql_flexible_server" "server" {
  name                  = "psql-mt-prd"
  resource_group_name   = "rg-erp"
  location              = "westeurope"
  version               = "16"
  sku_name              = "GP_Standard_D4s_v3"
  # unknown a865b476dc6e: properties.backup.backupRetentionDays is not known: var.days has no value
  backup_retention_days = var.days

  tags = {
    tenant      = "t01"
    environment = "production"
  }
}

# unknown f194f426a0ed: the tier is not known: no tenant: tag tenant names none, tag tenant of the resource group names none, the subscription's owner names none
resource "azurerm_postgresql_flexible_server" "nobody" {
  name                = "psql-mt-prd"
  resource_group_name = "rg-erp"
  location            = "westeurope"
  version             = "16"
  sku_name            = "GP_Standard_D4s_v3"
}
