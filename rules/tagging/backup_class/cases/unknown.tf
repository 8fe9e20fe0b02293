variable "class" {
  type = string
}

resource "azurerm_storage_account" "open" {
  name                     = "stopen"
  resource_group_name      = "rg-erp"
  location                 = "westeurope"
  account_tier             = "Standard"
  account_replication_type = "GZRS"
  tags = {
    tenant       = "t01"
    environment  = "production"
    # unknown 740ef7250e06: tags.backup-class is not known: var.class has no value
    backup-class = var.class
  }
}

resource "azurerm_storage_account" "ownerless" {
  name                     = "stownerless"
  resource_group_name      = "rg-erp"
  location                 = "westeurope"
  account_tier             = "Standard"
  account_replication_type = "GZRS"
  # unknown 7dd5ff46111a: its tier is not known: no tenant: tag tenant names none, tag tenant of the resource group names none, the subscription's owner names none
  tags = {
    environment = "production"
    backup-class = "silver"
  }
}
