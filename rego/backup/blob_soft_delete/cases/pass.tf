resource "azurerm_storage_account" "documents" {
  name                     = "stdocuments"
  resource_group_name      = "rg-erp"
  location                 = "westeurope"
  account_tier             = "Standard"
  account_replication_type = "GZRS"

  blob_properties {
    delete_retention_policy {
      days = 14
    }
    
    container_delete_retention_policy {
      days = 14
    }
  }
}

resource "azurerm_storage_account" "backups" {
  name                     = "stbackupprd01"
  resource_group_name      = "rg-erp"
  location                 = "westeurope"
  account_tier             = "Standard"
  account_replication_type = "GZRS"

  blob_properties {
    versioning_enabled = true
    
    delete_retention_policy {
      days = 14
    }
    
    container_delete_retention_policy {
      days = 14
    }
  }
}
