variable "days" {
  type = number
}

resource "azurerm_storage_account" "documents" {
  name                     = "stdocuments"
  resource_group_name      = "rg-erp"
  location                 = "westeurope"
  account_tier             = "Standard"
  account_replication_type = "GZRS"

  blob_properties {
    delete_retention_policy {
      # unknown 64e9ea29e4f7: properties.deleteRetentionPolicy.days is not known: var.days has no value
      days = var.days
    }
    
    container_delete_retention_policy {
      days = 14
    }
  }
}
