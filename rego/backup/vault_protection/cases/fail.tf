resource "azurerm_recovery_services_vault" "standard" {
  name                = "rsv-erp"
  resource_group_name = "rg-erp"
  location            = "westeurope"
  sku                 = "Standard"
  # fail 62c20d8ce68d: immutability is Disabled; tier standard requires locked or unlocked
  immutability        = "Disabled"

  tags = {
    tenant      = "t01"
    environment = "production"
  }
}

resource "azurerm_data_protection_backup_vault" "premium" {
  name                = "bv-erp"
  resource_group_name = "rg-erp"
  location            = "westeurope"
  datastore_type      = "VaultStore"
  redundancy          = "GeoRedundant"
  # fail 235b4358382e: immutability is Unlocked; tier premium requires locked
  immutability        = "Unlocked"
  # fail 8c049c7679d4: soft delete is Off; it must be on
  soft_delete         = "Off"

  tags = {
    tenant      = "t23"
    environment = "production"
  }
}
