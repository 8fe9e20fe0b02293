variable "tags" {
  type = map(string)
}

resource "azurerm_storage_account" "documents" {
  name                     = "stdocuments"
  resource_group_name      = "rg-erp"
  location                 = "westeurope"
  account_tier             = "Standard"
  account_replication_type = "GZRS"

  # unknown a054526b65ec: tags is not known: var.tags has no value
  tags = var.tags
}
