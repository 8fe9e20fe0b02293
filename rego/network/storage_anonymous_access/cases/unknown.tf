variable "public" {
  type = bool
}

resource "azurerm_storage_account" "documents" {
  name                            = "stdocuments"
  resource_group_name             = "rg-erp"
  location                        = "westeurope"
  account_tier                    = "Standard"
  account_replication_type        = "GZRS"
  # unknown 2eaf35f223d6: properties.allowBlobPublicAccess is not known: var.public has no value
  allow_nested_items_to_be_public = var.public
}
