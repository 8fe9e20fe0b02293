variable "region" {
  type = string
}

resource "azurerm_storage_account" "somewhere" {
  name                     = "stdocuments"
  resource_group_name      = "rg-erp"
  # unknown 59b879e129ae: location is not known: var.region has no value
  location                 = var.region
  account_tier             = "Standard"
  account_replication_type = "GZRS"
}
