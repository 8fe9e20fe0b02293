resource "azurerm_storage_account" "documents" {
  name                            = "stdocuments"
  resource_group_name             = "rg-erp"
  location                        = "westeurope"
  account_tier                    = "Standard"
  account_replication_type        = "GZRS"
  # fail 2eaf35f223d6: allowBlobPublicAccess is true; it must be false
  allow_nested_items_to_be_public = true
}

resource "azurerm_storage_container" "pictures" {
  name                  = "pictures"
  storage_account_id    = azurerm_storage_account.documents.id
  # fail 7f508402e94a: publicAccess is Blob; it must be None
  container_access_type = "blob"
}
