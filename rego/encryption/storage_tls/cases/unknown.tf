variable "tls" {
  type = string
}

resource "azurerm_storage_account" "documents" {
  name                     = "stdocuments"
  resource_group_name      = "rg-erp"
  location                 = "westeurope"
  account_tier             = "Standard"
  account_replication_type = "GZRS"
  # unknown a91f3a583666: properties.minimumTlsVersion is not known: var.tls has no value
  min_tls_version          = var.tls
}
