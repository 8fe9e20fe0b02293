variable "replication" {
  type = string
}

resource "azurerm_storage_account" "standard" {
  name                     = "stdocuments"
  resource_group_name      = "rg-erp"
  location                 = "westeurope"
  account_tier             = "Standard"
  # unknown 7f1357cc9cc6: sku.name is not known: var.replication has no value
  account_replication_type = var.replication

  tags = {
    tenant      = "t01"
    environment = "production"
  }
}

# unknown 0f87e4684bdd: the tier is not known: no tenant: tag tenant names none, tag tenant of the resource group names none, the subscription's owner names none
resource "azurerm_storage_account" "nobody" {
  name                     = "stdocuments"
  resource_group_name      = "rg-erp"
  location                 = "westeurope"
  account_tier             = "Standard"
  account_replication_type = "GZRS"
}
