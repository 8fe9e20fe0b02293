resource "azurerm_storage_account" "documents" {
  name                     = "stdocuments"
  resource_group_name      = "rg-erp"
  location                 = "westeurope"
  account_tier             = "Standard"
  account_replication_type = "GZRS"
  # fail a91f3a583666: minimumTlsVersion is TLS1_1; TLS1_2 or later is expected
  min_tls_version          = "TLS1_1"
}
