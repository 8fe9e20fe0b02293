resource "azurerm_storage_account" "backups" {
  name                     = "stbackupprd01"
  resource_group_name      = "rg-erp"
  location                 = "westeurope"
  account_tier             = "Standard"
  account_replication_type = "GZRS"

  # fail a29683769791: blobs of a backup account have no versions; isVersioningEnabled must be true
  blob_properties {
    delete_retention_policy {
      days = 14
    }
    
    container_delete_retention_policy {
      days = 14
    }
  }
}
