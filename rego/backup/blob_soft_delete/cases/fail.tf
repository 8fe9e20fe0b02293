# fail 0edc8a6ddf5e: containers are not kept when they are deleted; containerDeleteRetentionPolicy must be enabled
# fail 195a4cffd603: blobs are not kept when they are deleted; deleteRetentionPolicy must be enabled
resource "azurerm_storage_account" "default" {
  name                     = "stdefault"
  resource_group_name      = "rg-erp"
  location                 = "westeurope"
  account_tier             = "Standard"
  account_replication_type = "GZRS"
}

resource "azurerm_storage_account" "short" {
  name                     = "stdocuments"
  resource_group_name      = "rg-erp"
  location                 = "westeurope"
  account_tier             = "Standard"
  account_replication_type = "GZRS"

  blob_properties {
    delete_retention_policy {
      # fail d7076ed484b7: deleted blobs are kept for 7 days; 14 are expected
      days = 7
    }
    
    container_delete_retention_policy {
      days = 14
    }
  }
}
