resource "azurerm_storage_account" "documents" {
  name                            = "stdocuments"
  resource_group_name             = "rg-erp"
  location                        = "westeurope"
  account_tier                    = "Standard"
  account_replication_type        = "GZRS"
  allow_nested_items_to_be_public = false
}

resource "azurerm_storage_container" "dumps" {
  name                  = "dumps"
  storage_account_id    = azurerm_storage_account.documents.id
  container_access_type = "private"
}
