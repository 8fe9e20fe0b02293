variable "account" {
  type = string
}

resource "azurerm_storage_account" "own" {
  name                     = "stown"
  resource_group_name      = "rg-erp"
  location                 = "westeurope"
  account_tier             = "Standard"
  account_replication_type = "GZRS"

  # unknown a94a9c81b9dd: which account is backed up is not known of every backup
  tags = {
    tenant = "t01"
    environment = "production"
    backup-class = "silver"
  }
}

resource "azurerm_data_protection_backup_vault" "erp" {
  name                = "bvault-erp"
  resource_group_name = "rg-erp"
  location            = "westeurope"
  datastore_type      = "VaultStore"
  redundancy          = "GeoRedundant"
}

resource "azurerm_data_protection_backup_instance_blob_storage" "some" {
  name               = "some"
  vault_id           = azurerm_data_protection_backup_vault.erp.id
  location           = "westeurope"
  storage_account_id = var.account
  backup_policy_id   = "${azurerm_data_protection_backup_vault.erp.id}/backupPolicies/blobs"
}
