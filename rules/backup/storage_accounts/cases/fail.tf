resource "azurerm_storage_account" "tagged" {
  name                     = "sttagged"
  resource_group_name      = "rg-erp"
  location                 = "westeurope"
  account_tier             = "Standard"
  account_replication_type = "GZRS"

  # fail f16c1b311323: nothing backs up its blobs or file shares, but its tag 'backup-class' is 'silver'
  tags = {
    tenant = "t01"
    environment = "production"
    backup-class = "silver"
  }
}

resource "azurerm_storage_account" "contract" {
  name                     = "stcontract"
  resource_group_name      = "rg-erp"
  location                 = "westeurope"
  account_tier             = "Standard"
  account_replication_type = "GZRS"

  # fail 2efaef43697a: nothing backs up its blobs or file shares, but tenant t02 has backup class gold
  tags = {
    tenant = "t02"
    environment = "production"
  }
}

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
