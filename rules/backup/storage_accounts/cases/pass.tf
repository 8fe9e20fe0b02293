resource "azurerm_storage_account" "own" {
  name                     = "stown"
  resource_group_name      = "rg-erp"
  location                 = "westeurope"
  account_tier             = "Standard"
  account_replication_type = "GZRS"

  tags = {
    tenant = "t01"
    environment = "production"
    backup-class = "silver"
  }
}

resource "azurerm_storage_account" "shares" {
  name                     = "stshares"
  resource_group_name      = "rg-erp"
  location                 = "westeurope"
  account_tier             = "Standard"
  account_replication_type = "GZRS"

  tags = {
    tenant = "t01"
    environment = "production"
    backup-class = "silver"
  }
}

resource "azurerm_storage_account" "scratch" {
  name                     = "stscratch"
  resource_group_name      = "rg-erp"
  location                 = "westeurope"
  account_tier             = "Standard"
  account_replication_type = "GZRS"

  tags = {
    tenant = "t01"
    environment = "production"
    backup-class = "none"
  }
}

resource "azurerm_storage_account" "backupprd01" {
  name                     = "stbackupprd01"
  resource_group_name      = "rg-erp"
  location                 = "westeurope"
  account_tier             = "Standard"
  account_replication_type = "GZRS"

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

resource "azurerm_data_protection_backup_instance_blob_storage" "own" {
  name               = "own"
  vault_id           = azurerm_data_protection_backup_vault.erp.id
  location           = "westeurope"
  storage_account_id = azurerm_storage_account.own.id
  backup_policy_id   = "${azurerm_data_protection_backup_vault.erp.id}/backupPolicies/blobs"
}

resource "azurerm_recovery_services_vault" "erp" {
  name                = "rsv-erp"
  resource_group_name = "rg-erp"
  location            = "westeurope"
  sku                 = "Standard"
}

resource "azurerm_backup_protected_file_share" "documents" {
  resource_group_name       = "rg-erp"
  recovery_vault_name       = azurerm_recovery_services_vault.erp.name
  source_storage_account_id = azurerm_storage_account.shares.id
  source_file_share_name    = "documents"
  backup_policy_id          = "${azurerm_recovery_services_vault.erp.id}/backupPolicies/shares"
}
